import JarshyKit
import Logging
import Storage

/// The one way into the ledger. Operations that wait are drained into one transaction of at most 64, committed once, and then
/// every caller is answered: acknowledged means durable. Nothing waits while the intake is idle.
///
/// If the database fails on a group, the group is rolled back and run again one operation a transaction, so that a poisoned
/// one cannot hurt its neighbours; transient trouble is thrown to the caller (503) and is never an outcome.
actor Intake {
    static let groupSize = 64

    private struct Request {
        let submissions: [Submission]
        let answer: CheckedContinuation<[Outcome], any Error>
    }

    private enum Turn {
        case requests(Request)
        case structure(@Sendable () async -> Void)
    }

    private let database: Database
    private let kinds: LedgerKinds
    private let zone: Zone
    private let logger: Logger
    private let changed: @Sendable (Set<UnitNo>) -> Void
    private var waiting: [Turn] = []
    private var isDraining = false
    private var interned = Interned()

    /// - Parameter changed: told after each commit which units' boards have changed.
    init(
        database: Database, kinds: LedgerKinds = .reports, zone: Zone = .kazakhstan,
        logger: Logger = Logger(label: "jarshy.intake"), changed: @escaping @Sendable (Set<UnitNo>) -> Void = { _ in }
    ) {
        self.database = database
        self.kinds = kinds
        self.zone = zone
        self.logger = logger
        self.changed = changed
    }

    /// Applies operations in order and answers when they are durable.
    func submit(_ operations: [Operation], by actor: Actor, at now: Instant) async throws -> [Outcome] {
        try await submit(operations.map { (operation: $0, author: actor) }, at: now)
    }

    /// The same for operations of several authors, as a courier brings them.
    func submit(_ operations: [(operation: Operation, author: Actor)], at now: Instant) async throws -> [Outcome] {
        guard !operations.isEmpty else { return [] }
        let submissions = operations.map { Submission(operation: $0.operation, actor: $0.author, at: now, kinds: kinds) }
        return try await withCheckedThrowingContinuation { continuation in
            enqueue(.requests(Request(submissions: submissions, answer: continuation)))
        }
    }

    /// Runs a change of the tree alone in its transaction, in its turn.
    func change<Deed: StructureAction>(_ deed: Deed, by actor: Actor, at now: Instant) async throws -> Deed.Result {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(
                .structure {
                    do {
                        continuation.resume(returning: try await self.perform(deed, by: actor, at: now))
                    } catch {
                        continuation.resume(throwing: error)
                    }
                })
        }
    }

    private func enqueue(_ turn: Turn) {
        waiting.append(turn)
        guard !isDraining else { return }
        isDraining = true
        Task { await self.drain() }
    }

    private func drain() async {
        while !waiting.isEmpty {
            if case .structure(let work) = waiting[0] {
                waiting.removeFirst()
                await work()
                continue
            }
            var requests: [Request] = []
            var size = 0
            while size < Intake.groupSize, let first = waiting.first, case .requests(let request) = first,
                size == 0 || size + request.submissions.count <= Intake.groupSize
            {
                requests.append(request)
                size += request.submissions.count
                waiting.removeFirst()
            }
            await run(requests)
        }
        isDraining = false
    }

    private func run(_ requests: [Request]) async {
        do {
            let outcomes = try await apply(requests.flatMap(\.submissions))
            var at = 0
            for request in requests {
                request.answer.resume(returning: Array(outcomes[at..<(at + request.submissions.count)]))
                at += request.submissions.count
            }
        } catch {
            logger.warning("a group was rolled back and is run one by one", metadata: ["error": "\(error)"])
            for request in requests { await runAlone(request) }
        }
    }

    private func runAlone(_ request: Request) async {
        var outcomes: [Outcome] = []
        for submission in request.submissions {
            do {
                outcomes += try await apply([submission])
            } catch let error as StorageError where error.isTransient {
                request.answer.resume(throwing: error)
                return
            } catch {
                logger.error(
                    "an operation cannot be applied",
                    metadata: ["op": "\(submission.operation.id)", "error": "\(error)"])
                // Not a refusal, which would be final: a resend may be accepted once the fault is mended.
                let problem = Problem("internal", status: 500, "The server failed on this operation. It was not applied; send it again later.")
                outcomes.append(.parked(submission.operation, problem))
            }
        }
        request.answer.resume(returning: outcomes)
    }

    private func apply(_ submissions: [Submission]) async throws -> [Outcome] {
        let group = Group(submissions: submissions)
        let result = try await database.write(.intake) { [interned, zone] db in
            try group.apply(in: db, today: { zone.day(at: $0) }, interned: interned)
        }
        interned = result.interned
        if !result.touched.isEmpty { changed(result.touched) }
        return result.outcomes
    }

    private func perform<Deed: StructureAction>(_ deed: Deed, by actor: Actor, at now: Instant) async throws -> Deed.Result {
        let today = zone.day(at: now)
        let (value, interned, touched) = try await database.write(.intake) { [interned] db in
            // First the structure's row: two changes of the tree, in two processes, must not plan from one and the same tree.
            _ = try db.first(Int64.self, "SELECT stamp FROM structure WHERE id = 1\(SQL.forUpdate(db.dialect))")
            let books = Books(
                db: db, now: now, today: today, tree: try Tree.current(in: db), campaigns: try Campaigns.current(in: db),
                interned: interned)
            let value = try deed.perform(by: actor, on: books)
            try books.flush()
            return (value, books.interned, books.touched)
        }
        self.interned = interned
        if !touched.isEmpty { changed(touched) }
        return value
    }
}

/// A change of the tree: alone in its transaction, because it may move the figures of many reports.
protocol StructureAction<Result>: Sendable {
    associatedtype Result: Sendable
    func perform(by actor: Actor, on books: Books) throws -> Result
}
