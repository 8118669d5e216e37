import Crypto
import JarshyKit
import Storage

/// Finds out whose operations these are, before any transaction: signatures are checked in parallel and never hold the intake.
enum DeviceSignatures {
    /// An operation with its author, or why it cannot be taken. What is refused here is not stored.
    enum Slot: Sendable {
        case taken(Operation, by: Actor)
        case refused(Outcome)
    }

    static func isPoint(_ key: [UInt8]) -> Bool { (try? P256.Signing.PublicKey(x963Representation: key)) != nil }

    /// - Parameters:
    ///   - caller: who sent them.
    ///   - device: the caller's device, when its credential was used; such a caller signs everything.
    static func authors(
        of operations: [Operation], sentBy caller: Actor, device: DeviceID?, at now: Instant, in database: Database
    ) async throws -> [Slot] {
        let signed = operations.contains { $0.body["sig"] != nil || $0.body["key"] != nil || $0.body["author"] != nil }
        guard signed || device != nil else { return operations.map { .taken($0, by: caller) } }
        let keys = Set(operations.compactMap { $0.body["key"]?.text.flatMap { DeviceID($0) } })
        let (devices, others) = try await database.read { db in
            let devices = try Device.find(keys, in: db)
            let strangers = Set(devices.values.map(\.person)).subtracting([caller.person])
            return (devices, try authors(strangers, on: Zone.kazakhstan.day(at: now), in: db))
        }
        return await withTaskGroup(of: (Int, Slot).self) { group in
            for (index, operation) in operations.enumerated() {
                group.addTask {
                    do {
                        return (index, try slot(operation, caller, device, devices, others))
                    } catch {
                        let problem = error as? Problem ?? Problem("signature", status: 403, "The signature cannot be checked.")
                        return (index, .refused(.refused(operation.id.description, problem)))
                    }
                }
            }
            var slots = [Slot?](repeating: nil, count: operations.count)
            for await (index, slot) in group { slots[index] = slot }
            return slots.compactMap { $0 }
        }
    }

    private static func slot(
        _ operation: Operation, _ caller: Actor, _ own: DeviceID?, _ devices: [DeviceID: Device], _ others: [PersonID: Actor]
    ) throws -> Slot {
        let author = operation.body["author"]?.text
        guard let signature = operation.body["sig"]?.text, let key = operation.body["key"]?.text else {
            if own == nil, author == nil || author == caller.person.description { return .taken(operation, by: caller) }
            throw Problem(
                "signature-required", status: 403,
                own == nil
                    ? "Another author's operation must be signed with that author's device key."
                    : "What a device sends is signed with its key.")
        }
        guard let device = DeviceID(key).flatMap({ devices[$0] }), author == device.person.description else {
            throw Problem("signature", status: 403, "The key is not one of the author's devices.")
        }
        guard let raw = Base64URL.decoded(signature), let sealed = try? P256.Signing.ECDSASignature(rawRepresentation: raw),
            let publicKey = try? P256.Signing.PublicKey(x963Representation: device.publicKey),
            publicKey.isValidSignature(sealed, for: operation.body.canonical(leaving: ["sig"]))
        else { throw Problem("signature", status: 403, "The signature does not fit the operation. Nothing was applied.") }
        guard let actor = device.person == caller.person ? caller : others[device.person] else {
            throw Problem("signature", status: 403, "The author is not known here.")
        }
        var operation = operation
        operation.sealed(by: device)
        return .taken(operation, by: actor)
    }

    /// Authors whose work somebody else brings; a closed account does not undo what was written before.
    private static func authors(_ people: Set<PersonID>, on day: Day, in db: any Reading) throws -> [PersonID: Actor] {
        var actors: [PersonID: Actor] = [:]
        for chunk in Padded.chunks(people.sorted()) {
            let rows = try db.all("SELECT id, name, language FROM person WHERE id IN \(chunk)") { row in
                (id: try row.next(PersonID.self), name: try row.next(String.self), language: try row.next(Language.self))
            }
            for row in rows {
                actors[row.id] = try Actors.load(
                    row.id, name: row.name, language: row.language, kind: .token, allowed: TokenScope.sync.allowed, on: day,
                    in: db)
            }
        }
        return actors
    }
}
