import Crypto
import JarshyKit

/// One operation as it arrived: an id made by its author, the bytes it is bound to, and what it asks for.
///
/// The id is bound to its content by the SHA-256 of the canonical form (RFC 8785) without the signature, so a resend is known
/// whatever the order of its keys, and another content under the same id is known for what it is.
struct Operation: Sendable {
    let id: OperationID
    let kind: String
    let body: Json
    let sha256: [UInt8]
    private(set) var device: String
    let deviceNumber: Int64?
    let door: Door
    /// Set once the signature of a registered device was found good.
    private(set) var seal: Seal?

    struct Seal: Sendable {
        /// When the device was ended: what it wrote later does not count.
        let ended: Instant?
    }

    mutating func sealed(by device: Device) {
        self.device = device.id.description
        seal = Seal(ended: device.ended)
    }

    /// Nil when there is no UUID to answer to; such an operation is refused and not stored.
    init?(_ body: Json, device: String, door: Door) {
        guard let id = body["op"]?.text.flatMap({ OperationID($0) }) else { return nil }
        self.id = id
        self.kind = body["kind"]?.text ?? ""
        self.body = body
        self.sha256 = Array(SHA256.hash(data: body.canonical(leaving: ["sig"])))
        self.device = device
        self.deviceNumber = body["n"]?.integer
        self.door = door
    }
}

/// What became of an operation. `receipt` is the text that is stored and spliced into every answer, byte for byte.
struct Outcome: Sendable {
    let receipt: String
    let status: Status
    /// Set when the operation was refused just now, for a form that wants to show what to mend.
    let problem: Problem?
    let report: ReportID?

    enum Status: String, Sendable {
        case accepted, refused, mismatch, parked
    }
}

extension Outcome {
    static func accepted(
        _ operation: Operation, applied: Bool, report: Report, rev: Int64, stream: UnitID, seq: Int64, flags: Flags
    ) -> Outcome {
        let flagList = flags.list.map { "\"\($0)\"" }.joined(separator: ",")
        let receipt = """
            {"op":"\(operation.id)","status":"accepted","effect":"\(applied ? "applied" : "competing")",\
            "report":"\(report.id)","rev":\(rev),"stream":"\(stream)","seq":\(seq),"flags":[\(flagList)]}
            """
        return Outcome(receipt: receipt, status: .accepted, problem: nil, report: report.id)
    }

    /// An operation that moves no figure: `subject` names in the receipt what it made or changed (`"visit"`).
    static func accepted(_ operation: Operation, _ subject: StaticString, _ id: some CustomStringConvertible) -> Outcome {
        let receipt = """
            {"op":"\(operation.id)","status":"accepted","effect":"applied","\(subject)":"\(id)","flags":[]}
            """
        return Outcome(receipt: receipt, status: .accepted, problem: nil, report: nil)
    }

    static func refused(_ id: String, _ problem: Problem) -> Outcome {
        let receipt = "{\"op\":\(Json.quoted(id)),\"status\":\"refused\",\"problem\":\(problem.json())}"
        return Outcome(receipt: receipt, status: .refused, problem: problem, report: nil)
    }

    static func mismatch(_ operation: Operation, kept: [UInt8]) -> Outcome {
        let problem = Problem(
            "mismatch", status: 409,
            "This id was used before for other content (SHA-256 \(Hex.encoded(kept))); this content is \(Hex.encoded(operation.sha256)). Nothing was changed.")
        let receipt = "{\"op\":\"\(operation.id)\",\"status\":\"mismatch\",\"problem\":\(problem.json())}"
        return Outcome(receipt: receipt, status: .mismatch, problem: problem, report: nil)
    }

    static func parked(_ operation: Operation, _ problem: Problem) -> Outcome {
        let receipt = "{\"op\":\"\(operation.id)\",\"status\":\"parked\",\"problem\":\(problem.json())}"
        return Outcome(receipt: receipt, status: .parked, problem: problem, report: nil)
    }

    /// A stored receipt, read back for a resend.
    static func replayed(_ receipt: String) -> Outcome {
        let json = try? JsonReader.read(Array(receipt.utf8))
        let status = json?["status"]?.text.flatMap { Status(rawValue: $0) } ?? .accepted
        var problem: Problem?
        if let kept = json?["problem"] {
            let slug = (kept["type"]?.text ?? "").split(separator: "/").last.map(String.init) ?? "refused"
            let errors = (kept["errors"]?.list ?? []).map { fault in
                Problem.Fault(fault["field"]?.text ?? "", fault["type"]?.text ?? "", fault["detail"]?.text ?? "")
            }
            problem = Problem(slug, status: Int(kept["status"]?.integer ?? 422), kept["detail"]?.text ?? "", errors: errors)
        }
        return Outcome(
            receipt: receipt, status: status, problem: problem, report: json?["report"]?.text.flatMap { ReportID($0) })
    }
}
