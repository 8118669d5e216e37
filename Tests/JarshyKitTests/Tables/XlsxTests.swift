import Foundation
import Testing

@testable import JarshyKit

struct XlsxTests {
    private let book = Xlsx(sheets: [
        Xlsx.Sheet(
            name: "Жиынтық: кесте",
            rows: [
                [.text("Аудан (қала)"), .text("Қатысу саны")], [.text("Талғар ауданы"), .integer(1204)],
                [], [.empty, .integer(-3), .text("=1+1 <&> \"'\n  бос ")],
            ], columnWidths: [30, 12.5], merged: [Xlsx.Merge(rows: 3...4, columns: 0...1)]),
        Xlsx.Sheet(name: "жиынтық  кесте", rows: [[.integer(.max)]], headerRows: 0),
    ])

    @Test func `what is written is read`() throws {
        let file = try book.file()
        let rows = try Xlsx.rows(of: file)

        #expect(try Xlsx.sheetNames(of: file) == ["Жиынтық  кесте", "жиынтық  кесте (2)"])
        #expect(
            rows == [
                Xlsx.Row(number: 1, cells: ["Аудан (қала)", "Қатысу саны"]),
                Xlsx.Row(number: 2, cells: ["Талғар ауданы", "1204"]),
                Xlsx.Row(number: 4, cells: ["", "-3", "=1+1 <&> \"'\n  бос "]),
            ])
        #expect(try Xlsx.rows(of: file, sheet: "жиынтық  кесте (2)").first?.cells == ["9223372036854775807"])
        #expect(throws: XlsxError.noSheet(["Жиынтық  кесте", "жиынтық  кесте (2)"])) {
            try Xlsx.rows(of: file, sheet: "x")
        }
        #expect(try Xlsx.rows(of: Xlsx(sheets: []).file()) == [])
        #expect(try book.file() == file)
    }

    @Test func `letters of columns`() {
        let columns = [0, 25, 26, 51, 52, 701, 702, 16_383]
        #expect(columns.map(Xlsx.columnName) == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"])
    }

    @Test func `characters XML cannot hold are left out`() throws {
        let sheet = Xlsx.Sheet(name: "''", rows: [[.text("a\u{0}\u{1}b\u{FFFE}\r\nc")]], headerRows: 0)
        let file = try Xlsx(sheets: [sheet]).file()

        #expect(try Xlsx.rows(of: file).map(\.cells) == [["ab\nc"]])
        #expect(try Xlsx.sheetNames(of: file) == ["1"])
    }

    @Test func `limits and faults`() throws {
        let file = try book.file()

        #expect(throws: XlsxError.tooLarge("row 4")) { try Xlsx.rows(of: file, limits: XlsxLimits(rows: 2)) }
        #expect(throws: XlsxError.tooLarge("column 3")) { try Xlsx.rows(of: file, limits: XlsxLimits(columns: 2)) }
        #expect(throws: XlsxError.tooLarge("7 cells")) { try Xlsx.rows(of: file, limits: XlsxLimits(cells: 6)) }
        #expect(throws: XlsxError.archive(.damaged("not a ZIP archive"))) { try Xlsx.rows(of: [1, 2, 3]) }
        #expect(throws: XlsxError.damaged("no part xl/_rels/workbook.xml.rels")) {
            try Xlsx.rows(of: ZipWriter().finished())
        }
    }

    @Test func `a damaged sheet is refused or read, never fatal`() throws {
        let links = "<Relationships><Relationship Id='x' Target='s.xml'/></Relationships>"
        let sheet = "<s><row r='9223372036854775807'/><row><c r='A1' t='s'><v>0</v></c><c r='ZZZZ9'/></row></s>"
        func rows(_ xml: [UInt8]) throws -> [Xlsx.Row] {
            var zip = ZipWriter()
            try zip.add("xl/workbook.xml", Array("<w><sheet name='S' r:id='x'/></w>".utf8))
            try zip.add("xl/_rels/workbook.xml.rels", Array(links.utf8))
            try zip.add("xl/s.xml", xml)
            return try Xlsx.rows(of: zip.finished())
        }

        #expect(throws: XlsxError.damaged("xl/s.xml: row 9223372036854775807 is out of order or range")) {
            try rows(Array(sheet.utf8))
        }
        let good = Array("<s><row r='2'><c r='B2'><v>7</v></c><c t='b'><v>0</v></c></row></s>".utf8)
        #expect(try rows(good) == [Xlsx.Row(number: 2, cells: ["", "7", "FALSE"])])
        for index in good.indices {
            for byte in [0, 0x20, 0x26, 0x27, 0x2D, 0x2F, 0x39, 0x3C, 0x3E, 0x5A, 0x80, 0xFF] as [UInt8] {
                var changed = good
                changed[index] = byte
                if let read = try? rows(changed) { #expect(read.count <= 1) }
            }
        }
    }

    /// A sheet as other programs write it: shared and rich texts, booleans, errors, no cell references.
    @Test func `reads cells of every type`() throws {
        var zip = ZipWriter()
        func add(_ name: String, _ xml: String) throws { try zip.add(name, Array(xml.utf8)) }
        try add(
            "xl/workbook.xml",
            "<w:workbook xmlns:w='m' xmlns:q='r'><w:sheets><w:sheet name='S' q:id='x'/></w:sheets></w:workbook>")
        try add(
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id='x' Target='/xl/s.xml'/></Relationships>")
        try add(
            "xl/sharedStrings.xml",
            "<sst><si><t>бір</t></si><si><r><t>е</t></r><r><t>кі</t></r><rPh><t>x</t></rPh></si></sst>")
        try add(
            "xl/s.xml",
            "<worksheet><sheetData><row><c t='s'><v>1</v></c><c t='b'><v>1</v></c><c t='e'><v>#N/A</v></c>"
                + "<c><v>3.0</v></c><c><v>0.10000000000000001</v></c><c t='str'><f>A1</f><v>x</v></c><c s='1'/>"
                + "<c r='J1'><v>45618</v></c></row><row r='7'><c t='s'><v>0</v></c></row></sheetData></worksheet>")

        #expect(
            try Xlsx.rows(of: zip.finished()) == [
                Xlsx.Row(number: 1, cells: ["екі", "TRUE", "#N/A", "3", "0.1", "x", "", "", "", "45618"]),
                Xlsx.Row(number: 7, cells: ["бір"]),
            ])
    }
}

/// The other side of the table: PyPI's openpyxl, where the machine has it.
struct XlsxOpenpyxlTests {
    private static let python = "/tmp/venv/bin/python"

    private func run(_ script: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments = ["-c", script] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func `openpyxl reads our file and we read openpyxl's`() throws {
        guard FileManager.default.isExecutableFile(atPath: Self.python) else {
            print("note: \(Self.python) is missing, the openpyxl test is skipped")
            return
        }
        let name = "jarshy-xlsx-\(UInt64.random(in: 0 ... .max))"
        let folder = FileManager.default.temporaryDirectory.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let ours = folder.appending(path: "ours.xlsx").path
        let theirs = folder.appending(path: "theirs.xlsx").path
        let sheet = Xlsx.Sheet(
            name: "Кесте", rows: [[.text("Аудан"), .text("Саны")], [.text("=Талғар"), .integer(1204)]],
            columnWidths: [30], merged: [Xlsx.Merge(rows: 2...2, columns: 0...1)])
        try Data(try Xlsx(sheets: [sheet]).file()).write(to: URL(fileURLWithPath: ours))

        let script = """
            import sys, datetime, openpyxl
            s = openpyxl.load_workbook(sys.argv[1])["Кесте"]
            print([[c.value for c in r] for r in s.iter_rows(max_row=2)], s["A2"].data_type, s["A1"].font.b,
                s["A2"].font.b, s.freeze_panes, s.merged_cells, s.column_dimensions["A"].width,
                s.page_setup.orientation, s.page_setup.paperSize, s.print_title_rows, s["B2"].number_format)
            w = openpyxl.Workbook()
            w.active.append(["Қала", 5, 0.25, True, None, "=1+1"])
            w.active["A3"] = "соңы & <b>"
            w.create_sheet("Екінші")["B2"] = datetime.date(2026, 11, 20)
            w.save(sys.argv[2])
            """
        let seen = try run(script, [ours, theirs])

        #expect(
            seen == "[['Аудан', 'Саны'], ['=Талғар', 1204]] s True False A2 A3:B3 30.0 landscape 9 $1:$1 #,##0\n")
        let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: theirs)))
        #expect(
            try Xlsx.rows(of: file) == [
                Xlsx.Row(number: 1, cells: ["Қала", "5", "0.25", "TRUE"]), Xlsx.Row(number: 3, cells: ["соңы & <b>"]),
            ])
        #expect(try Xlsx.rows(of: file, sheet: "Екінші") == [Xlsx.Row(number: 2, cells: ["", "46346"])])
    }
}
