import JarshyKit
import Storage

enum ProposalMark {}
enum GatheringMark {}
typealias ProposalID = ID<ProposalMark>
typealias GatheringID = ID<GatheringMark>

/// What a resident proposed: words, language and the way back.
struct Proposal: Sendable {
    let id: ProposalID
    let campaign: CampaignNo
    let unit: UnitNo
    /// The proposal whose decision serves this one; itself when it stands alone.
    let head: ProposalID
    /// Its own state. What the sender is shown is the head's.
    let state: State
    let language: Language
    /// The sender's own words: for the sender and the staff, never public.
    let body: String
    /// The wording the public reads; "" until it is taken up.
    let title: String
    let way: Question.Way
    let reply: Question.ReplyWay
    /// Who took it down; nil when the sender wrote it.
    let author: PersonID?
    let organization: OrganizationNo
    let event: ID<EventMark>?
    /// The words may hold a phone or an identity number.
    let personal: Bool
    /// How many sent what this head stands for.
    let senders: Int64
    /// A group that says almost the same, until a person has looked.
    let near: ProposalID?
    let madeAt: Instant
    /// The last day to take it up; nil once somebody has.
    let due: Day?
    let objectedAt: Instant?
    let reason: ModerationReason?

    var isHead: Bool { head == id }

    enum State: String, Stored, CaseIterable, Sendable {
        case new, considered, accepted, declined, notPublished = "not_published"

        /// Somebody still owes something.
        var isOpen: Bool { self == .new || self == .considered }
        /// Anybody may read of it.
        var isPublic: Bool { self != .new && self != .notPublished }

        static let open: [State] = [.new, .considered]
        static let shown: [State] = [.considered, .accepted, .declined]
    }

    /// What may follow upon a state.
    enum Step: String, CaseIterable, Sendable {
        case consider, accept, decline
        /// The staff look again.
        case reopen
        /// A sender does not agree.
        case object
        /// Not published, for a reason of the code.
        case hide
        case restore
    }

    static func state(after step: Step, from state: State) -> State? {
        switch (step, state) {
        case (.consider, .new): .considered
        case (.accept, .considered): .accepted
        case (.decline, .considered): .declined
        case (.reopen, .accepted), (.reopen, .declined): .considered
        case (.object, .declined): .considered
        case (.hide, .new), (.hide, .considered): .notPublished
        case (.restore, .notPublished): .new
        default: nil
        }
    }

    /// The state after a step.
    /// - Throws: 409 when the step does not follow upon the present state.
    func after(_ step: Step) throws -> State {
        guard isHead else {
            throw Problem.conflict(
                "proposal-gathered", "The proposal is gathered under another; work on that one, or take this one out first.",
                slots: ["head": head.description])
        }
        guard let next = Proposal.state(after: step, from: state) else {
            throw Problem.conflict(
                "proposal-state", "'\(step.rawValue)' does not follow upon '\(state.rawValue)'. Look again.",
                slots: ["state": state.rawValue])
        }
        return next
    }

    func can(_ step: Step) -> Bool { isHead && Proposal.state(after: step, from: state) != nil }
}

extension Proposal: Decodable {
    static let columns: SQL = """
        p.id, p.campaign, p.unit, p.head, p.state, p.language, p.body, p.title, p.way, p.reply, p.author, p.organization,
            p.event, p.personal, p.senders, p.near, p.made_at, p.due_day, p.objected_at, p.reason
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        campaign = try row.next()
        unit = try row.next()
        head = try row.next()
        state = try row.next()
        language = try row.next()
        body = try row.next()
        title = try row.next()
        way = try row.next()
        reply = try row.next()
        author = try row.next()
        organization = try row.next()
        event = try row.next()
        personal = try row.next()
        senders = try row.next()
        near = try row.next()
        madeAt = try row.next()
        due = try row.next()
        objectedAt = try row.next()
        reason = try row.next()
    }
}

/// Why something was decided, in one to three languages.
struct Reasons: Sendable, Hashable {
    private(set) var texts: [Language: String] = [:]

    init(_ texts: [Language: String]) { self.texts = texts.mapValues(QuestionWords.cleaned).filter { !$0.value.isEmpty } }

    subscript(_ language: Language) -> String { texts[language] ?? "" }

    /// In the reader's language if it was given, else in the proposer's.
    func shown(_ language: Language, spare: Language) -> (text: String, language: Language) {
        texts[language].map { ($0, language) } ?? (self[spare], spare)
    }
}

/// A decision as it stands in the public history.
struct ProposalStep: Sendable {
    let at: Instant
    let kind: Proposal.Step
    let language: Language
    let reasons: Reasons
    let organization: OrganizationNo
}

/// What an accepted proposal became.
struct ProposalTask: Sendable {
    enum Kind: String, Stored, CaseIterable, Sendable {
        case task, measure, event
    }

    let kind: Kind
    let title: String
    let unit: UnitNo
    let due: Day
    let hasEnded: Bool
}
