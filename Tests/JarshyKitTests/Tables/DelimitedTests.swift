import JarshyKit
import Testing

struct DelimitedTests {
    private func csv(_ text: String) throws -> [DelimitedRow] { try Delimited.csv(Array(text.utf8)) }

    @Test func `reads quotes, line ends inside them, CRLF and a byte order mark`() throws {
        #expect(
            try csv("\u{FEFF}a,b\r\n\"x, \"\"y\"\"\",\"1\n2\"\r\n\r\nсоңы,\n") == [
                DelimitedRow(line: 1, fields: ["a", "b"]), DelimitedRow(line: 2, fields: ["x, \"y\"", "1\n2"]),
                DelimitedRow(line: 5, fields: ["соңы", ""]),
            ])
        #expect(try csv("a\rb") == [DelimitedRow(line: 1, fields: ["a"]), DelimitedRow(line: 2, fields: ["b"])])
        #expect(try csv("a,") == [DelimitedRow(line: 1, fields: ["a", ""])])
        #expect(try csv("а\"б,\"\"") == [DelimitedRow(line: 1, fields: ["а\"б", ""])])
        #expect(try csv("") == [])
        #expect(try Delimited.csv(Array("a;\"b;c\"".utf8), separator: 0x3B).first?.fields == ["a", "b;c"])
    }

    @Test func `tells the line of a fault`() {
        #expect(throws: DelimitedError.unclosedQuote(line: 2)) { try csv("a\n\"b\nc\nd") }
        #expect(throws: DelimitedError.textAfterQuote(line: 3)) { try csv("a\n\"b\nc\"d,e") }
        #expect(throws: DelimitedError.notUTF8(line: 2)) { try Delimited.csv([0x61, 0x0A, 0xD2, 0x0A]) }
        #expect(throws: DelimitedError.notUTF8(line: 1)) { try Delimited.tsv([0xFF]) }
        #expect(throws: DelimitedError.notUTF8(line: 2)) { try Delimited.csv([0x61, 0x0A, 0x22, 0xD2, 0x22]) }
    }

    @Test func `TSV has no quoting`() throws {
        let rows = try Delimited.tsv(Array("a\t\"b\r\n\r\n\tc\t\n".utf8))

        #expect(
            rows == [DelimitedRow(line: 1, fields: ["a", "\"b"]), DelimitedRow(line: 3, fields: ["", "c", ""])])
    }

    @Test(.enabled(if: ReferenceData.isPresent))
    func `reads the whole classifier quickly`() throws {
        let bytes = try ReferenceData.bytes("kato_official_2026-07-17.csv")
        let clock = ContinuousClock()
        var rows: [DelimitedRow] = []
        let time = try (0..<5).map { _ in try clock.measure { rows = try Delimited.csv(bytes) } }.min()!

        print("CSV: \(rows.count) rows in \(time)")
        #expect(rows.count == 15_595)
        #expect(rows.last?.line == 15_595)
        #if !DEBUG
            #expect(time < .milliseconds(50))
        #endif
    }
}
