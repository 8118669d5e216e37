import JarshyKit
import Storage

enum PlaceMark {}
enum MemberMark {}
enum SeriesMark {}
typealias PlaceID = ID<PlaceMark>
typealias MemberID = ID<MemberMark>
typealias SeriesID = ID<SeriesMark>

/// Something held at a time. No name of anybody who comes, no employer, no school.
struct Event: Sendable {
    let id: EventID
    let campaign: CampaignNo
    /// The host, which counts it.
    let unit: UnitNo
    var organization: OrganizationNo
    let kind: Kind
    let activity: String
    let audience: String
    let topic: String?
    let language: Language
    /// Empty: it goes by its activity's name.
    let title: String
    let form: Form
    /// The settlement or district where it is.
    let territory: UnitNo
    let place: PlaceID?
    /// Where it is seen online; "" when it is not.
    let link: String
    var start: Instant
    var end: Instant
    var state: State
    var isPublic: Bool
    var isCampaigning: Bool
    /// The second person, of another organisation, who confirmed the class.
    var classBy: PersonID?
    let reason: String
    let series: SeriesID?
    /// Counts what the public was told; a calendar program takes the higher one.
    let sequence: Int64
    let author: PersonID
    let announcedAt: Instant?
    let changedAt: Instant

    var day: Day { Zone.kazakhstan.day(at: start) }
    var minute: Int { Zone.kazakhstan.minuteOfDay(at: start) }
    var minutes: Int64 { (end.milliseconds - start.milliseconds) / 60_000 }
    var isOver: Bool { state == .held || state == .cancelled }

    enum Kind: String, Stored, CaseIterable, Sendable {
        case meeting, lecture, stream, conference, seminar, collective

        /// What a campaign may call it among its activities, the best first.
        var activities: [String] {
            switch self {
            case .meeting: ["meeting", "open_meeting"]
            case .lecture: ["lecture", "meeting"]
            case .stream: ["live_stream", "lecture"]
            case .conference: ["round_table", "seminar", "meeting"]
            case .seminar: ["seminar", "lecture"]
            case .collective: ["workplace_meeting", "meeting"]
            }
        }
    }

    enum Form: String, Stored, CaseIterable, Sendable {
        case inPerson = "in_person", online, hybrid
    }

    enum State: String, Stored, CaseIterable, Sendable {
        case draft, announced, moved, held, cancelled

        /// Told and still to come.
        var isTold: Bool { self == .announced || self == .moved }
        static let told: [State] = [.announced, .moved]

        /// Class and symbol of its mark (`state.mustache`).
        var mark: String {
            switch self {
            case .draft: "draft"
            case .announced: "open"
            case .moved: "changed"
            case .held: "region"
            case .cancelled: "voided"
            }
        }
    }

    enum Class: String, Stored, CaseIterable, Sendable {
        case information, campaigning
    }

    enum Shown: String, Stored, CaseIterable, Sendable {
        case `public`, `internal`
    }

    enum Step: String, CaseIterable, Sendable {
        case announce, move, hold, cancel
    }

    /// The state after a step; nil where the step does not follow.
    static func state(after step: Step, from state: State) -> State? {
        switch (step, state) {
        case (.announce, .draft): .announced
        case (.move, .draft): .draft
        case (.move, .announced), (.move, .moved): .moved
        case (.hold, .draft), (.hold, .announced), (.hold, .moved): .held
        case (.cancel, .draft), (.cancel, .announced), (.cancel, .moved): .cancelled
        default: nil
        }
    }

    /// - Throws: 409 when the step does not follow upon the present state.
    func after(_ step: Step) throws -> State {
        guard let next = Event.state(after: step, from: state) else {
            throw Problem.conflict(
                "event-state", "'\(step.rawValue)' does not follow upon '\(state.rawValue)'. Look again.",
                slots: ["state": state.rawValue])
        }
        return next
    }

    /// Quarters of an hour since 1970 that a span of time touches.
    static func slots(_ start: Instant, _ end: Instant) -> ClosedRange<Int64> {
        let quarter: Int64 = 900_000
        return (start.milliseconds / quarter)...((end.milliseconds - 1) / quarter)
    }
}

extension Event: Decodable {
    static let columns: SQL = """
        e.id, e.campaign, e.unit, e.organization, e.kind, e.activity, e.audience, e.topic, e.language, e.title, e.form,
            e.territory, e.place, e.link, e.start_at, e.end_at, e.state, e.shown, e.class, e.class_by, e.reason, e.series,
            e.sequence, e.author, e.announced_at, e.changed_at
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        campaign = try row.next()
        unit = try row.next()
        organization = try row.next()
        kind = try row.next()
        activity = try row.next()
        audience = try row.next()
        topic = try row.next()
        language = try row.next()
        title = try row.next()
        form = try row.next()
        territory = try row.next()
        place = try row.next()
        link = try row.next()
        start = try row.next()
        end = try row.next()
        state = try row.next()
        isPublic = try row.next(Shown.self) == .public
        isCampaigning = try row.next(Class.self) == .campaigning
        classBy = try row.next()
        reason = try row.next()
        series = try row.next()
        sequence = try row.next()
        author = try row.next()
        announcedAt = try row.next()
        changedAt = try row.next()
    }
}
