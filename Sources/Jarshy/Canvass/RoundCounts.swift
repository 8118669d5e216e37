import JarshyKit
import Storage

/// How many visits of a round ended how, as far as it is shown.
///
/// A day is shown from the next day on, and only in company: days with fewer than five visits are added to the next one, so
/// that nobody who watches doors and counts can tell what was said at one of them.
struct RoundCounts: Sendable {
    static let least: Int64 = 5

    /// One or several days together.
    struct Days: Sendable, Hashable {
        let first: Day
        var last: Day
        var outcomes: [DoorOutcome: Int64] = [:]
        var leaflets: Int64 = 0
        var questions: Int64 = 0

        var visits: Int64 { outcomes.values.reduce(0, +) }

        func sum(_ family: [DoorOutcome]) -> Int64 { family.reduce(0) { $0 + (outcomes[$1] ?? 0) } }

        mutating func add(_ other: Days) {
            last = other.last
            outcomes.merge(other.outcomes, uniquingKeysWith: +)
            leaflets += other.leaflets
            questions += other.questions
        }
    }

    /// In order.
    let shown: [Days]

    /// - Parameter all: every day with a visit, in order.
    init(_ all: [Days], today: Day) {
        var shown: [Days] = []
        var waiting: Days?
        for days in all where days.last < today {
            var sum = waiting ?? Days(first: days.first, last: days.last)
            sum.add(days)
            waiting = sum.visits < Self.least ? sum : nil
            if waiting == nil { shown.append(sum) }
        }
        self.shown = shown
    }

    /// All that is shown, together; nil while nothing is.
    var total: Days? {
        guard var total = shown.first else { return nil }
        for days in shown.dropFirst() { total.add(days) }
        return total
    }

    static func of(_ round: RoundID, today: Day, in db: any Reading) throws -> RoundCounts {
        var days: [Day: Days] = [:]
        try db.rows("SELECT day, outcome, visits FROM canvass_count WHERE round = \(round)") { row in
            let day = try row.next(Day.self)
            days[day, default: Days(first: day, last: day)].outcomes[try row.next()] = try row.next(Int64.self)
            return true
        }
        try db.rows("SELECT day, leaflets, questions FROM canvass_beside WHERE round = \(round)") { row in
            let day = try row.next(Day.self)
            days[day, default: Days(first: day, last: day)].leaflets = try row.next()
            days[day]?.questions = try row.next()
            return true
        }
        return RoundCounts(days.values.sorted { $0.first < $1.first }, today: today)
    }
}

/// How many doors of a round, or of a street in it, stand in which state.
struct DoorProgress: Sendable, Hashable {
    var states: [DoorState: Int64] = [:]

    subscript(_ state: DoorState) -> Int64 { states[state] ?? 0 }

    var total: Int64 { states.values.reduce(0, +) }

    /// Doors that may be visited; a barred one is neither done nor waiting.
    var open: Int64 { total - self[.doNotVisit] }
}
