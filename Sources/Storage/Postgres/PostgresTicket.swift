internal import Dispatch
internal import Synchronization

/// The place of one piece of work in the pool: waiting, running or done, and whether its task was cancelled.
final class PostgresTicket: Sendable {
    private enum Phase { case waiting, running, done }

    private struct State {
        var phase = Phase.waiting
        var isCancelled = false
        /// Set when the task is cancelled before a worker took it.
        var refuse: (@Sendable () -> Void)?
        /// Set only while statements of this work may be running.
        var canceller: PostgresCanceller?
    }

    private let state = Mutex(State())
    private let requests = DispatchGroup()

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Takes the place in the queue; false when the task is cancelled already.
    func wait(_ refuse: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            state.refuse = refuse
            if state.isCancelled { state.phase = .done }
            return !state.isCancelled
        }
    }

    /// A worker takes the work; false when it was refused meanwhile.
    func start() -> Bool {
        state.withLock { state in
            guard state.phase == .waiting else { return false }
            state.phase = .running
            state.refuse = nil
            return true
        }
    }

    /// Runs statements that a cancelled task may interrupt. When this returns no request to cancel is under way any
    /// more, so none can hit what the session does next (COMMIT, or another's work).
    func interruptible<Value>(_ canceller: PostgresCanceller, _ body: () throws -> Value) throws -> Value {
        try state.withLock { state in
            if state.isCancelled { throw StorageError.cancelled }
            state.canceller = canceller
        }
        defer {
            state.withLock { $0.canceller = nil }
            requests.wait()
        }
        return try body()
    }

    func cancel() {
        let refuse: (@Sendable () -> Void)? = state.withLock { state in
            guard !state.isCancelled else { return nil }
            state.isCancelled = true
            if state.phase == .waiting {
                state.phase = state.refuse == nil ? .waiting : .done
                return state.refuse
            }
            if let canceller = state.canceller {
                requests.enter()
                // Not here: the network may be slow, and this may be a thread that must not block.
                DispatchQueue.global().async { [requests] in
                    canceller.cancel()
                    requests.leave()
                }
            }
            return nil
        }
        refuse?()
    }
}
