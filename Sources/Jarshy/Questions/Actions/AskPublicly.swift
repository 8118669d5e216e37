import JarshyKit
import Storage

/// A resident's question from the public page. Only residents ask here: whoever is signed in takes questions down under
/// their own name, where a prepared one is labelled.
struct AskPublicly: Action {
    let id: QuestionID
    let campaign: String
    /// Code of the region asked about; "" for the whole country.
    let unit: String
    let topic: String
    let language: Language
    let text: String
    /// Phone or mail address; "" for none.
    let contact: String
    let isAdult: Bool
    /// The network address, for the stepped limits; kept a day as a keyed hash.
    let address: String

    struct Taken: Sendable {
        /// Shown once.
        let number: TrackingNumber
        /// The term; nil where somebody asked the same before, and it is answered or waits for that asker.
        let due: Day?
        /// The answer that stands already.
        let answer: AnswerID?
    }

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Taken {
        guard actor.kind == .resident else {
            throw Problem("staff-asks", status: 403, "Staff of the organisers do not ask as residents.")
        }
        let tree = try Tree.current(in: db)
        guard let campaign = try Campaigns.current(in: db).find(campaign), let root = tree.root else {
            throw Problem.notFound("campaign")
        }
        let body = QuestionWords.cleaned(text)
        let desk = try Desk.of(campaign.no, in: db)
        var faults = QuestionWords.faults(body)
        let unit = self.unit.isEmpty ? tree[root] : tree.find(self.unit)
        if unit.map({ tree.kinds[$0.kind]?.territory == true || $0.no == root }) != true {
            faults.append(.unknown("unit", self.unit))
        }
        if !topic.isEmpty, desk.topic(topic) == nil { faults.append(.unknown("topic", topic)) }
        let reached = contact.isEmpty ? nil : AskerContact(contact)
        if !contact.isEmpty {
            if reached == nil { faults.append(Problem.Fault("contact", "not-contact", "This is no phone number and no mail address.")) }
            if desk.organization == nil { faults.append(Problem.Fault("contact", "not-wanted", "No contact is kept here.")) }
            if !isAdult { faults.append(Problem.Fault("adult", "under-age", "No contact is kept of anybody under 16.")) }
        }
        let secret = try QuestionSecret.make(in: db)
        let number = TrackingNumber.make(for: id, secret: secret)
        if let before = try db.first(Question.self, where: "FROM question q WHERE q.id = \(id)") {
            // The answer to the first sending was lost: the same again gets the same.
            guard before.way == .page, before.body == body else {
                throw Problem.conflict("question-sent", "This form was sent before with other words.")
            }
            return try told(number, of: try QuestionRows.heads(of: [before], in: db)[before.head] ?? before, in: db)
        }
        guard faults.isEmpty, let unit else { throw Problem.invalid(faults) }
        try AskLimits.count(address, at: now, secret: secret, in: db)
        let question = NewQuestion(
            id: id, campaign: campaign, unit: unit.no, topic: topic.isEmpty ? nil : topic, language: language, body: body,
            way: .page, reply: reached == nil ? .number : .contact, contact: reached, number: number, event: nil,
            prepared: false)
        let taken = try question.insert(
            author: nil, organization: desk.organization ?? .none, desk: desk, tree: tree, at: now, in: db)
        try Feed.record(FeedLine("ask", "question", id, unit: unit.no, detail: "way=page"), by: actor, at: now, in: db)
        if let head = taken.joined { return try told(number, of: head, in: db) }
        let due = WorkDays.kazakhstan.day(desk.answerDays, after: Zone.kazakhstan.day(at: now))
        return Taken(number: number, due: due, answer: nil)
    }

    /// What is true of the question that serves this one.
    private func told(_ number: TrackingNumber, of head: Question, in db: any Reading) throws -> Taken {
        Taken(number: number, due: head.due, answer: try AnswerRows.published(for: [head.id], in: db)[head.id]?.id)
    }
}
