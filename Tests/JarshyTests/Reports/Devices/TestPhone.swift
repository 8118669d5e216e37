import Crypto
import JarshyKit
import Storage

@testable import Jarshy

/// A phone as the server meets it: registered over HTTP, sealing what it writes with a key of its own.
final class TestPhone {
    let key: P256.Signing.PrivateKey
    let id: DeviceID
    let token: String
    let person: PersonID
    var serverToken: String
    /// What the next operation is numbered, and the hash it follows.
    var next: Int64 = 1
    var last: String?
    /// All it ever sealed, in order.
    private(set) var sent: [Json] = []

    private init(_ key: P256.Signing.PrivateKey, _ answer: Json) throws {
        guard let id = answer["device"]?.text.flatMap({ DeviceID($0) }),
            let person = answer["person"]?["id"]?.text.flatMap({ PersonID($0) }), let token = answer["token"]?.text,
            let serverToken = answer["server_token"]?.text
        else { throw Problem("test", status: 500, "no credential: \(answer)") }
        (self.key, self.id, self.person, self.token, self.serverToken) = (key, id, person, token, serverToken)
    }

    /// Signs in on a new phone.
    static func signIn(_ login: String, on site: TestSite) async throws -> TestPhone {
        let key = P256.Signing.PrivateKey()
        let page = try await signIn(login, password: TestSite.password, key: key, on: site)
        return try TestPhone(key, page.json)
    }

    static func signIn(
        _ login: String, password: String, key: P256.Signing.PrivateKey, on site: TestSite
    ) async throws -> TestPage {
        let body = """
            {"login":"\(login)","password":"\(password)","name":"Galaxy A05",\
            "public_key":"\(Base64URL.encoded(Array(key.publicKey.x963Representation)))"}
            """
        return try await site.browser().send(
            "POST", "/api/v1/devices", headers: ["content-type": "application/json"], body: Array(body.utf8))
    }

    /// Numbers, chains and signs an operation.
    func seal(_ members: [(String, Json)], id: UInt64, serverToken: String? = nil) throws -> Json {
        try seal(members, op: Ops.id(id), serverToken: serverToken)
    }

    func seal(_ members: [(String, Json)], op: String, serverToken: String? = nil) throws -> Json {
        var all: [Json.Member] = members.map { .init($0.0, $0.1) }
        all += [
            .init("op", .text(op)), .init("author", .text(person.description)), .init("key", .text(self.id.description)),
            .init("n", .integer(next)), .init("server_token", .text(serverToken ?? self.serverToken)),
        ]
        if let last { all.append(.init("prev", .text(last))) }
        let bytes = Json.object(all).canonical()
        let signature = try key.signature(for: bytes)
        next += 1
        last = Hex.encoded(Array(SHA256.hash(data: bytes)))
        let sealed = Json.object(all + [.init("sig", .text(Base64URL.encoded(Array(signature.rawRepresentation))))])
        sent.append(sealed)
        return sealed
    }

    func file(
        _ id: UInt64, unit: String = "P111", day: String = "2026-01-10", attendees: Int64 = 57, more: [(String, Json)] = []
    ) throws -> Json {
        try seal(
            [
                ("kind", .text("report.file")), ("campaign", .text("test")), ("unit", .text(unit)), ("day", .text(day)),
                ("activity", .text("meeting")), ("audience", .text("residents")), ("channel", .text("in_person")),
                ("metrics", .object([.init("events", .integer(1)), .init("attendees", .integer(attendees))])),
            ] + more, id: id)
    }

    /// What a correction or a void is based on: a number, or an operation of one's own.
    enum Base {
        case rev(Int64)
        case op(UInt64)

        var member: (String, Json) {
            switch self {
            case .rev(let rev): ("base_rev", .integer(rev))
            case .op(let id): ("base_op", .text(Ops.id(id)))
            }
        }
    }

    func correct(
        _ id: UInt64, of report: UInt64, _ base: Base, attendees: Int64, more: [(String, Json)] = []
    ) throws -> Json {
        try seal(
            [
                ("kind", .text("report.correct")), ("report", .text(Ops.id(report))), base.member,
                ("reason", .text("recount")),
                ("metrics", .object([.init("events", .integer(1)), .init("attendees", .integer(attendees))])),
            ] + more, id: id)
    }

    func correct(_ id: UInt64, of report: UInt64, base: Int64, attendees: Int64) throws -> Json {
        try correct(id, of: report, .rev(base), attendees: attendees)
    }

    func void(_ id: UInt64, of report: UInt64, _ base: Base) throws -> Json {
        try seal(
            [
                ("kind", .text("report.void")), ("report", .text(Ops.id(report))), base.member, ("reason", .text("twice")),
            ], id: id)
    }

    /// The phone hears the server's word anew.
    func hear(_ site: TestSite) async throws {
        let answer = try await site.browser().api(get: "/api/v1/time", token: token)
        serverToken = answer.json["server_token"]?.text ?? serverToken
    }
}

extension TestPage {
    /// A member of each outcome of a sync, as text; nil where it is none.
    func outcomes(_ key: String) -> [String?] { (json["outcomes"]?.list ?? []).map { $0[key]?.text } }

    /// The slug of each outcome's problem.
    var problems: [String?] {
        (json["outcomes"]?.list ?? []).map { $0["problem"]?["type"]?.text?.split(separator: "/").last.map(String.init) }
    }
}

extension TestSite {
    /// Attendances that count for a unit, as reported.
    func attendees(_ unit: String) async throws -> Int64 {
        let no = try await self.unit(unit)
        return try await database.read { db in
            try db.value(
                "SELECT CAST(coalesce(sum(m1), 0) AS bigint) FROM total_unit WHERE unit = \(no) AND layer < 3 AND basis = 0",
                as: Int64.self)
        }
    }

    func recountIsClean() async throws -> Bool { try await Recount.run(database).isClean }

    /// Sends operations as they are, with any credential.
    func sync(_ ops: [Json], token: String) async throws -> TestPage {
        let body = Json.object([.init("device", .text("test")), .init("ops", .list(ops))])
        return try await browser().api("/api/v1/sync", token: token, String(decoding: body.canonical(), as: UTF8.self))
    }
}

extension Json {
    /// The same operation with one member changed after it was signed.
    func altered(_ key: String, _ value: Json) -> Json {
        .object((members ?? []).map { $0.key == key ? .init(key, value) : $0 })
    }
}
