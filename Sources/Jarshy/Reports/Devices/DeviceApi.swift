import JarshyKit
import Storage

/// A phone's own doors.
enum DeviceApi {
    static func add(_ visit: Visit, _ people: PeopleParts) async throws -> Reply {
        var fields = Members(try visit.json(), common: [])
        let login = fields.neededText("login")
        let password = fields.neededText("password", longest: 1024)
        let name = fields.neededText("name", longest: Device.longestName)
        let key = Base64URL.decoded(fields.neededText("public_key")) ?? []
        if key.count != Device.pointBytes || !DeviceSignatures.isPoint(key) {
            fields.add([Problem.Fault("public_key", "not-key", "'public_key' is no point of P-256, 65 bytes in base64url.")])
        }
        try fields.finish()
        let signIn = SignIn(
            login: login, password: password, address: visit.address, agent: visit.head["user-agent"] ?? "", shown: nil)
        let now = visit.now
        let (account, subjects) = try await signIn.verified(visit.database, people.passwords, at: now, pause: people.pause)
        let (credential, token) = try await visit.write { db in
            try SignInLimits.succeeded(subjects, at: now, in: db)
            let credential = try AddDevice(name: name.isEmpty ? "phone" : name, publicKey: key)
                .perform(by: account.actor, at: now, in: db)
            let secret = try ServerToken.secret(in: db)
            return (credential, ServerToken.make(at: now, person: account.person, secret: secret))
        }
        let answer = Json.object([
            .init("device", .text(credential.device.description)), .init("token", .text(credential.token)),
            .init("person", .object([
                .init("id", .text(account.person.description)), .init("name", .text(account.name)),
                .init("language", .text(account.language.rawValue)),
            ])),
            .init("expires", .integer(credential.expires.milliseconds)), .init("server_token", .text(token)),
            .init("now", .integer(now.milliseconds)),
        ])
        return .json(answer.canonical(), status: 201).header("cache-control", "no-store")
    }

    static func own(_ visit: Visit) async throws -> Reply {
        let (actor, id) = (try visit.require(), try device(visit))
        let gaps = try await visit.read { db in try DeviceGaps.of([id], in: db)[id] ?? DeviceGaps() }
        let answer = Json.object([
            .init("device", .text(id.description)), .init("person", .text(actor.person.description)),
            .init("last_n", .integer(gaps.last)),
            .init("missing", .list(gaps.missing.map { .list([.integer($0.lowerBound), .integer($0.upperBound)]) })),
        ])
        return .json(answer.canonical()).header("cache-control", "no-store")
    }

    /// - Throws: 404 for whoever comes with another credential.
    static func device(_ visit: Visit) throws -> DeviceID {
        guard let device = visit.visitor?.device else { throw Problem.notFound("device") }
        return device
    }

    static let addNote = ApiNote(
        summary: "Signs in on a phone and registers its key; the credential is told once",
        body: """
            {"type":"object","required":["login","password","name","public_key"],"properties":{"login":{"type":"string"},
            "password":{"type":"string"},"name":{"type":"string","maxLength":80},
            "public_key":{"type":"string","description":"uncompressed point of P-256, 65 bytes, base64url"}}}
            """,
        answer: """
            {"type":"object","required":["device","token","person","expires","server_token","now"],"properties":{
            "device":{"type":"string","format":"uuid"},"token":{"type":"string"},"person":{"type":"object"},
            "expires":{"type":"integer"},"server_token":{"type":"string"},"now":{"type":"integer"}}}
            """)

    static let selfNote = ApiNote(
        summary: "What the server has of this device: the highest number, and which below it are missing",
        answer: """
            {"type":"object","required":["device","person","last_n","missing"],"properties":{
            "device":{"type":"string","format":"uuid"},"person":{"type":"string","format":"uuid"},
            "last_n":{"type":"integer"},"missing":{"type":"array","items":{"type":"array","items":{"type":"integer"}}}}}
            """)

    static let endNote = ApiNote(summary: "Ends this device's credential and key", answer: "{\"type\":\"object\"}")
}
