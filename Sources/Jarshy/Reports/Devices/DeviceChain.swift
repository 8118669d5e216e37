import JarshyKit
import Storage

/// What devices have written, as far as a group needs it: an operation names the one before it by number and hash, so a phone
/// that was set back from a copy, or a key in two hands, shows. Such work counts; a head is told.
struct DeviceChain {
    private struct Place: Hashable {
        let device: String
        let number: Int64
    }

    private struct Link {
        let op: OperationID
        let sha256: [UInt8]
    }

    private var links: [Place: Link] = [:]

    /// One statement for the sealed operations of a group; none where nothing is sealed.
    init(_ operations: [Operation], in db: any Reading) throws {
        let sealed = operations.filter { $0.seal != nil }
        guard !sealed.isEmpty else { return }
        let devices = Array(Set(sealed.map(\.device))).sorted()
        let numbers = Set(sealed.compactMap(\.deviceNumber).flatMap { [$0 - 1, $0] }).sorted()
        for chunk in Padded.chunks(numbers) {
            try db.rows(
                """
                SELECT device, device_n, op, sha256 FROM inbox WHERE device IN \(devices) AND device_n IN \(chunk)
                UNION ALL
                SELECT device, device_n, op, sha256 FROM inbox_again WHERE device IN \(devices) AND device_n IN \(chunk)
                """
            ) { row in
                let place = Place(device: try row.next(), number: try row.next())
                links[place] = Link(op: try row.next(), sha256: try row.next(Blob.self).bytes)
                return true
            }
        }
    }

    /// Takes note of an operation that is kept now, and says whether it does not fit what came before.
    mutating func forks(_ operation: Operation) -> Bool {
        guard operation.seal != nil, let number = operation.deviceNumber else { return false }
        let place = Place(device: operation.device, number: number)
        let before = links[Place(device: operation.device, number: number - 1)]
        let named = operation.body["prev"]?.text
        let follows = before.map { Hex.encoded($0.sha256) == named } ?? (number > 1 || named == nil)
        let isTaken = links[place].map { $0.op != operation.id } ?? false
        if !isTaken { links[place] = Link(op: operation.id, sha256: operation.sha256) }
        return isTaken || !follows
    }
}
