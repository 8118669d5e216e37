import JarshyKit
import Testing

@testable import Storage

/// What a literal becomes, without a database.
@Suite struct SQLTests {
    @Test func `values become numbered places in the order they stand`() {
        let sql: SQL = "SELECT \(1), \("a") WHERE x = \(true) AND y IN \([2, 3])"
        let (text, binds) = sql.rendered()
        #expect(text == "SELECT $1, $2 WHERE x = $3 AND y IN ($4, $5)")
        #expect(binds == [.integer(1), .text("a"), .bool(true), .integer(2), .integer(3)])
    }

    @Test func `parts are spliced and joined`() {
        let conditions: [SQL] = ["a = \(1)", "b = \(2)"]
        var sql: SQL = "SELECT x FROM t WHERE \(SQL.joined(conditions, " AND "))"
        sql += " AND c = \(3)"
        #expect((sql + " LIMIT 1").rendered().text == "SELECT x FROM t WHERE a = $1 AND b = $2 AND c = $3 LIMIT 1")
        #expect(SQL.joined([], " AND ").rendered().text == "")
    }

    @Test func `rows are locked only where there are other writers`() {
        let sqlite: SQL = "SELECT 1\(.forUpdate(.sqlite))"
        let postgres: SQL = "SELECT 1\(.forUpdate(.postgres))"
        #expect(sqlite.rendered().text == "SELECT 1")
        #expect(postgres.rendered().text == "SELECT 1 FOR UPDATE")
    }

    @Test func `nothing keeps its type`() {
        let binds = ("\(Int64?.none)\(String?.none)\(Blob?.none)\(Double?.none)\(Bool?.none)\(ID<Never>?.none)" as SQL)
            .rendered().binds
        #expect(binds == [.null(.bigint), .null(.text), .null(.bytea), .null(.double), .null(.boolean), .null(.uuid)])
    }
}
