import JarshyKit
import Storage

/// A unit as the tree keeps it: a headquarters with its territory, a settlement, a primary organisation, a group.
struct Unit: Sendable {
    let no: UnitNo
    let id: UnitID
    let kind: String
    /// Bare names: «Талғар», "Талгарский", "Talgar".
    let names: Trio
    /// With the kind's word: «Талғар ауданы», "Талгарский район", "Talgar District". What pages show.
    let titles: Trio
    let sortKey: [UInt8]
    let opened: Day?
    /// The first day on which the unit no longer works.
    let closed: Day?
    let succeededBy: UnitNo?
    let organization: OrganizationNo?
    let population: Int64?
    let capacity: Int64?

    func isOpen(on day: Day) -> Bool {
        (opened.map { $0 <= day } ?? true) && (closed.map { day < $0 } ?? true)
    }
}

/// The same words in the three languages.
struct Trio: Sendable, Hashable {
    let kk: String
    let ru: String
    let en: String

    init(kk: String, ru: String, en: String) {
        self.kk = kk
        self.ru = ru
        self.en = en
    }

    init(_ row: inout Row) throws {
        kk = try row.next()
        ru = try row.next()
        en = try row.next()
    }

    subscript(_ language: Language) -> String {
        switch language {
        case .kk: kk
        case .ru: ru
        case .en: en
        }
    }
}

/// What a kind of unit means for the rules.
struct UnitKind: Sendable {
    let code: String
    let rank: Int64
    /// A unit of this kind checks the reports below it first.
    let districtLevel: Bool
    /// Counts as a settlement reached by an event.
    let settlement: Bool
    let territory: Bool
    let names: Trio
}
