import JarshyKit
import Storage

/// What of the library a brief rests on: lines of its sources that are addresses of the library, as they were read.
struct BriefCite: Sendable {
    /// The line of the sources.
    let position: Int
    let address: LibraryCite.Address
    let title: String
    /// What the fact says in each language; empty for a source.
    let statements: [Language: String]
    /// The source, or the fact, has changed since.
    let isBehind: Bool

    static func addresses(in sources: String) -> [(position: Int, address: LibraryCite.Address)] {
        sources.split(separator: "\n").enumerated().compactMap { position, line in
            LibraryCite.Address(String(line)).map { (position, $0) }
        }
    }

    /// By version and line.
    static func of(_ brief: BriefID, in db: any Reading) throws -> [Int64: [Int: BriefCite]] {
        var cites: [Int64: [Int: BriefCite]] = [:]
        try db.rows(
            """
            SELECT c.version, c.position, c.source, c.fact, v.title, v.section, t.statement_kk, t.statement_ru, t.statement_en,
                s.version > c.source_version OR coalesce(f.version > c.fact_version OR s.version > f.source_version, \(false))
            FROM brief_cite c JOIN source s ON s.id = c.source
                JOIN source_version v ON v.source = c.source AND v.version = c.source_version
                LEFT JOIN fact f ON f.id = c.fact
                LEFT JOIN fact_version t ON t.fact = c.fact AND t.version = c.fact_version
            WHERE c.brief = \(brief)
            """
        ) { row in
            let (version, position) = (try row.next(Int64.self), try row.next(Int.self))
            let address = LibraryCite.Address(source: try row.next(), fact: try row.next())
            let (title, section) = (try row.next(String.self), try row.next(String.self))
            var statements: [Language: String] = [:]
            for language in Language.allCases { statements[language] = try row.next(String?.self) }
            cites[version, default: [:]][position] = BriefCite(
                position: position, address: address, title: section.isEmpty ? title : "\(title), \(section)",
                statements: statements, isBehind: try row.next())
            return true
        }
        return cites
    }

    /// The briefs in force that cite the library.
    static let use = LibraryUse(
        citing: { source, language, db in try lines("c.source = \(source)", language, in: db) },
        behind: { campaign, language, db in
            try lines(
                """
                b.campaign = \(campaign) AND (s.version > c.source_version OR EXISTS (SELECT 1 FROM fact f WHERE f.id = c.fact
                    AND (f.version > c.fact_version OR s.version > f.source_version)))
                """, language, in: db)
        })

    private static func lines(_ condition: SQL, _ language: Language, in db: any Reading) throws -> [LibraryUse.Line] {
        var known: Set<BriefID> = []
        let rows = try db.all(
            """
            SELECT b.id, w.title, b.language, s.version > c.source_version OR EXISTS (SELECT 1 FROM fact f WHERE f.id = c.fact
                AND (f.version > c.fact_version OR s.version > f.source_version))
            FROM brief_cite c JOIN brief b ON b.id = c.brief AND b.version = c.version
                JOIN brief_version w ON w.brief = b.id AND w.version = b.version JOIN source s ON s.id = c.source
            WHERE \(condition) ORDER BY 4 DESC, b.topic, b.language, c.position LIMIT \(LibraryUse.most)
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
