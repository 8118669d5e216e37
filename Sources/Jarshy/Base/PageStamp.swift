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

    static func touch(_ kind: PageStamp, in db: any Writing) throws {
        // Drawn inside the transaction's closure: a closure that runs twice must not find the older number.
        let stamp = Int64.random(in: 1...(1 << 62))
        try db.run(
            """
            INSERT INTO page_stamp (name, stamp) VALUES (\(kind.rawValue), \(stamp))
            ON CONFLICT (name) DO UPDATE SET stamp = \(stamp)
            """)
    }

    /// The numbers of all kinds as they stand, in the order of their names; what was never touched is 0.
    static func all(in db: any Reading) throws -> [Int64] {
        var stamps: [String: Int64] = [:]
        try db.rows("SELECT name, stamp FROM page_stamp") { row in
            stamps[try row.next(String.self)] = try row.next(Int64.self)
            return true
        }
        return allCases.map { stamps[$0.rawValue] ?? 0 }
    }
}
