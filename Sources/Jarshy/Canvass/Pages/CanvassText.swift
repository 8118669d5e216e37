import JarshyKit

/// Door rounds in the reader's words.
struct CanvassText: Sendable {
    let words: Words

    private var plain: UnitText { UnitText(words: words) }
    func day(_ day: Day) -> String { plain.day(day) }
    func number(_ value: Int64) -> String { plain.number(value) }

    func days(_ first: Day, _ last: Day) -> String { first == last ? day(first) : words.span(first, last) }

    func outcome(_ outcome: DoorOutcome) -> String { words("canvass.outcome.\(outcome.rawValue)") }
    func state(_ state: DoorState) -> String { words("canvass.state.\(state.rawValue)") }

    /// Shape and word of what is known of a door.
    func mark(_ state: DoorState) -> StateMark {
        let kind =
            switch state {
            case .fresh: "open"
            case .comeBack: "changed"
            case .done: "district"
            case .doNotVisit: "closed"
            }
        return StateMark(kind, self.state(state))
    }

    func hours(_ hours: CanvassRound.VisitingHours) -> String {
        "\(CanvassRound.VisitingHours.text(hours.opens))–\(CanvassRound.VisitingHours.text(hours.closes))"
    }

    func roundClass(_ isInformation: Bool) -> String {
        words(isInformation ? "canvass.class.information" : "canvass.class.campaigning")
    }

    /// Street, house and flat on one line; flats and houses need no word in a column of their own kind.
    func address(_ address: AddressText) -> String {
        if !address.landmark.isEmpty { return address.landmark }
        let house = "\(address.street), \(address.house)"
        return address.flat.isEmpty ? house : words("canvass.flat", ["house": house, "flat": address.flat])
    }

    func mark(_ list: CanvassList, today: Day) -> StateMark {
        if list.ended != nil { return StateMark("closed", words("canvass.list.ended")) }
        if today > list.until { return StateMark("late", words("canvass.list.over")) }
        return StateMark("open", words("canvass.list.until", ["day": day(list.until)]))
    }

    /// The states of doors with their numbers, in order; a state nobody is in is left out.
    func progress(_ progress: DoorProgress) -> [CanvassFact] {
        DoorState.allCases.compactMap { state in
            progress[state] == 0 ? nil : CanvassFact(fact: self.state(state), factText: number(progress[state]))
        }
    }
}

/// A name and what stands for it.
struct CanvassFact: PageModel {
    let fact: String
    let factText: String
}

/// A bar of one amount: how far a round is, how many visits ended so.
struct CanvassBar: PageModel {
    let barWords: String
    /// 0–100.
    let barWidth: String

    init(_ part: Int64, of whole: Int64, words: String) {
        barWords = words
        let tenths = whole > 0 ? min(1000, part * 1000 / whole) : 0
        barWidth = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
