import JarshyKit

/// One transaction on PostgreSQL. Results are received whole before their rows are handed over, so a query may run
/// inside another's closure.
final class PostgresConnection: Writing {
    let dialect = Dialect.postgres
    let shelf: Shelf
    private(set) var statements = 0
    private(set) var effects: [@Sendable () -> Void] = []
    /// The first error of the engine, after which PostgreSQL refuses everything until the transaction ends.
    private(set) var failure: PostgresFailure?
    private let session: PostgresSession
    private let ticket: PostgresTicket

    init(_ session: PostgresSession, shelf: Shelf, ticket: PostgresTicket) {
        self.session = session
        self.shelf = shelf
        self.ticket = ticket
    }

    func afterCommit(_ effect: @escaping @Sendable () -> Void) { effects.append(effect) }

    func rows(_ sql: SQL, _ each: (inout Row) throws -> Bool) throws {
        let result = try execute(sql)
        let source = PostgresRow(result)
        for number in 0..<result.rows {
            source.row = number
            var row = Row(source)
            guard try each(&row) else { return }
        }
    }

    func run(_ sql: SQL) throws -> Int {
        try execute(sql).changed
    }

    private func execute(_ sql: SQL) throws -> PostgresResult {
        if let failure { throw said(failure) }
        if ticket.isCancelled { throw StorageError.cancelled }
        statements += 1
        do {
            return try session.execute(sql)
        } catch let failure as PostgresFailure {
            self.failure = failure
            throw said(failure)
        }
    }

    private func said(_ failure: PostgresFailure) -> StorageError {
        failure.kind == .interrupted && ticket.isCancelled ? .cancelled : failure.error
    }
}

extension PostgresConnection: Unhurried {
    func liftTimeout() throws { _ = try run("SET LOCAL statement_timeout = 0") }
}
