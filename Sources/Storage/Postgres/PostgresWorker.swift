internal import Foundation
import JarshyKit
internal import Logging

/// Runs transactions on the connection of one thread, opening it anew when it broke.
final class PostgresWorker {
    /// How a transaction begins, and how often it may be run.
    struct Plan: Sendable {
        let begin: String
        /// Runs in all when other transactions are in the way.
        let attempts: Int
        /// True when nothing is changed, so that running again after a lost connection is safe.
        let isReading: Bool
    }

    struct Done<Value: Sendable>: Sendable {
        let value: Value
        let effects: [@Sendable () -> Void]
    }

    private enum Outcome<Value: Sendable> {
        case done(Done<Value>)
        /// May be run again for the reason given; `failed` is what to say when it may not.
        case again(Reason, failed: any Error)
        case failed(any Error)
    }

    private enum Reason { case conflict, stale, lost }

    private static let log = Logger(label: "jarshy.storage.postgres")

    private let url: String
    private let options: DatabaseOptions
    private let shelf: Shelf
    private var session: PostgresSession?

    init(url: String, options: DatabaseOptions, shelf: Shelf, session: PostgresSession?) {
        self.url = url
        self.options = options
        self.shelf = shelf
        self.session = session
    }

    func close() { session = nil }

    func transaction<Value: Sendable>(
        _ plan: Plan, _ ticket: PostgresTicket, _ body: (PostgresConnection) throws -> Value
    ) throws -> Done<Value> {
        var conflicts = 0
        var repairs = 0
        while true {
            switch attempt(plan, ticket, body) {
            case .done(let done): return done
            case .failed(let error): throw error
            case .again(.conflict, let error):
                conflicts += 1
                guard conflicts < plan.attempts else {
                    PostgresWorker.log.warning("gave up a transaction", metadata: ["attempts": "\(conflicts)"])
                    throw error
                }
                PostgresWorker.pause(afterConflict: conflicts)
            case .again(_, let error):
                repairs += 1
                guard repairs == 1 else { throw error }
            }
        }
    }

    private func attempt<Value: Sendable>(
        _ plan: Plan, _ ticket: PostgresTicket, _ body: (PostgresConnection) throws -> Value
    ) -> Outcome<Value> {
        let session: PostgresSession
        do {
            session = try live()
        } catch {
            return .failed(error)
        }
        do {
            _ = try session.command(plan.begin)
        } catch {
            // The connection died while idle. Nothing was done yet, so a write may begin again as well.
            return ended(error, session, nil, canRepeat: true)
        }
        let connection = PostgresConnection(session, shelf: shelf, ticket: ticket)
        let value: Value
        do {
            value = try ticket.interruptible(session.canceller) { try body(connection) }
            if ticket.isCancelled { throw StorageError.cancelled }
            if let failure = connection.failure { throw failure.error }
        } catch {
            return ended(error, session, connection.failure, canRepeat: plan.isReading)
        }
        do {
            let tag = try session.command("COMMIT")
            guard tag == "COMMIT" else { throw StorageError.other("the transaction was rolled back at COMMIT") }
        } catch let failure as PostgresFailure where plan.isReading && failure.kind == .lost {
            // Everything was read before.
            self.session = nil
        } catch let failure as PostgresFailure where failure.kind == .lost {
            self.session = nil
            return .failed(StorageError.lost("the connection failed at COMMIT, which may or may not have been done"))
        } catch {
            return ended(error, session, nil, canRepeat: false)
        }
        return .done(Done(value: value, effects: connection.effects))
    }

    /// Rolls back and says whether the transaction may run again. What the engine said counts, even when the closure
    /// turned it into an error of its own.
    private func ended<Value: Sendable>(
        _ error: any Error, _ session: PostgresSession, _ engine: PostgresFailure?, canRepeat: Bool
    ) -> Outcome<Value> {
        rollBack(session)
        let failure = engine ?? error as? PostgresFailure
        let said: any Error = (error as? PostgresFailure)?.error ?? error
        switch failure?.kind {
        case .conflict: return .again(.conflict, failed: said)
        case .stale:
            session.forgetStatements()
            return .again(.stale, failed: said)
        case .lost where canRepeat: return .again(.lost, failed: said)
        default: return .failed(said)
        }
    }

    private func rollBack(_ session: PostgresSession) {
        if session.isAlive, session.isInTransaction { _ = try? session.command("ROLLBACK") }
        if !session.isAlive || session.isInTransaction {
            PostgresWorker.log.warning("a connection was lost")
            self.session = nil
        }
    }

    private func live() throws -> PostgresSession {
        if let session, session.isAlive { return session }
        do {
            let session = try PostgresSession(url: url, options: options)
            self.session = session
            return session
        } catch StorageError.open(let message) {
            throw StorageError.lost("no connection: \(message)")
        }
    }

    /// Waits long enough for the other transactions to end, and not for the same time as they do.
    private static func pause(afterConflict count: Int) {
        let longest = min(0.004 * Double(1 << min(count, 6)), 0.2)
        Thread.sleep(forTimeInterval: Double.random(in: longest / 4...longest))
    }
}
