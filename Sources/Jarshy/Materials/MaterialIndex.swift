import JarshyKit
import Storage

/// What search knows of materials: name and imprint, in each language, for those who may open them.
enum MaterialIndex {
    static let source = SearchSource(
        space: "materials",
        count: { db in try db.value("SELECT count(*) FROM material", as: Int.self) },
        ids: { after, limit, db in
            var sql: SQL = "SELECT id FROM material"
            if let after { sql += " WHERE id > \(after)" }
            return try db.all(ID<Never>.self, sql + " ORDER BY id LIMIT \(limit)")
        },
        documents: { ids, db in
            try MaterialRows.materials(ids.map { MaterialID($0) }, in: db).values.sorted { $0.id < $1.id }.flatMap(documents)
        })

    /// These say something else now.
    static func changed(_ materials: [MaterialID], at now: Instant, in db: any Writing) throws {
        try SearchPending.add(materials.map { ID<Never>($0) }, space: source.space, at: now, in: db)
    }

    /// Which of these somebody may open.
    static func opens(
        _ materials: [ID<Never>], by actor: Actor?, at now: Instant, in db: any Reading
    ) throws -> Set<ID<Never>> {
        guard let actor else { return [] }
        let scope = try MaterialScope(actor, at: now, in: db)
        let found = try MaterialRows.materials(materials.map { MaterialID($0) }, in: db)
        return Set(found.values.filter(scope.opens).map { ID<Never>($0.id) })
    }

    private static func documents(_ material: Material) -> [SearchDocument] {
        let imprint = material.form.imprint
        return Language.allCases.map { language in
            let parts = [material.names[language], imprint.issuer, imprint.orderer]
            return SearchDocument(
                id: ID<Never>(material.id), language: language.rawValue, unit: material.unit,
                texts: [parts.filter { !$0.isEmpty }.joined(separator: " · ")])
        }
    }
}
