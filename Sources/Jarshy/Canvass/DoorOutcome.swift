import JarshyKit
import Storage

/// How a visit ended: one choice of nine, in two families. Kept only as counts of a round's day.
enum DoorOutcome: String, Stored, CaseIterable, Sendable {
    case nobody, locked, later, unsafe
    case talked, declined
    case doNotVisit = "do_not_visit"
    case empty
    case noHouse = "no_house"

    /// What becomes of the door in this round. Asking not to come again is an end too; that it stays so lies elsewhere, in the
    /// do-not-contact list.
    var state: DoorState {
        switch self {
        case .nobody, .locked, .later, .unsafe: .comeBack
        case .talked, .declined, .doNotVisit, .empty, .noHouse: .done
        }
    }

    static let comingBack = allCases.filter { $0.state == .comeBack }
    static let done = allCases.filter { $0.state == .done }
}

/// All that is known of a door. The first three are kept for each round; the last is read from the do-not-contact list.
enum DoorState: String, Stored, CaseIterable, Sendable, Comparable {
    case fresh
    case comeBack = "come_back"
    case done
    case doNotVisit = "do_not_visit"

    private var rank: Int {
        switch self {
        case .fresh: 0
        case .comeBack: 1
        case .done: 2
        case .doNotVisit: 3
        }
    }

    static func < (left: DoorState, right: DoorState) -> Bool { left.rank < right.rank }
}
