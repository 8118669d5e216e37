import JarshyKit
import Storage

/// Takes down what a resident proposes: at a meeting, at the door, in the front office, by telephone or from paper; the same
/// operation from a phone and from the form.
///
/// There is no key for an address or a name, and an unknown key is refused. Needs `takeQuestions` over the unit, judged for
/// the moment it was written.
struct MakeProposal: LedgerAction {
    static let kind = "proposal.make"

    let campaign: String
    let unit: String
    let way: Question.Way
    let language: Language
    let text: String
    let reply: Question.ReplyWay
    let contact: AskerContact?
    let number: TrackingNumber?
    let event: ID<EventMark>?

    /// What one author may send in 24 hours.
    static let mostInADay = 100

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        campaign = fields.neededText("campaign")
        unit = fields.neededText("unit")
        way = AskQuestion.one(of: Question.Way.taken, "way", &fields) ?? .paper
        language = AskQuestion.one(of: Language.allCases, "language", &fields) ?? .kk
        let typed = fields.neededText("text", longest: 4 * QuestionWords.longestBytes)
        text = QuestionWords.cleaned(typed)
        if operation.body["text"]?.text == typed { fields.add(QuestionWords.faults(text)) }
        let reply = AskQuestion.one(of: Question.ReplyWay.allCases, "reply", &fields)
        self.reply = reply ?? .none
        contact = AskQuestion.contact(&fields, wanted: reply == .contact)
        number = AskQuestion.number(&fields, wanted: reply == .number)
        event = fields.id("event", of: EventMark.self)
        try fields.finish()
    }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        guard let campaign = books.campaigns.find(campaign) else { throw Problem.notFound("campaign") }
        guard let unit = books.tree.find(unit), actor.mayKnow(unit.no, in: books.tree, on: books.today) else {
            throw Problem.notFound("unit")
        }
        let flags = try Authority.judge(.takeQuestions, over: unit.no, organization: nil, operation, actor, books)
        let id = ProposalID(operation.id)
        if try books.db.first(ProposalID.self, "SELECT id FROM proposal WHERE id = \(id)") != nil {
            throw Problem.conflict("id-taken", "Another proposal has this id. Make a new one and send again.")
        }
        try refuseFlood(actor, books)
        let proposal = NewProposal(
            id: id, campaign: campaign, unit: unit.no, language: language, body: text, way: way, reply: reply,
            contact: contact, number: number, event: event)
        let gathered = try proposal.insert(
            author: actor.person, organization: actor.organizations.first ?? .none,
            desk: try Desk.of(campaign.no, in: books.db), at: books.now, in: books.db)
        books.record(
            FeedLine("propose", "proposal", id, unit: unit.no, detail: "way=\(way.rawValue) reply=\(reply.rawValue)"),
            by: actor)
        if let gathered {
            books.record(FeedLine("gather", "proposal", gathered.id, unit: unit.no, detail: "equal words"), by: actor)
        }
        return .accepted(operation, "proposal", id, flags: flags)
    }

    /// Not a refusal for ever: what waits on the phone is taken when the day is over.
    private func refuseFlood(_ actor: Actor, _ books: Books) throws {
        let since = books.now.advanced(seconds: -86_400)
        let sent = try books.db.value(
            "SELECT count(*) FROM proposal WHERE author = \(actor.person) AND made_at > \(since)", as: Int.self)
        guard sent >= Self.mostInADay else { return }
        throw Parked(
            problem: Problem(
                "too-many", status: 429, "\(sent) proposals of one person in 24 hours; send the rest tomorrow.",
                slots: ["seconds": "86400"]))
    }
}
