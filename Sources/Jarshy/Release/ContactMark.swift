import Crypto
import JarshyKit
import Storage

/// An address as the database remembers it when the address itself is gone: HMAC-SHA256 under the server's own key.
///
/// Letter case and spaces make no difference. Without the key nobody finds an address from its mark, or tries a list of them.
struct ContactMark: Hashable, Sendable, Bindable, Column {
    let hash: Blob

    enum Kind: String, Stored, CaseIterable, Sendable {
        /// Whoever has it asked not to be contacted, by whatever organisation.
        case doNotContact = "do_not_contact"
        /// Letters to it came back for good.
        case bounced
    }

    init(_ address: String, key: [UInt8]) {
        let plain = address.trimmingSpaces().lowercased()
        hash = Blob(Array(HMAC<SHA256>.authenticationCode(for: Array("contact \(plain)".utf8), using: SymmetricKey(data: key))))
    }

    init(at index: Int, of source: any RowSource) throws { hash = try Blob(at: index, of: source) }

    static var sqlType: SQLType { Blob.sqlType }
    var bind: Bind { hash.bind }

    /// The mark of an address; the key is made at first need.
    static func make(_ address: String, in db: any Writing) throws -> ContactMark {
        ContactMark(address, key: try ContactKey.make(in: db))
    }

    /// What is marked of an address; nothing before the first mark.
    static func kinds(of address: String, in db: any Reading) throws -> Set<Kind> {
        guard let key = try ContactKey.find(in: db) else { return [] }
        return Set(try db.all(Kind.self, "SELECT kind FROM address_mark WHERE mark = \(ContactMark(address, key: key))"))
    }

    func set(_ kind: Kind, at now: Instant, in db: any Writing) throws {
        try db.run(
            "INSERT INTO address_mark (mark, kind, at) VALUES (\(self), \(kind), \(now)) ON CONFLICT (mark, kind) DO NOTHING")
    }

    func lift(_ kind: Kind, in db: any Writing) throws {
        try db.run("DELETE FROM address_mark WHERE mark = \(self) AND kind = \(kind)")
    }
}

/// The key of marks; made at first need, kept in the database, never changed: a mark must hold for ever.
enum ContactKey {
    static func make(in db: any Writing) throws -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        let fresh = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        try db.run("INSERT INTO secret (name, value) VALUES ('contact', \(Blob(fresh))) ON CONFLICT (name) DO NOTHING")
        return try db.value("SELECT value FROM secret WHERE name = 'contact'", as: Blob.self).bytes
    }

    static func find(in db: any Reading) throws -> [UInt8]? {
        try db.first(Blob.self, "SELECT value FROM secret WHERE name = 'contact'")?.bytes
    }
}

/// Puts an address that somebody asked not to be contacted at on the list. Needs `takeQuestions` or `routeQuestions` somewhere.
/// The list holds for every organisation and every campaign; the address itself is not kept.
struct BarContact: Action {
    let address: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let today = Zone.kazakhstan.day(at: now)
        guard [.takeQuestions, .routeQuestions].contains(where: { actor.holdsAnywhere($0, on: today) }) else {
            throw Problem.forbidden(Right.takeQuestions.rawValue)
        }
        let plain = address.trimmingSpaces()
        guard plain.utf8.count >= 5, plain.utf8.count <= 200 else {
            throw Problem.invalid([Problem.Fault("address", "not-contact", "This is no phone number and no mail address.")])
        }
        try ContactMark.make(plain, in: db).set(.doNotContact, at: now, in: db)
        try Feed.record(FeedLine("do-not-contact", "address", "mark"), by: actor, at: now, in: db)
    }
}
