import JarshyKit
import Storage

/// A question on its way in, from any door, checked and in one spelling. The writing of it is the same for phones, forms
/// and the public page.
struct NewQuestion: Sendable {
    let id: QuestionID
    let campaign: Campaign
    let unit: UnitNo
    let topic: String?
    let language: Language
    let body: String
    let way: Question.Way
    let reply: Question.ReplyWay
    let contact: AskerContact?
    let number: TrackingNumber?
    let event: ID<EventMark>?
    let prepared: Bool

    struct Taken: Sendable {
        /// The head it was joined to, because it says the same in the same words.
        let joined: Question?
        let expert: PersonID?
    }

    /// Writes the question, its contact and its number, joins it to one of equal words, and sends what staff took with a
    /// topic to the expert who fits. Refuses before it writes.
    ///
    /// - Parameter author: who took it down; nil for the public page, whose questions somebody reads before an expert does.
    func insert(
        author: PersonID?, organization: OrganizationNo, desk: Desk, tree: Tree, at now: Instant, in db: any Writing
    ) throws -> Taken {
        let today = Zone.kazakhstan.day(at: now)
        let hash = try number.map { $0.hash(secret: try QuestionSecret.make(in: db)) }
        if let hash, try db.first(QuestionID.self, "SELECT question FROM question_number WHERE hash = \(hash)") != nil {
            throw Problem.conflict("number-taken", "This tracking number is in use. Make another and send again.")
        }
        let fingerprint = QuestionWords.fingerprint(body, language: language)
        // A prepared question is never counted among those that residents asked.
        let same = prepared ? nil : try equalHead(fingerprint, in: db)
        var expert: PersonID?
        if same == nil, author != nil, topic != nil {
            let experts = try Expert.of(campaign.no, in: db)
            let fitting = Routing.suggestions(topic: topic, unit: unit, language: language, from: experts, in: tree)
            expert = fitting.first { $0.speaks }?.expert.person
        }
        let state: Question.State = expert == nil ? .new : .withExpert
        let due = WorkDays.kazakhstan.day(desk.answerDays, after: today)
        try db.run(
            """
            INSERT INTO question (id, campaign, unit, head, state, topic, language, body, fingerprint, way, reply, author,
                organization, event, prepared, personal, asked, asked_at, changed_at, due_day, expert)
            VALUES (\(id), \(campaign.no), \(unit), \(id), \(state), \(topic), \(language), \(body), \(fingerprint), \(way),
                \(reply), \(author), \(organization), \(event), \(prepared), \(QuestionWords.mayHoldPersonalData(body)),
                \(prepared ? 0 : 1), \(now), \(now), \(due), \(expert))
            """)
        if let contact {
            try db.run(
                """
                INSERT INTO question_contact (question, kind, value, organization, delete_day)
                VALUES (\(id), \(contact.kind), \(contact.value), \(organization), \(desk.deleteDay(takenOn: today)))
                """)
        }
        if let hash { try db.run("INSERT INTO question_number (hash, question) VALUES (\(hash), \(id))") }
        if let same {
            try Joining.join([id], of: id, to: same.id, counting: 1, by: nil, at: now, in: db)
            try Joining.arrived([id], under: same, at: now, in: db)
        } else {
            try QuestionIndex.changed([id], at: now, in: db)
        }
        return Taken(joined: same, expert: expert)
    }

    /// The head of a question with equal words, if there is one. Its row is changed by the joining, which is what keeps
    /// two joinings of one head apart on PostgreSQL. Nothing is joined by itself to what was not published: somebody reads it.
    private func equalHead(_ fingerprint: Blob, in db: any Writing) throws -> Question? {
        while true {
            let head = try db.first(
                QuestionID.self,
                """
                SELECT h.id FROM question q JOIN question h ON h.id = q.head
                WHERE q.fingerprint = \(fingerprint) AND q.campaign = \(campaign.no) AND NOT q.prepared
                    AND h.state <> \(Question.State.notPublished)
                ORDER BY q.asked_at, q.id LIMIT 1
                """)
            guard let head else { return nil }
            let still = try db.first(
                Question.self, where: "FROM question q WHERE q.id = \(head)\(SQL.forUpdate(db.dialect))")
            if let still, still.isHead, still.state != .notPublished { return still }
        }
    }
}

/// Joining questions that ask the same, and taking them apart again.
///
/// `head` is one step deep: a head's head is itself. A joining remembers which questions it moved; undoing it moves back
/// those that still stand where it put them. Nobody's words, contact or number move with it.
enum Joining {
    /// - Parameters:
    ///   - moved: everything that gets another head; `of` is the head they leave, `counting` how many of them residents asked.
    ///   - by: nil when the server joined equal words.
    @discardableResult
    static func join(
        _ moved: [QuestionID], of question: QuestionID, to target: QuestionID, counting asked: Int64, by person: PersonID?,
        at now: Instant, in db: any Writing
    ) throws -> JoiningID {
        let id = JoiningID.make(at: now)
        try db.run(
            """
            INSERT INTO question_join (id, question, target, at, made_by)
            VALUES (\(id), \(question), \(target), \(now), \(person))
            """)
        try db.insert(
            "INSERT INTO question_join_member (joining, question) VALUES", rows: moved.map { [id.bind, $0.bind] })
        try move(moved, from: question, to: target, counting: asked, at: now, in: db)
        return id
    }

    static func move(
        _ moved: [QuestionID], from: QuestionID, to target: QuestionID, counting asked: Int64, at now: Instant,
        in db: any Writing
    ) throws {
        for chunk in Padded.chunks(moved.sorted()) {
            try db.run("UPDATE question SET head = \(target), changed_at = \(now) WHERE id IN \(chunk)")
        }
        try db.run("UPDATE question SET asked = asked - \(asked), changed_at = \(now) WHERE id = \(from)")
        try db.run("UPDATE question SET asked = asked + \(asked), changed_at = \(now) WHERE id = \(target)")
        // How many asked stands on a published answer. A flood of questions nobody answered does not meet in one row.
        if try !AnswerRows.published(for: [from, target], in: db).isEmpty { try PageStamp.touch(.answers, in: db) }
        try QuestionIndex.changed([from, target], at: now, in: db)
    }

    /// Whoever comes to a head that is closed hears at once what the others heard, and the contacts go as theirs do.
    static func arrived(_ moved: [QuestionID], under head: Question, at now: Instant, in db: any Writing) throws {
        guard !head.state.isOpen else { return }
        let desk = try Desk.of(head.campaign, in: db)
        try Contacts.shorten(served: head.id, to: Zone.kazakhstan.day(at: now).advanced(by: desk.contactDays), in: db)
        try AnswerPost.joined(moved, to: head, at: now, in: db)
    }
}
