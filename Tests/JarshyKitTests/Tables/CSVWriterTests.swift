import JarshyKit
import Testing

struct CSVWriterTests {
    private func line(_ cells: String...) -> String {
        var writer = CSVWriter()
        writer.append(cells)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("@cmd", "'@cmd"), ("+7 (701)", "'+7 (701)"), ("-x", "'-x"), ("\tx", "'\tx"),
        ("-12", "-12"), ("+7701", "+7701"), ("-0,5", "\"-0,5\""), ("-1.5", "-1.5"), ("-", "'-"), ("-1+1", "'-1+1"),
        ("-1.5.2", "'-1.5.2"), ("Әлия", "Әлия"), ("\r=1", "\"'\r=1\""), ("=\"x\"", "\"'=\"\"x\"\"\""), (" x", "\" x\""),
    ])
    func `formulas are defused, numbers are not`(cell: String, expected: String) {
        #expect(line(cell, "z") == expected + ",z\r\n")
    }

    @Test func `starts with a byte order mark when told, and reads back`() throws {
        var writer = CSVWriter(separator: 0x3B, byteOrderMark: true)
        let rows = [["аты", "саны;"], ["«Қ»\n\"x\"", ""], [""], ["соңы"]]
        for row in rows { writer.append(row) }

        #expect(writer.bytes.starts(with: [0xEF, 0xBB, 0xBF]))
        #expect(try Delimited.csv(writer.bytes, separator: 0x3B).map(\.fields) == rows)
    }
}
