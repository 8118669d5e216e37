import Crypto
import JarshyKit
import Storage

/// Addresses nobody is to be sent to. Only a mark is kept: HMAC-SHA256 under the server's key over the settlement's code and
/// the address in one spelling. So the list names nobody, outlives the addresses, and still knows them when they come again.
enum DoNotContact {
    /// Once asked for is asked for: entering it again after it was taken back puts it in force again.
    static func add(_ mark: Blob, on day: Day, in db: any Writing) throws {
        try db.run(
            """
            INSERT INTO do_not_contact AS d (mark, since_day, taken_back_day, reason) VALUES (\(mark), \(day), NULL, NULL)
            ON CONFLICT (mark) DO UPDATE SET since_day = excluded.since_day, taken_back_day = NULL, reason = NULL
                WHERE d.taken_back_day IS NOT NULL
            """)
    }

    /// The condition on an address `a` that it is not to be visited; for `SELECT` and `WHERE`.
    static let holds: SQL = """
        EXISTS (SELECT 1 FROM do_not_contact n WHERE n.mark = a.mark AND n.taken_back_day IS NULL)
        """

    /// The key of the marks; made at first need, kept in the database.
    static func key(in db: any Writing) throws -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        let fresh = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        try db.run("INSERT INTO secret (name, value) VALUES ('do-not-contact', \(Blob(fresh))) ON CONFLICT (name) DO NOTHING")
        return try db.value("SELECT value FROM secret WHERE name = 'do-not-contact'", as: Blob.self).bytes
    }

    static func mark(_ address: AddressText, in settlement: UnitNo, _ tree: Tree, key: [UInt8]) -> Blob {
        // The first code a unit was given never changes, whatever it is called later.
        let code = tree.allCodes(of: settlement).first ?? tree[settlement]?.id.description ?? ""
        return Blob(Array(HMAC<SHA256>.authenticationCode(
            for: Array("\(code)\n\(address.normal)".utf8), using: SymmetricKey(data: key))))
    }
}
