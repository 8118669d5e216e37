import JarshyKit
import Storage

/// Where the library is used in briefs: the briefs in force that rest on a fact of a source.
enum BriefUse {
    static let use = LibraryUse(
        citing: { source, _, db in try lines("f.source = \(source)", in: db) },
        behind: { campaign, _, db in try lines("b.campaign = \(campaign) AND \(isBehind)", in: db) })

    /// The fact says something else now, or its source does and nobody has looked at the fact since.
    private static let isBehind: SQL = "(f.version > r.fact_version OR s.version > f.source_version)"

    private static func lines(_ condition: SQL, in db: any Reading) throws -> [LibraryUse.Line] {
        var known: Set<BriefID> = []
        let rows = try db.all(
            """
            SELECT b.id, w.title, b.language, \(isBehind)
            FROM brief_fact r JOIN brief b ON b.id = r.brief AND b.version = r.version
                JOIN brief_version w ON w.brief = b.id AND w.version = b.version
                JOIN fact f ON f.id = r.fact JOIN source s ON s.id = f.source
            WHERE \(condition) ORDER BY 4 DESC, b.topic, b.language LIMIT \(LibraryUse.most)
            """
        ) { row in
            (
                id: try row.next(BriefID.self), title: try row.next(String.self), language: try row.next(Language.self),
                isBehind: try row.next(Bool.self)
            )
        }
        return rows.filter { known.insert($0.id).inserted }.map { row in
            LibraryUse.Line(title: row.title, language: row.language, path: "/briefs/\(row.id)", isBehind: row.isBehind)
        }
    }
}
