/// A workbook to be written as .xlsx (Office Open XML).
public struct Xlsx: Sendable {
    public enum Cell: Sendable, Equatable {
        /// Text, always as text: "=1+1" stays what it is.
        case text(String)
        /// A whole number, shown in groups of three as the reader's locale groups them.
        case integer(Int)
        case empty
    }

    /// A sheet, set up to print on landscape A4, as wide as one page.
    public struct Sheet: Sendable {
        /// The tab's name. Written without the characters Excel forbids, cut to 31, numbered where repeated.
        public var name: String
        public var rows: [[Cell]]
        /// How many rows at the top are headings: bold, frozen, repeated on every printed page.
        public var headerRows: Int
        /// Widths of the first columns in characters; the rest have Excel's own.
        public var columnWidths: [Double]
        public var merged: [Merge]

        public init(
            name: String, rows: [[Cell]], headerRows: Int = 1, columnWidths: [Double] = [], merged: [Merge] = []
        ) {
            self.name = name
            self.rows = rows
            self.headerRows = headerRows
            self.columnWidths = columnWidths
            self.merged = merged
        }
    }

    /// A block of cells shown as one; its text is the top left cell's. Rows and columns count from 0, ends included.
    public struct Merge: Sendable, Equatable {
        public let rows: ClosedRange<Int>
        public let columns: ClosedRange<Int>

        public init(rows: ClosedRange<Int>, columns: ClosedRange<Int>) {
            self.rows = rows
            self.columns = columns
        }
    }

    public var sheets: [Sheet]

    public init(sheets: [Sheet]) {
        self.sheets = sheets
    }

    /// The file. Equal workbooks give equal bytes. A workbook without sheets gets an empty one: Excel needs one.
    /// - Throws: ``ZipError/tooLarge(_:)`` beyond 1,048,576 rows or 16,384 columns, Excel's limits, or 4 GiB.
    public func file() throws(ZipError) -> [UInt8] {
        let sheets = sheets.isEmpty ? [Sheet(name: "1", rows: [], headerRows: 0)] : sheets
        for sheet in sheets {
            guard sheet.rows.count <= 1_048_576, sheet.rows.allSatisfy({ $0.count <= 16_384 }) else {
                throw .tooLarge("sheet \(sheet.name)")
            }
        }
        let names = XlsxXml.sheetNames(sheets.map(\.name))
        var zip = ZipWriter()
        try zip.add("[Content_Types].xml", Array(XlsxXml.contentTypes(sheets.count).utf8))
        try zip.add("_rels/.rels", Array(XlsxXml.packageRelations.utf8))
        try zip.add("xl/workbook.xml", Array(XlsxXml.workbook(names, sheets).utf8))
        try zip.add("xl/_rels/workbook.xml.rels", Array(XlsxXml.workbookRelations(sheets.count).utf8))
        try zip.add("xl/styles.xml", Array(XlsxXml.styles.utf8))
        for (index, sheet) in sheets.enumerated() {
            try zip.add("xl/worksheets/sheet\(index + 1).xml", Array(XlsxXml.worksheet(sheet).utf8))
        }
        return zip.finished()
    }

    /// The letters of a column counted from 0: A, …, Z, AA, ….
    public static func columnName(_ column: Int) -> String {
        var name = ""
        var left = column + 1
        while left > 0 {
            name = String(UnicodeScalar(UInt8(65 + (left - 1) % 26))) + name
            left = (left - 1) / 26
        }
        return name
    }
}
