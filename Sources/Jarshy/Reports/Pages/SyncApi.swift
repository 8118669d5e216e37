import JarshyKit
import Storage

/// `POST /api/v1/sync`: operations of a device or a program, in batches of at most 50. See `docs/api/sync.md`.
///
/// Once the envelope parses the answer is 200, and each operation's outcome is its only success. Outcomes stand in the
/// order of the operations; a stored receipt is spliced in byte for byte.
enum SyncApi {
    static let mostOperations = 50

    static func routes(_ site: inout Routes, intake: Intake) {
        site.post("/api/v1/sync", .bearer, limit: .sync, api: note) { visit in
            // A refusal is a final receipt; a token that may only read must not spend its operations' ids.
            let actor = try visit.require()
            if let allowed = actor.allowed, allowed.isDisjoint(with: TokenScope.sync.allowed ?? []) {
                throw Problem.forbidden(Right.fileReports.rawValue)
            }
            let envelope: SyncEnvelope
            do {
                envelope = try SyncEnvelope(try visit.json())
            } catch let fault as JsonReader.Fault {
                return badJson(fault, instance: visit.id)
            }
            let outcomes = try await answer(envelope, visit, intake)
            return .json("{\"outcomes\":[\(outcomes.map(\.receipt).joined(separator: ","))]}")
        }
        site.get("/api/v1/time", .bearer, api: timeNote) { visit in
            let person = try visit.require().person
            let kept = try await visit.read { db in
                try db.first(Blob.self, "SELECT value FROM secret WHERE name = 'server-token'")?.bytes
            }
            let secret: [UInt8]
            if let kept {
                secret = kept
            } else {
                secret = try await visit.write { db in try ServerToken.secret(in: db) }
            }
            let token = ServerToken.make(at: visit.now, person: person, secret: secret)
            return .json("{\"server_token\":\(Json.quoted(token)),\"now\":\(visit.now.milliseconds)}")
                .header("cache-control", "no-store")
        }
    }

    /// Operations without an id are refused at once and not stored; the others are applied in their order.
    private static func answer(_ envelope: SyncEnvelope, _ visit: Visit, _ intake: Intake) async throws -> [Outcome] {
        let actor = try visit.require()
        let authored = try await DeviceSignatures.authors(
            of: envelope.operations, sentBy: actor, device: visit.visitor?.device, at: visit.now, in: visit.database)
        let applied = try await intake.submit(
            authored.compactMap { if case .taken(let operation, let author) = $0 { (operation, author) } else { nil } },
            at: visit.now)
        var (next, author) = (applied.makeIterator(), authored.makeIterator())
        let outcomes = envelope.slots.compactMap { slot -> Outcome? in
            if case .refused(let outcome) = slot { return outcome }
            if case .refused(let outcome) = author.next() { return outcome }
            return next.next()
        }
        for outcome in outcomes {
            visit.metrics.syncOperation(result: outcome.isCompeting ? "competing" : outcome.status.rawValue)
        }
        return outcomes
    }

    /// With the place of the fault as members of their own, so that a program need not read the sentence.
    private static func badJson(_ fault: JsonReader.Fault, instance: String) -> Reply {
        let problem = Problem(
            "bad-json", status: 400,
            "The JSON cannot be read at line \(fault.line), column \(fault.column): \(fault.reason).")
        let json =
            problem.json(instance: instance).dropLast()
            + ",\"line\":\(fault.line),\"column\":\(fault.column),\"offset\":\(fault.offset)}"
        return Reply(
            status: 400, headers: [("content-type", "application/problem+json")], body: .bytes(Array(json.utf8)))
    }

    private static let note = ApiNote(
        summary: "Applies up to 50 operations; one outcome each, in their order",
        body: """
            {"type":"object","required":["ops"],"properties":{"device":{"type":"string","maxLength":200},
            "ops":{"type":"array","maxItems":50,"items":{"type":"object","required":["op","kind"],"properties":{
            "op":{"type":"string","format":"uuid"},"kind":{"type":"string",
            "enum":["report.file","report.correct","report.void","report.check","report.settle"]}}}}}}
            """,
        answer: """
            {"type":"object","required":["outcomes"],"properties":{"outcomes":{"type":"array","items":{"type":"object",
            "required":["op","status"],"properties":{"op":{"type":"string"},
            "status":{"type":"string","enum":["accepted","refused","mismatch","parked"]},
            "effect":{"type":"string","enum":["applied","competing"]},"report":{"type":"string","format":"uuid"},
            "rev":{"type":"integer"},"stream":{"type":"string","format":"uuid"},"seq":{"type":"integer"},
            "flags":{"type":"array","items":{"type":"string"}},"problem":{"type":"object"}}}}}}
            """)

    private static let timeNote = ApiNote(
        summary: "The server's moment, sealed for the caller, to be put into operations written offline",
        answer: """
            {"type":"object","required":["server_token","now"],"properties":{
            "server_token":{"type":"string"},
            "now":{"type":"integer","description":"milliseconds since 1970-01-01T00:00:00Z"}}}
            """)
}

/// What `/api/v1/sync` was sent, read as far as it must be to answer every operation.
struct SyncEnvelope: Sendable {
    enum Slot: Sendable {
        case operation(Operation)
        case refused(Outcome)
    }

    let slots: [Slot]

    var operations: [Operation] {
        slots.compactMap { if case .operation(let operation) = $0 { operation } else { nil } }
    }

    /// - Throws: `Problem` 400 for an envelope that is none, 413 for more than 50 operations.
    init(_ json: Json) throws {
        guard json.members != nil else {
            throw SyncEnvelope.broken("", "The body must be an object with 'device' and 'ops'.")
        }
        var device = ""
        if let given = json["device"], given != .null {
            guard let text = given.text, text.utf8.count <= 200, !text.utf8.contains(0) else {
                throw SyncEnvelope.broken("device", "'device' must be text of at most 200 bytes.")
            }
            device = text
        }
        guard let ops = json["ops"]?.list else {
            throw SyncEnvelope.broken("ops", "'ops' must be a list of operations.")
        }
        guard ops.count <= SyncApi.mostOperations else {
            throw Problem(
                "too-many-operations", status: 413,
                "There are \(ops.count) operations; at most \(SyncApi.mostOperations) are taken. Nothing was applied.")
        }
        slots = ops.enumerated().map { index, op in SyncEnvelope.slot(op, at: index, device: device) }
    }

    private static func slot(_ op: Json, at index: Int, device: String) -> Slot {
        guard op.members != nil else {
            return .refused(refused(op, "ops[\(index)]", "not-an-object", "An operation is an object."))
        }
        guard let operation = Operation(op, device: device, door: .sync) else {
            return .refused(
                refused(
                    op, "ops[\(index)].op", "not-a-uuid", "'op' must be a UUID made by the author of the operation."))
        }
        // No engine keeps a zero byte in text; told here, with its place, rather than as a fault of the server.
        if let place = zeroByte(in: op, at: "ops[\(index)]") {
            return .refused(refused(op, place, "zero-byte", "Text must not hold the character U+0000."))
        }
        return .operation(operation)
    }

    private static func refused(_ op: Json, _ place: String, _ slug: String, _ detail: String) -> Outcome {
        let id = String((op["op"]?.text ?? "").prefix(64))
        return .refused(id, Problem.invalid([Problem.Fault(place, slug, detail)]))
    }

    private static func zeroByte(in json: Json, at place: String) -> String? {
        switch json {
        case .text(let text): text.utf8.contains(0) ? place : nil
        case .list(let values):
            values.enumerated().lazy.compactMap { zeroByte(in: $1, at: "\(place)[\($0)]") }.first
        case .object(let members):
            members.lazy.compactMap { member in
                member.key.utf8.contains(0) ? place : zeroByte(in: member.value, at: "\(place).\(member.key)")
            }.first
        default: nil
        }
    }

    private static func broken(_ field: String, _ detail: String) -> Problem {
        Problem("bad-envelope", status: 400, detail, errors: [Problem.Fault(field, "wrong-type", detail)])
    }
}

extension Outcome {
    /// Accepted, but counted nowhere until settled. Told from the receipt, which is also all a resend has.
    var isCompeting: Bool { status == .accepted && receipt.contains("\"effect\":\"competing\"") }

    /// What a form makes of an outcome: the report it is about, or the problem to show.
    func accepted() throws -> ReportID {
        if status == .accepted, let report { return report }
        if status == .parked, let problem, problem.status == 404 { throw Problem.notFound("report") }
        throw problem ?? Problem("refused", status: 422, "The operation was refused.")
    }
}
