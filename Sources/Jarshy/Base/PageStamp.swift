import JarshyKit
import Storage

/// What public pages show, as one number a kind: drawn anew in the transaction of every deed that changes it, so that a page
/// kept under the number is never shown when what it shows has changed.
enum PageStamp: String, CaseIterable, Sendable {
    /// Answers and the counts beside them.
    case answers
    /// Proposals that are public.
    case proposals
    /// Sources and facts, which answers cite.
    case library
    /// Names that stand on all of them: of people, organisations, topics.
    case names

    static func touch(_ kind: PageStamp, in db: any Writing) throws {
        // Drawn inside the transaction's closure: a closure that runs twice must not find the older number.
        let stamp = Int64.random(in: 1...(1 << 62))
        try db.run(
            """
            INSERT INTO page_stamp (name, stamp) VALUES (\(kind.rawValue), \(stamp))
            ON CONFLICT (name) DO UPDATE SET stamp = \(stamp)
            """)
    }

    /// Everything public pages hang on, as one list: the numbers of all kinds, the tree's and the campaigns'. Equal lists, equal
    /// pages.
    static func all(in db: any Reading) throws -> [String: Int64] {
        var stamps: [String: Int64] = [:]
        try db.rows(
            """
            SELECT name, stamp FROM page_stamp UNION ALL SELECT 'structure', stamp FROM structure
            UNION ALL SELECT 'campaigns', CAST(coalesce(sum(stamp), 0) AS bigint) FROM campaign
            """
        ) { row in
            stamps[try row.next(String.self)] = try row.next(Int64.self)
            return true
        }
        return stamps
    }
}
