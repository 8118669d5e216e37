/// Why a workbook cannot be read.
public enum XlsxError: Error, Equatable {
    case archive(ZipError)
    /// A part is missing or is not the XML it should be; the text names the part.
    case damaged(String)
    /// No sheet of that name; the names there are.
    case noSheet([String])
    /// More rows, columns, cells or bytes than the limits allow.
    case tooLarge(String)
}

/// How much of a workbook is read.
public struct XlsxLimits: Sendable {
    public var rows: Int
    public var columns: Int
    /// Cells in all, gaps counted: a cell far to the right fills its row.
    public var cells: Int
    public var zip: ZipLimits

    public init(rows: Int = 100_000, columns: Int = 256, cells: Int = 2_000_000, zip: ZipLimits = ZipLimits()) {
        self.rows = rows
        self.columns = columns
        self.cells = cells
        self.zip = zip
    }
}

extension Xlsx {
    /// A row as read: its number in the sheet, from 1, and its cells as text from column A on, gaps as "".
    public struct Row: Sendable, Equatable {
        public let number: Int
        public let cells: [String]

        public init(number: Int, cells: [String]) {
            self.number = number
            self.cells = cells
        }
    }

    /// The rows of a sheet that have any content, first to last.
    ///
    /// Everything comes as text: whole numbers as "3", others in their shortest form ("0.1"), booleans "TRUE" and
    /// "FALSE", errors as they show ("#N/A"), formulas as their stored result, dates as the serial number stored.
    /// - Parameter sheet: the tab's name; nil for the first.
    public static func rows(
        of file: [UInt8], sheet: String? = nil, limits: XlsxLimits = XlsxLimits()
    ) throws(XlsxError) -> [Row] {
        let reader = try XlsxReader(file, limits)
        let sheets = try reader.sheets()
        guard let found = sheet == nil ? sheets.first : sheets.first(where: { $0.name == sheet }) else {
            throw .noSheet(sheets.map(\.name))
        }
        return try reader.rows(found.part, shared: try reader.sharedStrings())
    }

    /// The names of a workbook's sheets, in order.
    public static func sheetNames(of file: [UInt8], limits: XlsxLimits = XlsxLimits()) throws(XlsxError) -> [String] {
        try XlsxReader(file, limits).sheets().map(\.name)
    }
}

struct XlsxReader {
    private let zip: ZipReader
    private let limits: XlsxLimits

    init(_ file: [UInt8], _ limits: XlsxLimits) throws(XlsxError) {
        do throws(ZipError) {
            zip = try ZipReader(file, limits: limits.zip)
        } catch {
            throw .archive(error)
        }
        self.limits = limits
    }

    /// Names of the sheets and the parts they are in, from the workbook and its relations.
    func sheets() throws(XlsxError) -> [(name: String, part: String)] {
        var parts: [String: String] = [:]
        try forEach("xl/_rels/workbook.xml.rels") { event throws(XlsxError) in
            guard case .start("Relationship", let attributes) = event else { return }
            guard let id = attributes["Id"], let target = attributes["Target"] else { return }
            parts[id] = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
        }
        var sheets: [(name: String, part: String)] = []
        try forEach("xl/workbook.xml") { event throws(XlsxError) in
            guard case .start("sheet", let attributes) = event else { return }
            // The prefix of the relations' namespace is the writer's choice.
            let id = attributes.first { $0.key.hasSuffix(":id") }?.value
            guard let name = attributes["name"], let part = id.flatMap({ parts[$0] }) else { return }
            sheets.append((name, part))
        }
        return sheets
    }

    /// The texts shared by cells; none when the workbook has no such part.
    func sharedStrings() throws(XlsxError) -> [String] {
        guard zip.names.contains("xl/sharedStrings.xml") else { return [] }
        var strings: [String] = []
        var text = RichText()
        try forEach("xl/sharedStrings.xml") { event throws(XlsxError) in
            text.take(event)
            if event == .end("si") { strings.append(text.taken()) }
        }
        return strings
    }

    func rows(_ part: String, shared: [String]) throws(XlsxError) -> [Xlsx.Row] {
        var rows: [Xlsx.Row] = []
        var number = 0
        var count = 0
        var cells: [String] = []
        var cell = CellText()
        try forEach(part) { event throws(XlsxError) in
            switch event {
            case .start("row", let attributes):
                let next = attributes["r"].flatMap { Int($0) } ?? number + 1
                guard next > number, next <= 1_048_576 else {
                    throw .damaged("\(part): row \(next) is out of order or range")
                }
                number = next
                cells = []
            case .start("c", let attributes):
                let column = try attributes["r"].map { place throws(XlsxError) in
                    guard let column = Self.column(place) else { throw .damaged("\(part): cell \(place)") }
                    return column
                }
                cell = CellText(column: column ?? cells.count, type: attributes["t"] ?? "n")
                guard cell.column >= cells.count else { throw .damaged("\(part): cells out of order") }
            case .end("c"):
                guard let text = cell.text(shared) else { throw .damaged("\(part): no shared text \(cell.value)") }
                guard !text.isEmpty else { break }
                guard cell.column < limits.columns else { throw .tooLarge("column \(cell.column + 1)") }
                while cells.count < cell.column { cells.append("") }
                cells.append(text)
            case .end("row"):
                guard cells.contains(where: { !$0.isEmpty }) else { break }
                guard rows.count < limits.rows else { throw .tooLarge("row \(number)") }
                count += cells.count
                guard count <= limits.cells else { throw .tooLarge("\(count) cells") }
                rows.append(Xlsx.Row(number: number, cells: cells))
            default:
                cell.take(event)
            }
        }
        return rows
    }

    /// The column of "BC12", from 0.
    private static func column(_ place: String) -> Int? {
        var column = 0
        for byte in place.utf8.prefix(4) {
            guard (0x41...0x5A).contains(byte) else { break }
            column = column * 26 + Int(byte) - 64
        }
        return column > 0 && column <= 16_384 ? column - 1 : nil
    }

    private func forEach(_ part: String, _ body: (XmlScanner.Event) throws(XlsxError) -> Void) throws(XlsxError) {
        let content: [UInt8]?
        do throws(ZipError) {
            content = try zip.content(part)
        } catch {
            throw .archive(error)
        }
        guard let content else { throw .damaged("no part \(part)") }
        var scanner = try well(part) { () throws(XmlError) in try XmlScanner(content) }
        while let event = try well(part, { () throws(XmlError) in try scanner.next() }) { try body(event) }
    }

    private func well<T>(_ part: String, _ body: () throws(XmlError) -> T) throws(XlsxError) -> T {
        do throws(XmlError) {
            return try body()
        } catch {
            throw .damaged("\(part): \(error.reason) at byte \(error.offset)")
        }
    }
}

/// Text in `t` elements; phonetic readings (`rPh`) beside them are no part of it.
private struct RichText {
    private var text = ""
    private var isInText = false
    private var isInReading = false

    mutating func take(_ event: XmlScanner.Event) {
        switch event {
        case .start("t", _): isInText = true
        case .end("t"): isInText = false
        case .start("rPh", _): isInReading = true
        case .end("rPh"): isInReading = false
        case .text(let piece) where isInText && !isInReading: text += piece
        default: break
        }
    }

    mutating func taken() -> String {
        defer { text = "" }
        return text
    }
}

/// A cell in the making.
private struct CellText {
    var column = 0
    var type = "n"
    private(set) var value = ""
    private var inline = RichText()
    private var isInValue = false

    init() {}

    init(column: Int, type: String) {
        self.column = column
        self.type = type
    }

    mutating func take(_ event: XmlScanner.Event) {
        switch event {
        case .start("v", _): isInValue = true
        case .end("v"): isInValue = false
        case .text(let piece) where isInValue: value += piece
        default: inline.take(event)
        }
    }

    /// What the cell says; nil when it points to a shared text that is not there.
    mutating func text(_ shared: [String]) -> String? {
        switch type {
        case "inlineStr": return inline.taken()
        case "s":
            if value.isEmpty { return "" }
            guard let index = Int(value), shared.indices.contains(index) else { return nil }
            return shared[index]
        case "b": return value == "1" ? "TRUE" : value == "0" ? "FALSE" : value
        case "n": return Self.shortest(value)
        default: return value
        }
    }

    /// "3.0" as "3", "0.10000000000000001" as "0.1"; long codes of digits stay as they are.
    private static func shortest(_ value: String) -> String {
        if Int(value) != nil { return value }
        guard let number = Double(value), number.isFinite else { return value }
        return number.rounded() == number && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }
}
