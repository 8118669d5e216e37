import JarshyKit
import Storage

/// One material: its imprint and versions, its files, where its copies are; approved here by a second person.
enum MaterialPages {
    enum Deed: String, CaseIterable, Sendable {
        case approve, withdraw, files, drop

        /// Who may knock at all; whoever drew it up or approves may withdraw.
        var policy: Policy {
            switch self {
            case .approve: .right(.approveMaterials)
            case .withdraw: .signedIn
            case .files, .drop: .right(.manageMaterials)
            }
        }
    }

    static func routes(_ site: inout Routes, files: EvidenceStore) {
        site.get("/materials/{id}", .signedIn) { visit in try await page(visit) }
        site.get("/materials/{id}/files/{file}", .signedIn) { visit in try await file(visit, files) }
        for deed in Deed.allCases {
            let limit: BodyLimit = deed == .files ? .upload : .form
            site.post("/materials/{id}/\(deed.rawValue)", deed.policy, limit: limit) { visit in
                try await visit.attempt(
                    { try await perform(deed, visit, files) }, again: { try await page(visit, refused: (deed, $0)) })
            }
        }
    }

    private static func page(_ visit: Visit, refused: (deed: Deed, problem: Problem)? = nil) async throws -> Reply {
        let (actor, now, id) = (try visit.require(), visit.now, MaterialID(visit.parameter("id")))
        let unit = visit.query.code("unit")
        let view = try await visit.read { db in try MaterialView(id, unit: unit, actor: actor, now: now, in: db) }
        let page = MaterialPage(view, form: visit.form, refused: refused, words: visit.words)
        return .page(
            "material", page, PageHead(page.heading, section: "materials", campaign: view.campaign.names[visit.language]))
    }

    private static func perform(_ deed: Deed, _ visit: Visit, _ store: EvidenceStore) async throws -> Reply {
        guard let id = MaterialID(visit.parameter("id")) else { throw Problem.notFound("material") }
        let form = visit.form
        switch deed {
        case .approve: try await visit.run(ApproveMaterial(material: id))
        case .withdraw: try await visit.run(WithdrawMaterial(material: id, reason: form.text("reason")))
        case .files: try await keep(visit, id, store)
        case .drop:
            guard let file = MaterialFileID(form.text("file")) else { throw Problem.notFound("file") }
            try await visit.run(DropMaterialFile(material: id, file: file))
        }
        return .redirect(
            "/materials/\(id)", flash: .init(kind: .done, text: visit.words("material.done.\(deed.rawValue)")))
    }

    /// The bytes first, then the row. Who may not add files is told before anything is written.
    private static func keep(_ visit: Visit, _ id: MaterialID, _ store: EvidenceStore) async throws {
        let (actor, now) = (try visit.require(), visit.now)
        try await visit.read { db in _ = try MaterialDraft.find(id, by: actor, at: now, in: db) }
        let upload = try MaterialUpload(visit.file("file"))
        let sha256 = try await store.put(upload.content, by: actor.person)
        try await visit.run(
            KeepMaterialFile(
                material: id, sha256: sha256, kind: upload.kind, name: upload.name, bytes: Int64(upload.content.count)))
    }

    /// A file, for whoever may see the material.
    private static func file(_ visit: Visit, _ store: EvidenceStore) async throws -> Reply {
        let (actor, now) = (try visit.require(), visit.now)
        let (id, wanted) = (MaterialID(visit.parameter("id")), MaterialFileID(visit.parameter("file")))
        let file = try await visit.read { db in
            let material = try MaterialScope(actor, at: now, in: db).material(id, in: db)
            return try MaterialRows.files(of: material.id, in: db).first { $0.id == wanted }
        }
        guard let file, let content = await store.read(store.original(file.sha256), file.sha256) else {
            throw Problem.notFound("file")
        }
        return Reply.file(content, file.contentType, name: file.name).header("cache-control", "private, no-store")
    }
}

/// What the page of a material needs, read with a fixed number of statements.
struct MaterialView: Sendable {
    let material: Material
    let campaign: Campaign
    let versions: [Material]
    let files: [MaterialFile]
    let names: [PersonID: String]
    /// The unit whose copies are shown, with those of its children.
    let unit: UnitNo
    let heaps: [Heap]
    let tree: Tree
    let today: Day
    let actor: PersonID
    let manages: Bool
    let approves: Bool
    /// Units where the reader works with materials; below them one may look into a heap.
    let homes: [UnitNo]

    /// What one unit answers for, alone or with all that stand below it.
    struct Heap: Sendable {
        let unit: UnitNo
        let isOwn: Bool
        let stock: Stock
    }

    init(_ id: MaterialID?, unit code: String?, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try MaterialScope(actor, at: now, in: db)
        let material = try scope.material(id, in: db)
        guard let campaign = try Campaigns.current(in: db).find(material.campaign) else { throw Problem.notFound("campaign") }
        let (tree, homes) = (scope.tree, scope.homes())
        (self.material, self.campaign, self.tree, self.homes) = (material, campaign, tree, homes)
        (today, self.actor) = (scope.today, actor.person)
        manages = scope.holds(.manageMaterials, over: material.unit)
        approves = scope.holds(.approveMaterials, over: material.unit)
        // A draft is seen by those who draw up and approve only.
        versions = try MaterialRows.versions(of: material.family, in: db).filter { [manages, approves] in
            $0.state != .draft || manages || approves
        }
        files = try MaterialRows.files(of: material.id, in: db)
        let people = [material.author, material.changedBy] + [material.approvedBy, material.withdrawnBy].compactMap(\.self)
        names = try ReportRows.names(people, in: db)
        let home = homes.first { tree.isWithin(material.unit, $0) }.map { _ in material.unit }
            ?? homes.first { tree.isWithin($0, material.unit) } ?? material.unit
        let unit = try code.map { try scope.unit($0).no } ?? home
        self.unit = unit
        heaps = Self.heaps(try MaterialRows.stock(of: material.id, within: unit, tree, in: db), at: unit, tree)
    }

    /// The unit's own heap first, then each child with what lies at and below it.
    private static func heaps(_ rows: [(unit: UnitNo, stock: Stock)], at unit: UnitNo, _ tree: Tree) -> [Heap] {
        let depth = tree.chain(of: unit).count
        var own: Stock?
        var below: [UnitNo: Stock] = [:]
        for row in rows {
            let chain = tree.chain(of: row.unit)
            if row.unit == unit {
                own = row.stock
            } else if chain.count > depth {
                below[chain[chain.count - depth - 1], default: Stock()] = (below[chain[chain.count - depth - 1]] ?? Stock()) + row.stock
            }
        }
        let children = tree.children(of: unit).filter { below[$0] != nil }
        return (own.map { [Heap(unit: unit, isOwn: true, stock: $0)] } ?? [])
            + children.map { Heap(unit: $0, isOwn: false, stock: below[$0] ?? Stock()) }
    }

    func holdsBelow(_ unit: UnitNo) -> Bool { homes.contains { tree.isWithin(unit, $0) } }
}
