internal import Dispatch
internal import Foundation
internal import Synchronization

/// A bounded number of connections, each owned by a thread of its own because libpq blocks; work waits in the order it
/// came.
///
/// Threads start when there is work for them, and stay.
final class PostgresPool: Sendable {
    private struct Job: Sendable {
        let ticket: PostgresTicket
        let run: @Sendable (PostgresWorker) -> Void
    }

    private struct State {
        var queue: [Job] = []
        var head = 0
        var idle = 0
        var workers = 0
        var isClosing = false
        var session: PostgresSession?
        var closers: [CheckedContinuation<Void, Never>] = []

        var waiting: Int { queue.count - head }

        mutating func pop() -> Job? {
            guard head < queue.count else { return nil }
            let job = queue[head]
            head += 1
            if head == queue.count || head > 1000 {
                queue.removeFirst(head)
                head = 0
            }
            return job
        }
    }

    /// Work that may wait. Beyond this the server is hopelessly behind, and saying so at once is kinder.
    private static let room = 4096

    private let url: String
    private let options: DatabaseOptions
    private let shelf = Shelf()
    private let state: Mutex<State>
    private let wake = DispatchSemaphore(value: 0)

    /// - Parameter session: a connection already open, for the first worker.
    init(url: String, options: DatabaseOptions, session: PostgresSession) {
        self.url = url
        self.options = options
        var state = State()
        state.session = session
        self.state = Mutex(state)
    }

    /// Runs `work` on a worker's thread.
    /// - Throws: what `work` throws; `StorageError.cancelled` when the task is cancelled while waiting, `.busy` when
    /// too much
    ///   is waiting, `.lost` after `close`
    func perform<Value: Sendable>(
        _ work: @escaping @Sendable (PostgresWorker, PostgresTicket) throws -> Value
    ) async throws -> Value {
        let ticket = PostgresTicket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
                guard ticket.wait({ continuation.resume(throwing: StorageError.cancelled) }) else {
                    return continuation.resume(throwing: StorageError.cancelled)
                }
                let job = Job(ticket: ticket) { worker in
                    continuation.resume(with: Result { try work(worker, ticket) })
                }
                // The ticket decides who answers: whoever moves it out of the queue.
                if let refusal = enqueue(job), ticket.start() { continuation.resume(throwing: refusal) }
            }
        } onCancel: {
            ticket.cancel()
        }
    }

    /// Lets waiting work finish and ends the threads, without waiting for it.
    func shutDown() {
        let idle = state.withLock { state in
            state.isClosing = true
            state.session = nil
            defer { state.idle = 0 }
            return state.idle
        }
        for _ in 0..<idle { wake.signal() }
    }

    func close() async {
        shutDown()
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.workers > 0 { state.closers.append(continuation) }
                return state.workers == 0
            }
            if isDone { continuation.resume() }
        }
    }

    private func enqueue(_ job: Job) -> StorageError? {
        enum Next {
            case start, signal, nothing
            case refuse(StorageError)
        }
        let next: Next = state.withLock { state in
            if state.isClosing { return .refuse(.lost("the database is closed")) }
            if state.waiting >= PostgresPool.room { return .refuse(.busy("too much work is waiting")) }
            state.queue.append(job)
            if state.idle > 0 {
                state.idle -= 1
                return .signal
            }
            guard state.workers < max(1, options.connections) else { return .nothing }
            state.workers += 1
            return .start
        }
        switch next {
        case .start: start()
        case .signal: wake.signal()
        case .nothing: break
        case .refuse(let error): return error
        }
        return nil
    }

    private func start() {
        let thread = Thread { [self] in work() }
        thread.name = "postgres"
        thread.stackSize = 8 << 20
        thread.start()
    }

    private func work() {
        let session = state.withLock { state in
            defer { state.session = nil }
            return state.session
        }
        let worker = PostgresWorker(url: url, options: options, shelf: shelf, session: session)
        while let job = take() {
            if job.ticket.start() { job.run(worker) }
        }
        worker.close()
        let closers = state.withLock { state in
            state.workers -= 1
            guard state.workers == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }

    private func take() -> Job? {
        while true {
            var isOver = false
            let job = state.withLock { state in
                if let job = state.pop() { return Optional(job) }
                isOver = state.isClosing
                if !isOver { state.idle += 1 }
                return nil
            }
            if job != nil || isOver { return job }
            wake.wait()
        }
    }
}
