import JarshyKit
import Storage

enum QuestionMark {}
enum JoiningMark {}
typealias QuestionID = ID<QuestionMark>
typealias JoiningID = ID<JoiningMark>

/// What a resident asked: words, language and the way back. No name, no address, no view.
struct Question: Sendable {
    let id: QuestionID
    let campaign: CampaignNo
    let unit: UnitNo
    /// The question whose answer serves this one; itself when it stands alone.
    let head: QuestionID
    /// Its own state. What the asker is shown is the head's (see `joined`).
    let state: State
    let topic: String?
    let language: Language
    let body: String
    let way: Way
    let reply: ReplyWay
    /// Who took it down; nil when the asker wrote it.
    let author: PersonID?
    let organization: OrganizationNo
    let event: ID<EventMark>?
    /// Written by the organiser, and labelled so for ever.
    let prepared: Bool
    /// The words may hold a phone or an identity number.
    let personal: Bool
    /// How many asked what this head answers; prepared ones are not counted.
    let asked: Int64
    let askedAt: Instant
    /// The last day of the term; nil while the asker is asked back and once it is answered.
    let due: Day?
    let daysLeft: Int64?
    let expert: PersonID?
    let reason: ModerationReason?

    var isHead: Bool { head == id }

    enum State: String, Stored, CaseIterable, Sendable {
        case new, withExpert = "with_expert", clarify, checking, answered, published, notPublished = "not_published"

        /// Somebody still owes something.
        var isOpen: Bool { [.new, .withExpert, .clarify, .checking].contains(self) }

        static let open: [State] = [.new, .withExpert, .clarify, .checking]
    }

    /// How it came.
    enum Way: String, Stored, CaseIterable, Sendable {
        case door, event, office, telephone, paper, page, mail

        /// Ways by which staff take a question down.
        static let taken: [Way] = [.door, .event, .office, .telephone, .paper]
    }

    /// How the answer goes back.
    enum ReplyWay: String, Stored, CaseIterable, Sendable {
        case activist, contact, number, none
    }
}

/// Why a question is not published: the published code, word for word on `/ask/rules`.
enum ModerationReason: String, Stored, CaseIterable, Sendable {
    case personalData = "personal_data", insult, notQuestion = "not_question", advertising, otherSubject = "other_subject"
    case unlawful, unclear
}

extension Question {
    /// What may follow upon a state. `nil` deeds are refused with 409 and change nothing.
    enum Step: String, CaseIterable, Sendable {
        /// To an expert, or to another one.
        case send
        /// The asker is asked back.
        case ask
        /// The asker has said more.
        case clarified
        /// An answer lies with the second person.
        case submit
        /// The second person sent the answer back to its author.
        case sendBack
        /// The second person approved.
        case approve
        /// The approved answer stands in the public bank.
        case publish
        /// The published answer was taken back.
        case withdraw
        /// Not published, with a reason of the code.
        case decline
        /// Taken up again.
        case restore
    }

    /// - Parameter hasExpert: where a question goes back to, once the asker has said more or its answer was taken back.
    static func state(after step: Step, from state: State, hasExpert: Bool) -> State? {
        switch (step, state) {
        case (.send, .new), (.send, .withExpert): .withExpert
        case (.ask, .new), (.ask, .withExpert): .clarify
        case (.clarified, .clarify): hasExpert ? .withExpert : .new
        case (.submit, .withExpert): .checking
        case (.sendBack, .checking): .withExpert
        case (.approve, .checking): .answered
        case (.publish, .answered): .published
        case (.withdraw, .published): hasExpert ? .withExpert : .new
        case (.decline, .new), (.decline, .withExpert), (.decline, .clarify), (.decline, .checking): .notPublished
        case (.restore, .notPublished): .new
        default: nil
        }
    }

    /// The state after a step.
    /// - Throws: 409 when the step does not follow upon the present state.
    func after(_ step: Step) throws -> State {
        guard isHead else {
            throw Problem.conflict(
                "question-joined", "The question is joined to another; work on that one, or take this one out first.",
                slots: ["head": head.description])
        }
        guard let next = Question.state(after: step, from: state, hasExpert: expert != nil) else {
            throw Problem.conflict(
                "question-state", "'\(step.rawValue)' does not follow upon '\(state.rawValue)'. Look again.",
                slots: ["state": state.rawValue])
        }
        return next
    }
}

extension Question: Decodable {
    static let columns: SQL = """
        q.id, q.campaign, q.unit, q.head, q.state, q.topic, q.language, q.body, q.way, q.reply, q.author, q.organization,
            q.event, q.prepared, q.personal, q.asked, q.asked_at, q.due_day, q.days_left, q.expert, q.reason
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        campaign = try row.next()
        unit = try row.next()
        head = try row.next()
        state = try row.next()
        topic = try row.next()
        language = try row.next()
        body = try row.next()
        way = try row.next()
        reply = try row.next()
        author = try row.next()
        organization = try row.next()
        event = try row.next()
        prepared = try row.next()
        personal = try row.next()
        asked = try row.next()
        askedAt = try row.next()
        due = try row.next()
        daysLeft = try row.next()
        expert = try row.next()
        reason = try row.next()
    }
}
