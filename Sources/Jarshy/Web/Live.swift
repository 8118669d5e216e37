import JarshyKit
import ServiceLifecycle
import Synchronization

/// Tells open pages that figures changed. In this process only; whoever commits a change publishes the units it
/// touched, ancestors included.
///
/// A message says "look again", never what: so each listener needs one waiting message at most, and a slow one loses
/// nothing.
final class Live: Service {
    private struct Listener: Sendable {
        let unit: UnitNo?
        /// Whose page it is; see `mostPerOwner`.
        let owner: String
        let out: AsyncStream<[UInt8]>.Continuation
    }

    private struct State: Sendable {
        var listeners: [Int: Listener] = [:]
        var next = 0
        var sent = 0
        var closed = false
    }

    private let state = Mutex(State())
    private let most: Int
    private let mostPerOwner: Int
    private let heartbeat: Duration

    init(mostSubscribers: Int = 2000, mostPerOwner: Int = 8, heartbeat: Duration = .seconds(15)) {
        most = mostSubscribers
        self.mostPerOwner = mostPerOwner
        self.heartbeat = heartbeat
    }

    var subscribers: Int { state.withLock { $0.listeners.count } }

    /// Wakes the pages of these units; to be called after the commit (`Writing.afterCommit`).
    func publish(units: [UnitNo]) {
        let wanted = Set(units)
        state.withLock { state in
            state.sent += 1
            let message = Array("id: \(state.sent)\ndata: changed\n\n".utf8)
            for listener in state.listeners.values where listener.unit.map(wanted.contains) ?? true {
                listener.out.yield(message)
            }
        }
    }

    /// Listens to one unit, or to all. Of one owner's pages the newest few listen, so that nobody takes the places of all.
    /// - Throws: `Problem` 503 when the server closes or too many listen.
    func subscribe(to unit: UnitNo?, owner: String) throws -> AsyncStream<[UInt8]> {
        let (stream, out) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingNewest(1))
        // Yielded before anyone can publish: the buffer holds one message, and a client needs `retry` first.
        out.yield(Array("retry: 3000\n: hello\n\n".utf8))
        let (number, gone) = state.withLock { state -> (Int?, Listener?) in
            let own = state.listeners.filter { $0.value.owner == owner }
            var gone: Listener?
            if own.count >= mostPerOwner, let oldest = own.keys.min() { gone = state.listeners.removeValue(forKey: oldest) }
            guard !state.closed, state.listeners.count < most else { return (nil, gone) }
            state.next += 1
            state.listeners[state.next] = Listener(unit: unit, owner: owner, out: out)
            return (state.next, gone)
        }
        gone?.out.finish()
        guard let number else {
            throw Problem("busy", status: 503, "Too many pages listen; the page itself works without it.")
        }
        out.onTermination = { [weak self] _ in
            self?.state.withLock { state in _ = state.listeners.removeValue(forKey: number) }
        }
        return stream
    }

    /// A comment line every 15 seconds keeps proxies from closing the line and finds out who has gone.
    func run() async throws {
        await withGracefulShutdownHandler {
            let heartbeat = heartbeat
            while !Task.isShuttingDownGracefully, !Task.isCancelled {
                try? await cancelWhenGracefulShutdown { try await Task.sleep(for: heartbeat) }
                beat()
            }
        } onGracefulShutdown: { [self] in
            close()
        }
    }

    func beat() {
        let beat = Array(": \n\n".utf8)
        for listener in state.withLock({ Array($0.listeners.values) }) {
            // A beat must not push out a message that waits.
            if case .dropped(let waiting) = listener.out.yield(beat), waiting != beat { listener.out.yield(waiting) }
        }
    }

    func close() {
        let listeners = state.withLock { state -> [Listener] in
            state.closed = true
            defer { state.listeners = [:] }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.out.finish() }
    }
}
