import JarshyKit
import TestSupport
import Testing

@testable import Storage

/// What a benchmark replays must be what was run.
@Suite struct RecorderTests {
    @Test(arguments: Dialect.allCases)
    func `statements are kept as they are run`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)
        let recorded = try await test.database.write { db in
            let recorder = Recorder(db)
            try recorder.insert(
                "INSERT INTO counter (id, value) VALUES", rows: [[1.bind, 2.bind], [3.bind, 4.bind]],
                "ON CONFLICT DO NOTHING")
            #expect(try recorder.value("SELECT value FROM counter WHERE id = \(3)", as: Int.self) == 4)
            #expect(recorder.statements == 2 && db.statements == 2)
            return recorder.recorded
        }
        #expect(
            recorded == [
                .init(
                    text: "INSERT INTO counter (id, value) VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING",
                    binds: [.integer(1), .integer(2), .integer(3), .integer(4)]),
                .init(text: "SELECT value FROM counter WHERE id = $1", binds: [.integer(3)]),
            ])
        try await test.close()
    }

    @Test func `a recording names each text once and ends`() {
        let one = Recorder.Statement(text: "a", binds: [.integer(-2), .null(.uuid)])
        var recording = Recording()
        recording.add([one, one])
        let word: (UInt32) -> [UInt8] = { value in [UInt8(value), 0, 0, 0] }
        let minusTwo = [0xFE] + [UInt8](repeating: 0xFF, count: 7)
        let statement = Array("S".utf8) + word(0) + word(2) + Array("i".utf8) + minusTwo + Array("nu".utf8)
        let text = Array("T".utf8) + word(1) + Array("a".utf8)
        #expect(recording.take(last: true) == Array("JREC1\nB".utf8) + text + statement + statement + Array("CE".utf8))
        #expect(recording.transactions == 1)
    }

    @Test func `thousands of places are numbered without a gap`() {
        let rows = (0..<64).map { row in (0..<40).map { Int64(row * 40 + $0).bind } }
        var sql: SQL = "VALUES "
        sql.pieces.append(.rows(rows[...]))
        let (text, binds) = sql.rendered()
        let expected = (0..<64).map { row in "(" + (1...40).map { "$\(row * 40 + $0)" }.joined(separator: ", ") + ")" }
        #expect(text == "VALUES " + expected.joined(separator: ", "))
        #expect(binds == (0..<2560).map { .integer($0) })
    }
}
