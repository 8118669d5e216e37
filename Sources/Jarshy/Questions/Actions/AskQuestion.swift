import JarshyKit
import Storage

/// Takes down a resident's question: at the door, at an event, in the front office, by telephone or from paper; the same
/// operation from a phone and from the form.
///
/// There is no key for an address or a name, and an unknown key is refused. Needs `takeQuestions` over the unit, judged for
/// the moment it was written.
struct AskQuestion: LedgerAction {
    static let kind = "question.ask"

    let campaign: String
    let unit: String
    let way: Question.Way
    let language: Language
    let text: String
    let topic: String?
    let reply: Question.ReplyWay
    let contact: AskerContact?
    let number: TrackingNumber?
    let event: ID<EventMark>?
    let prepared: Bool

    /// What one author may send in 24 hours: far above a long day at doors, far below a script.
    static let mostInADay = 200

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        campaign = fields.neededText("campaign")
        unit = fields.neededText("unit")
        way = Self.one(of: Question.Way.taken, "way", &fields) ?? .paper
        language = Self.one(of: Language.allCases, "language", &fields) ?? .kk
        let typed = fields.neededText("text", longest: 4 * QuestionWords.longestBytes)
        text = QuestionWords.cleaned(typed)
        if operation.body["text"]?.text == typed { fields.add(QuestionWords.faults(text)) }
        topic = fields.text("topic").flatMap { $0.isEmpty ? nil : $0 }
        let reply = Self.one(of: Question.ReplyWay.allCases, "reply", &fields)
        self.reply = reply ?? .none
        contact = Self.contact(&fields, wanted: reply == .contact)
        number = Self.number(&fields, wanted: reply == .number)
        event = fields.id("event", of: EventMark.self)
        prepared = fields.bool("prepared") ?? false
        try fields.finish()
    }

    static func one<Value: RawRepresentable<String>>(
        of allowed: [Value], _ key: String, _ fields: inout Members
    ) -> Value? {
        let word = fields.neededText(key)
        if word.isEmpty { return nil }
        if let value = allowed.first(where: { $0.rawValue == word }) { return value }
        fields.fault(key, "not-listed", "'\(key)' is one of \(allowed.map(\.rawValue).joined(separator: ", ")).")
        return nil
    }

    static func contact(_ fields: inout Members, wanted: Bool) -> AskerContact? {
        guard let members = fields.object("contact") else {
            if wanted, !fields.has("contact") { fields.fault("contact", "missing", "'contact' is missing.") }
            return nil
        }
        if !wanted { fields.fault("contact", "not-wanted", "A contact is kept only with reply=contact.") }
        var inner = Members(.object(members), at: "contact")
        let kind = one(of: AskerContact.Kind.allCases, "kind", &inner)
        let value = inner.neededText("value")
        let isAdult = inner.bool("adult") ?? false
        if !isAdult { inner.fault("adult", "under-age", "No contact is kept of anybody under 16: 'adult' must be true.") }
        let contact = kind.flatMap { AskerContact(kind: $0, value) }
        if kind != nil, !value.isEmpty, contact == nil {
            inner.fault("value", "not-contact", "This is no phone number and no mail address.")
        }
        try? inner.finish()
        fields.add(inner.faults)
        return contact
    }

    static func number(_ fields: inout Members, wanted: Bool) -> TrackingNumber? {
        guard let typed = fields.text("number") else {
            if wanted { fields.fault("number", "missing", "'number' is missing.") }
            return nil
        }
        if !wanted { fields.fault("number", "not-wanted", "A number goes with reply=number.") }
        let number = TrackingNumber(typed)
        if number == nil { fields.fault("number", "not-number-code", "'number' has 12 letters and digits, without I, L, O, U.") }
        return number
    }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        guard let campaign = books.campaigns.find(campaign) else { throw Problem.notFound("campaign") }
        guard let unit = books.tree.find(unit), try Authority.knows(unit.no, operation, actor, books) else {
            throw Problem.notFound("unit")
        }
        let flags = try Authority.judge(.takeQuestions, over: unit.no, organization: nil, operation, actor, books)
        let desk = try Desk.of(campaign.no, in: books.db)
        try desk.check(topic: topic)
        if let event, try books.db.first(EventID.self, "SELECT id FROM event WHERE id = \(event)") == nil {
            throw Problem.invalid([.unknown("event", event.description)])
        }
        let id = QuestionID(operation.id)
        if try books.db.first(QuestionID.self, "SELECT id FROM question WHERE id = \(id)") != nil {
            throw Problem.conflict("id-taken", "Another question has this id. Make a new one and send again.")
        }
        try refuseFlood(actor, books)
        let question = NewQuestion(
            id: id, campaign: campaign, unit: unit.no, topic: topic, language: language, body: text, way: way, reply: reply,
            contact: contact, number: number, event: event, prepared: prepared)
        let taken = try question.insert(
            author: actor.person, organization: actor.organizations.first ?? .none, desk: desk, tree: books.tree,
            at: books.now, in: books.db)
        books.record(
            FeedLine("ask", "question", id, unit: unit.no, detail: "way=\(way.rawValue) reply=\(reply.rawValue)"), by: actor)
        if let joined = taken.joined {
            books.record(FeedLine("join", "question", joined.id, unit: unit.no, detail: "equal words"), by: actor)
        }
        return .accepted(operation, "question", id, flags: flags)
    }

    /// Not a refusal for ever: what waits on the phone is taken when the day is over.
    private func refuseFlood(_ actor: Actor, _ books: Books) throws {
        let since = books.now.advanced(seconds: -86_400)
        let sent = try books.db.value(
            "SELECT count(*) FROM question WHERE author = \(actor.person) AND asked_at > \(since)", as: Int.self)
        guard sent >= Self.mostInADay else { return }
        throw Parked(
            problem: Problem(
                "too-many", status: 429, "\(sent) questions of one person in 24 hours; send the rest tomorrow.",
                slots: ["seconds": "86400"]))
    }
}

extension Outcome {
    /// An accepted operation that moves no figure, with what is to be looked at.
    static func accepted(
        _ operation: Operation, _ subject: StaticString, _ id: some CustomStringConvertible, flags: Flags
    ) -> Outcome {
        guard !flags.list.isEmpty else { return .accepted(operation, subject, id) }
        let list = flags.list.map { "\"\($0)\"" }.joined(separator: ",")
        let receipt = """
            {"op":"\(operation.id)","status":"accepted","effect":"applied","\(subject)":"\(id)","flags":[\(list)]}
            """
        return Outcome(receipt: receipt, status: .accepted, problem: nil, report: nil)
    }
}
