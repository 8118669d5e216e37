import JarshyKit
import Storage

/// Which door rounds somebody may see: those over whose unit the person may draw up rounds or see figures. Addresses and lists
/// are only for those who draw up. Anything else is 404.
struct CanvassScope {
    let actor: Actor
    let tree: Tree
    let today: Day

    init(_ actor: Actor, at now: Instant, in db: any Reading) throws {
        self.actor = actor
        tree = try Tree.current(in: db)
        today = Zone.kazakhstan.day(at: now)
    }

    func manages(_ round: CanvassRound) -> Bool {
        actor.holds(.manageCanvass, over: round.unit, organization: round.organization, in: tree, on: today)
    }

    func sees(_ round: CanvassRound) -> Bool {
        manages(round) || actor.holds(.viewFigures, over: round.unit, organization: round.organization, in: tree, on: today)
    }

    /// - Throws: 404 outside the scope; the two look alike.
    func find(_ id: RoundID?, in db: any Reading) throws -> CanvassRound {
        guard let id, let round = try CanvassRows.round(id, in: db), sees(round) else { throw Problem.notFound("round") }
        return round
    }

    /// The round for a deed that draws it up.
    func managed(_ id: RoundID?, in db: any Reading) throws -> CanvassRound {
        let round = try find(id, in: db)
        guard manages(round) else { throw Problem.forbidden(Right.manageCanvass.rawValue) }
        return round
    }

    func managed(list id: CanvassListID?, in db: any Reading) throws -> (list: CanvassList, round: CanvassRound) {
        guard let id, let list = try CanvassRows.list(id, in: db), let round = try CanvassRows.round(list.round, in: db),
            sees(round)
        else { throw Problem.notFound("list") }
        guard manages(round) else { throw Problem.forbidden(Right.manageCanvass.rawValue) }
        return (list, round)
    }

    /// The settlement whose streets a round goes through; the unit itself where it stands in none.
    static func settlement(of unit: UnitNo, in tree: Tree) -> UnitNo { tree.settlement(of: unit) ?? unit }

    /// Units below which a right of door rounds is held; nil for the operator, who sees all.
    var homes: [UnitNo]? {
        if actor.kind == .operator { return nil }
        let held = actor.grants.filter { grant in
            grant.holds(on: today) && [Right.manageCanvass, .viewFigures].contains { right in
                grant.rights.contains(right) && actor.allowed?.contains(right) ?? true
            }
        }.map(\.unit)
        return Array(Set(held)).sorted()
    }
}
