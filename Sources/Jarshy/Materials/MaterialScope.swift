import JarshyKit
import Storage

/// Which materials, stock and sites somebody may see: those of units where they hold a right over materials, and of units above
/// and below them. Anything else is 404.
struct MaterialScope: Sendable {
    let actor: Actor
    let tree: Tree
    let today: Day

    static let working: [Right] = [.useMaterials, .manageMaterials, .approveMaterials]

    init(_ actor: Actor, at now: Instant, in db: any Reading) throws {
        self.actor = actor
        tree = try Tree.current(in: db)
        today = Zone.kazakhstan.day(at: now)
    }

    /// Units where one of the rights is held.
    func homes(_ rights: [Right] = working) -> [UnitNo] {
        if actor.kind == .operator { return tree.root.map { [$0] } ?? [] }
        let held = actor.grants.filter { grant in
            grant.holds(on: today) && rights.contains { grant.rights.contains($0) && actor.allowed?.contains($0) ?? true }
        }
        return Set(held.map(\.unit)).sorted()
    }

    /// - Throws: 403 for who works with no materials anywhere: there is no list to show.
    func requireAnywhere() throws {
        if homes().isEmpty { throw Problem.forbidden(Right.useMaterials.rawValue) }
    }

    func holds(_ right: Right, over unit: UnitNo) -> Bool { actor.holds(right, over: unit, in: tree, on: today) }

    func holdsAny(over unit: UnitNo) -> Bool { Self.working.contains { holds($0, over: unit) } }

    /// Units to choose from: where the right is held, and the children of those.
    func places(_ right: Right) -> [UnitNo] {
        let homes = homes([right])
        let below = homes.flatMap { tree.children(of: $0) }
        return Set(homes + below).sorted { left, right in
            let (a, b) = (tree.chain(of: left).count, tree.chain(of: right).count)
            return a != b ? a < b : (tree[left]?.sortKey ?? []).lexicographicallyPrecedes(tree[right]?.sortKey ?? [])
        }
    }

    /// A material is seen where it is meant for, and by those above who answer for it.
    func sees(_ material: Material) -> Bool {
        homes().contains { tree.isWithin($0, material.unit) || tree.isWithin(material.unit, $0) }
    }

    /// Whether `material` gives it.
    func opens(_ material: Material) -> Bool {
        // A draft is a matter of those who draw up and approve.
        sees(material)
            && (material.state != .draft || holds(.manageMaterials, over: material.unit) || holds(.approveMaterials, over: material.unit))
    }

    /// - Throws: 404 outside the scope; the two look alike.
    func material(_ id: MaterialID?, in db: any Reading) throws -> Material {
        guard let id, let material = try db.first(Material.self, where: "FROM material m WHERE m.id = \(id)"), opens(material)
        else { throw Problem.notFound("material") }
        return material
    }

    /// - Throws: 404 outside the scope.
    func site(_ id: PosterSiteID?, in db: any Reading) throws -> PosterSite {
        guard let id, let site = try db.first(PosterSite.self, where: "FROM poster_site s WHERE s.id = \(id)"),
            holdsAny(over: site.unit)
        else { throw Problem.notFound("site") }
        return site
    }

    /// The unit whose stock one may look at.
    func unit(_ code: String) throws -> Unit {
        guard let unit = tree.find(code), holdsAny(over: unit.no) else { throw Problem.notFound("unit") }
        return unit
    }
}
