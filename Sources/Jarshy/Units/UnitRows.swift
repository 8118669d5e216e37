import JarshyKit
import Storage

/// A code and when it was the unit's; nil days are "always" and "still".
struct UnitCodeSpan: Sendable, Hashable {
    let code: String
    let scheme: String
    let from: Day?
    /// Exclusive.
    let to: Day?
}

/// A deed on a unit, for its page.
struct UnitDeed: Sendable {
    let at: Instant
    /// "" when nobody is named: the operator of the command line.
    let who: String
    let subject: String
    let verb: String
    let detail: String
}

/// What pages read of units beside the tree; every SELECT of this feature stands here, in `TreeRows` or in
/// `UnitSearch`.
enum UnitRows {
    static func codes(of unit: UnitNo, in db: any Reading) throws -> [UnitCodeSpan] {
        try db.all(
            """
            SELECT code, scheme, from_day, to_day FROM unit_code WHERE unit = \(unit)
            ORDER BY coalesce(from_day, -1000000) DESC, code
            """
        ) { row in
            UnitCodeSpan(code: try row.next(), scheme: try row.next(), from: try row.next(), to: try row.next())
        }
    }

    /// The newest deeds on the unit's place in the tree and its names; reports have their own history.
    static func deeds(on unit: UnitNo, limit: Int = 10, in db: any Reading) throws -> [UnitDeed] {
        try db.all(
            """
            SELECT f.at, coalesce(p.name, ''), f.subject, f.verb, f.detail
            FROM feed f LEFT JOIN person p ON p.id = f.actor
            WHERE f.unit = \(unit) AND f.subject IN ('unit', 'structure') ORDER BY f.at DESC, f.id DESC LIMIT \(limit)
            """
        ) { row in
            UnitDeed(
                at: try row.next(), who: try row.next(), subject: try row.next(), verb: try row.next(),
                detail: try row.next())
        }
    }
}
