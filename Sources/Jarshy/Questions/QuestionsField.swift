import JarshyKit
import Storage

/// What a phone pulls: the topics to choose from, and the questions its person took down, with the answers that came.
/// No contact ever goes back to a phone.
enum QuestionsField {
    static let most = 50
    static let days = 60

    static func part(for actor: Actor, on day: Day, in db: any Reading) throws -> [Json.Member] {
        guard let campaign = try Campaigns.current(in: db).current(on: day) else { return [] }
        let desk = try Desk.of(campaign.no, in: db)
        let tree = try Tree.current(in: db)
        let since = Zone.kazakhstan.instant(day.advanced(by: -days))
        let own = try db.all(
            Question.self,
            where: """
                FROM question q WHERE q.author = \(actor.person) AND q.asked_at >= \(since)
                ORDER BY q.asked_at DESC, q.id DESC LIMIT \(most)
                """)
        let heads = try QuestionRows.heads(of: own, in: db)
        let asks = try QuestionRows.lastAskedBack(own.map(\.head), in: db)
        let answers = try AnswerRows.published(for: Set(own.map(\.head)), in: db)
        let texts = try AnswerRows.texts(of: answers.values.map(\.id), in: db)
        let sources = try AnswerRows.sources(of: answers.values.map(\.id), in: db)
        let told = try AnswerRows.told(own.map(\.id), in: db)
        func answer(_ question: Question) -> Json? {
            guard let answer = answers[question.head], let chosen = texts[answer.id]?.chosen(question.language, of: answer)
            else { return nil }
            var members: [Json.Member] = [
                .init("id", .text(answer.id.description)), .init("version", .integer(chosen.text.version)),
                .init("language", .text(chosen.text.language.rawValue)), .init("text", .text(chosen.text.body)),
                .init("sources", .list((sources[answer.id] ?? []).map { source in
                    .object([.init("title", .text(source.title))] + (source.url.isEmpty ? [] : [.init("url", .text(source.url))]))
                })),
            ]
            if chosen.text.version > 1 {
                members.append(.init("corrected", .text(Zone.kazakhstan.day(at: chosen.text.at).description)))
            }
            members.append(.init("told", .bool(told[question.id]?.holds(chosen.text) ?? false)))
            return .object(members)
        }
        return [
            .init("topics", .list(desk.topics.map(topic))),
            .init("own", .list(own.map { question in
                item(question, head: heads[question.head] ?? question, asks: asks, answer: answer(question), tree: tree)
            })),
        ]
    }

    private static func topic(_ topic: Desk.Topic) -> Json {
        .object([
            .init("code", .text(topic.code)),
            .init("names", .object(Language.allCases.map { .init($0.rawValue, .text(topic.names[$0])) })),
        ])
    }

    private static func item(_ question: Question, head: Question, asks: [QuestionID: String], answer: Json?, tree: Tree) -> Json {
        var members: [Json.Member] = [
            .init("id", .text(question.id.description)), .init("text", .text(question.body)),
            .init("language", .text(question.language.rawValue)), .init("unit", .text(tree.code(of: question.unit))),
            .init("asked", .integer(question.askedAt.milliseconds)), .init("state", .text(head.state.rawValue)),
            .init("joined", .bool(!question.isHead)), .init("reply", .text(question.reply.rawValue)),
        ]
        if let due = head.due { members.append(.init("due", .text(due.description))) }
        // Somebody else's question may be the head; what its asker was asked is not for this one.
        if question.isHead, head.state == .clarify, let ask = asks[question.id] { members.append(.init("ask", .text(ask))) }
        if let reason = head.reason { members.append(.init("reason", .text(reason.rawValue))) }
        if let answer { members.append(.init("answer", answer)) }
        return .object(members)
    }
}
