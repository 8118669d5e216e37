/// Writes CSV (RFC 4180, CRLF) that a spreadsheet opens without running anything.
///
/// A cell that starts like a formula (= + - @, tab, CR, LF) gets an apostrophe in front unless it is a plain number
/// ("-12", "+7", "-0,5"); see OWASP, "CSV injection".
public struct CSVWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []
    private let separator: UInt8

    /// - Parameters:
    ///   - separator: the byte between cells; ";" suits Excel in Kazakh and Russian settings.
    ///   - byteOrderMark: put U+FEFF first, which makes Excel read the file as UTF-8.
    public init(separator: UInt8 = UInt8(ascii: ","), byteOrderMark: Bool = false) {
        self.separator = separator
        if byteOrderMark { bytes = [0xEF, 0xBB, 0xBF] }
    }

    /// Adds one row.
    public mutating func append(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(separator) }
            append(cell: cell, isAlone: cells.count == 1)
        }
        bytes += [0x0D, 0x0A]
    }

    private mutating func append(cell: String, isAlone: Bool) {
        let isUnsafe = Self.startsLikeFormula(cell) && !Self.isPlainNumber(cell)
        // An empty row of one cell would read back as an empty line.
        let needsQuotes =
            isAlone && cell.isEmpty || cell.utf8.first == 0x20 || cell.utf8.last == 0x20
            || cell.utf8.contains { $0 == separator || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
        if needsQuotes { bytes.append(0x22) }
        if isUnsafe { bytes.append(UInt8(ascii: "'")) }
        if needsQuotes {
            for byte in cell.utf8 {
                if byte == 0x22 { bytes.append(0x22) }
                bytes.append(byte)
            }
            bytes.append(0x22)
        } else {
            bytes += cell.utf8
        }
    }

    private static func startsLikeFormula(_ cell: String) -> Bool {
        guard let first = cell.utf8.first else { return false }
        return [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D, 0x0A].contains(first)
    }

    /// A sign, digits, and perhaps a point or comma with more digits.
    private static func isPlainNumber(_ cell: String) -> Bool {
        var rest = cell.utf8[...]
        if rest.first == 0x2B || rest.first == 0x2D { rest.removeFirst() }
        let parts = rest.split(omittingEmptySubsequences: false) { $0 == 0x2E || $0 == 0x2C }
        return parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
    }
}
