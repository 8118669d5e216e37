import JarshyKit
import Storage

/// What a phone pulls: the stock of its person's units, moves that wait for an answer there, and poster sites to look at.
///
/// Units are those where `useMaterials` is held; of the units below them only those that hold stock. A fixed number of
/// statements, and bounded lists: a phone carries what one person can work through.
enum MaterialsField {
    static let mostStock = 300
    static let mostMoves = 100
    static let mostSites = 300

    static func part(for actor: Actor, on day: Day, in db: any Reading) throws -> [Json.Member] {
        guard let campaign = try Campaigns.current(in: db).current(on: day) else { return [] }
        let tree = try Tree.current(in: db)
        let homes = Self.homes(of: actor, in: tree, on: day)
        guard !homes.isEmpty else { return [] }
        let materials = try db.all(
            Material.self,
            where: "FROM material m WHERE m.campaign = \(campaign.no) AND m.state <> 'draft' ORDER BY m.created_at, m.id")
        let below = MaterialRows.within(homes, column: "k.unit", tree)
        return [
            .init("materials", .object([
                .init("stock", .list(try stock(homes, materials, tree, below: below, db))),
                .init("incoming", .list(try incoming(homes, materials, tree, db))),
                .init("sites", .list(try sites(homes, campaign, tree, db))),
            ]))
        ]
    }

    /// Units in which the right is held; one below another is known by the higher one.
    static func homes(of actor: Actor, in tree: Tree, on day: Day) -> [UnitNo] {
        if let allowed = actor.allowed, !allowed.contains(.useMaterials) { return [] }
        return Set(actor.grants.filter { $0.holds(on: day) && $0.rights.contains(.useMaterials) }.map(\.unit)).sorted()
    }

    private static func stock(
        _ homes: [UnitNo], _ materials: [Material], _ tree: Tree, below: SQL, _ db: any Reading
    ) throws -> [Json] {
        let byID = Dictionary(uniqueKeysWithValues: materials.map { ($0.id, $0) })
        struct Key: Hashable {
            let unit: UnitNo
            let material: MaterialID
        }
        var held: [Key: Stock] = [:]
        var order: [Key] = []
        for home in homes {
            // What may come to one's own unit is offered before anything of it is there.
            for material in materials where material.state == .approved && tree.isWithin(home, material.unit) {
                order.append(Key(unit: home, material: material.id))
            }
        }
        let offered = Set(order)
        try db.rows(
            """
            SELECT k.unit, k.material, \(Stock.columns) FROM stock k
            WHERE \(below) AND (k.on_hand > 0 OR k.on_the_way > 0 OR k.beyond > 0) ORDER BY k.unit, k.material LIMIT \(mostStock)
            """
        ) { row in
            let key = Key(unit: try row.next(), material: try row.next())
            guard byID[key.material] != nil else { return true }
            held[key] = try Stock(&row)
            if !offered.contains(key) { order.append(key) }
            return true
        }
        return order.prefix(mostStock).compactMap { key in
            guard let material = byID[key.material] else { return nil }
            return line(material, held[key] ?? Stock(), at: tree.code(of: key.unit))
        }
    }

    private static func line(_ material: Material, _ stock: Stock, at unit: String) -> Json {
        .object([
            .init("unit", .text(unit)), .init("material", .text(material.id.description)),
            .init("names", FieldNames.json(material.names)), .init("kind", .text(material.form.kind.rawValue)),
            .init("class", .text(material.form.class.rawValue)),
            .init("languages", .list(material.form.languageCodes.map(Json.text))), .init("on_hand", .integer(stock.onHand)),
            .init("on_the_way", .integer(stock.onTheWay)), .init("count_needed", .bool(stock.needsCount)),
        ])
    }

    private static func incoming(_ homes: [UnitNo], _ materials: [Material], _ tree: Tree, _ db: any Reading) throws -> [Json] {
        let byID = Dictionary(uniqueKeysWithValues: materials.map { ($0.id, $0) })
        let moves = try db.all(
            StockMove.self,
            where: """
                FROM stock_move v WHERE v.accepted_at IS NULL AND \(MaterialRows.within(homes, column: "v.receiver", tree))
                ORDER BY v.sent_at, v.id LIMIT \(mostMoves)
                """)
        return moves.compactMap { move in
            guard let material = byID[move.material] else { return nil }
            return .object([
                .init("move", .text(move.id.description)), .init("material", .text(move.material.description)),
                .init("names", FieldNames.json(material.names)), .init("from", .text(tree.code(of: move.sender))),
                // The phone holds its own units only: whose copies these are it is told by name.
                .init("from_names", FieldNames.json(tree[move.sender]?.titles ?? Trio(kk: "", ru: "", en: ""))),
                .init("to", .text(tree.code(of: move.receiver))), .init("quantity", .integer(move.quantity)),
                .init("sent", .integer(move.sentAt.milliseconds)),
            ])
        }
    }

    private static func sites(_ homes: [UnitNo], _ campaign: Campaign, _ tree: Tree, _ db: any Reading) throws -> [Json] {
        let sites = try db.all(
            PosterSite.self,
            where: """
                FROM poster_site s WHERE s.campaign = \(campaign.no) AND s.closed_at IS NULL
                    AND \(MaterialRows.within(homes, column: "s.unit", tree))
                ORDER BY s.unit, s.address, s.id LIMIT \(mostSites)
                """)
        return sites.map { site in
            var members: [Json.Member] = [
                .init("id", .text(site.id.description)), .init("unit", .text(tree.code(of: site.unit))),
                .init("address", .text(site.form.address)), .init("capacity", .integer(site.form.capacity)),
                .init("condition", .text(site.condition.rawValue)), .init("class", .text(site.form.class.rawValue)),
            ]
            if let day = site.form.takeDown { members.append(.init("take_down", .text(day.description))) }
            return .object(members)
        }
    }
}

private enum FieldNames {
    static func json(_ trio: Trio) -> Json {
        .object(Language.allCases.map { .init($0.rawValue, .text(trio[$0])) })
    }
}
