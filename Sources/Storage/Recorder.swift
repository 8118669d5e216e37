import JarshyKit

/// A write transaction that also keeps every statement it runs, with the values in their order: what a benchmark
/// replays without anything around it, and what a test looks at to see which statements a deed costs.
package final class Recorder: Writing {
    package struct Statement: Sendable, Hashable {
        /// With `$1 $2 …`, as both engines prepare it.
        package let text: String
        package let binds: [Bind]
    }

    package private(set) var recorded: [Statement] = []
    private let db: any Writing

    package init(_ db: any Writing) { self.db = db }

    package var dialect: Dialect { db.dialect }
    package var statements: Int { db.statements }
    package var shelf: Shelf { db.shelf }

    package func rows(_ sql: SQL, _ each: (inout Row) throws -> Bool) throws {
        keep(sql)
        try db.rows(sql, each)
    }

    package func run(_ sql: SQL) throws -> Int {
        keep(sql)
        return try db.run(sql)
    }

    package func afterCommit(_ effect: @escaping @Sendable () -> Void) { db.afterCommit(effect) }

    private func keep(_ sql: SQL) {
        let (text, binds) = sql.rendered()
        recorded.append(Statement(text: text, binds: binds))
    }
}
