import JarshyKit
import Storage

/// What a courier brings of another person's phone: a file, or the texts of QR codes.
///
/// Each operation is judged by its author's key and rights, exactly as when the phone sends it, and its receipt stands under
/// the author. So whatever arrives twice, by two ways or in two hands, counts once, and a courier can change nothing.
///
///     GET  /field-import
///     POST /field-import    multipart: `file`, or `queue` as text; works without scripts
enum HandOver {
    static func routes(_ site: inout Routes, intake: Intake) {
        site.get("/field-import", .signedIn) { visit in page(visit, problem: nil) }
        site.post("/field-import", .signedIn, limit: .upload) { visit in
            try await visit.attempt(
                { try await take(visit, intake) }, again: { page(visit, problem: $0) })
        }
    }

    /// What became of one queue.
    struct Result: Sendable {
        var fresh = 0
        var known = 0
        var waiting = 0
        var unreadable = 0
        var refused: [(number: Int64?, problem: Problem)] = []
    }

    private static func page(_ visit: Visit, problem: Problem?, result: Result? = nil) -> Reply {
        let model = HandOverPage(problem: problem, result: result, typed: visit.form.text("queue"), words: visit.words)
        return .page("hand_over", model, PageHead(model.heading))
    }

    private static func take(_ visit: Visit, _ intake: Intake) async throws -> Reply {
        let bytes = visit.file("file")?.bytes ?? Array(visit.form.text("queue").utf8)
        guard !bytes.isEmpty else {
            throw Problem.invalid([Problem.Fault("file", "missing", "Choose the file or paste the texts of the QR codes.")])
        }
        let queue = try QueueText(bytes)
        var result = Result(unreadable: queue.unreadable)
        var at = 0
        while at < queue.operations.count {
            let part = Array(queue.operations[at..<min(at + SyncApi.mostOperations, queue.operations.count)])
            try await judge(part, visit, intake, into: &result)
            at += part.count
        }
        return page(visit, problem: nil, result: result)
    }

    private static func judge(_ part: [Operation], _ visit: Visit, _ intake: Intake, into result: inout Result) async throws {
        let slots = try await DeviceSignatures.authors(
            of: part, sentBy: try visit.require(), device: nil, at: visit.now, in: visit.database)
        var taken: [(operation: Operation, author: Actor)] = []
        for (slot, operation) in zip(slots, part) {
            switch slot {
            case .taken(let operation, let author): taken.append((operation, author))
            case .refused(let outcome):
                if let problem = outcome.problem { result.refused.append((operation.deviceNumber, problem)) }
            }
        }
        let (ids, sought) = (taken.map(\.operation.id), taken)
        let known = try await visit.read { db in try arrived(ids, in: db) }
        let outcomes = try await intake.submit(taken, at: visit.now)
        for ((operation, author), outcome) in zip(sought, outcomes) {
            visit.metrics.syncOperation(result: outcome.isCompeting ? "competing" : outcome.status.rawValue)
            switch (outcome.status, outcome.problem) {
            case (.accepted, _) where known.contains(Arrival(author: author.person, op: operation.id)): result.known += 1
            case (.accepted, _): result.fresh += 1
            case (.parked, _): result.waiting += 1
            case (_, let problem?): result.refused.append((operation.deviceNumber, problem))
            case (_, nil): result.known += 1
            }
        }
    }

    private struct Arrival: Hashable {
        let author: PersonID
        let op: OperationID
    }

    private static func arrived(_ ids: [OperationID], in db: any Reading) throws -> Set<Arrival> {
        var found: Set<Arrival> = []
        for chunk in Padded.chunks(ids) {
            try db.rows("SELECT author, op FROM inbox WHERE op IN \(chunk)") { row in
                found.insert(Arrival(author: try row.next(), op: try row.next()))
                return true
            }
        }
        return found
    }
}
