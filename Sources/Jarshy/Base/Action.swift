import JarshyKit
import Storage

/// A deed as a value: its input, its rule and its SQL, done in one transaction.
///
/// The HTML form, the JSON API, the command line and the tests run the same value. It reads and refuses before its first
/// write; what is thrown rolls everything back. Deeds that touch the ledger or the tree are `LedgerAction`s instead and go
/// through the intake.
protocol Action<Result>: Sendable {
    associatedtype Result: Sendable
    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Result
}

extension Database {
    /// Runs one action in one transaction.
    func run<Deed: Action>(_ action: Deed, by actor: Actor, at now: Instant) async throws -> Deed.Result {
        try await write { db in try action.perform(by: actor, at: now, in: db) }
    }
}
