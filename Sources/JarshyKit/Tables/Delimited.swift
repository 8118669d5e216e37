/// A row of a text table: its fields and the line of the file it starts on, from 1.
public struct DelimitedRow: Sendable, Equatable {
    public let line: Int
    public let fields: [String]

    public init(line: Int, fields: [String]) {
        self.line = line
        self.fields = fields
    }
}

/// A text table that cannot be read.
public enum DelimitedError: Error, Equatable, CustomStringConvertible {
    /// A field is not UTF-8. Old Excel saves Windows-1251: the caller may say so.
    case notUTF8(line: Int)
    /// A quote opened on this line is never closed.
    case unclosedQuote(line: Int)
    /// Text between a closing quote and the next separator.
    case textAfterQuote(line: Int)

    /// The line the fault is on, from 1.
    public var line: Int {
        switch self {
        case .notUTF8(let line), .unclosedQuote(let line), .textAfterQuote(let line): line
        }
    }

    public var description: String {
        switch self {
        case .notUTF8(let line): "line \(line): not UTF-8"
        case .unclosedQuote(let line): "line \(line): a quote is opened and never closed"
        case .textAfterQuote(let line): "line \(line): text after a closing quote"
        }
    }
}

/// Readers of CSV and TSV over bytes. Rows keep the fields they have: checking their number is the caller's.
public enum Delimited {
    /// Reads CSV (RFC 4180): quoted fields may hold separators, line ends and doubled quotes; lines end in LF, CRLF or
    /// CR; a byte order mark is skipped, so are empty lines. A quote inside an unquoted field is an ordinary letter.
    /// - Parameter separator: the byte between fields; Excel in Kazakh and Russian settings writes ";".
    public static func csv(
        _ bytes: [UInt8], separator: UInt8 = UInt8(ascii: ",")
    ) throws(DelimitedError) -> [DelimitedRow] {
        try read(bytes, separator: separator, quote: quoteMark)
    }

    /// Reads TSV: fields between tabs, no quoting; lines, byte order mark and empty lines as in CSV.
    public static func tsv(_ bytes: [UInt8]) throws(DelimitedError) -> [DelimitedRow] {
        try read(bytes, separator: UInt8(ascii: "\t"), quote: nil)
    }

    private static let quoteMark = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private static func read(
        _ bytes: [UInt8], separator: UInt8, quote: UInt8?
    ) throws(DelimitedError) -> [DelimitedRow] {
        var rows: [DelimitedRow] = []
        var fields: [String] = []
        var isQuoted = false
        var line = 1
        var rowLine = 1
        var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let end = bytes.count
        func endsField(_ byte: UInt8) -> Bool { byte == separator || byte == lineFeed || byte == carriageReturn }
        while index < end {
            isQuoted = bytes[index] == quote
            if isQuoted, let quote {
                fields.append(try quoted(bytes, &index, &line, quote))
                if index < end, !endsField(bytes[index]) {
                    throw .textAfterQuote(line: line)
                }
            } else {
                let start = index
                while index < end, !endsField(bytes[index]) { index += 1 }
                fields.append(try string(bytes[start..<index], line))
            }
            if index < end, bytes[index] == separator {
                index += 1
                // A separator at the very end has an empty field after it.
                guard index == end else { continue }
                fields.append("")
            }
            if fields.count > 1 || fields[0] != "" || isQuoted {
                rows.append(DelimitedRow(line: rowLine, fields: fields))
            }
            fields = []
            fields.reserveCapacity(rows.last?.fields.count ?? 0)
            if index < end {
                let isPair = bytes[index] == carriageReturn && index + 1 < end && bytes[index + 1] == lineFeed
                index += isPair ? 2 : 1
            }
            line += 1
            rowLine = line
        }
        return rows
    }

    /// The field whose opening quote is at `index`, which moves behind the closing one.
    private static func quoted(
        _ bytes: [UInt8], _ index: inout Int, _ line: inout Int, _ quote: UInt8
    ) throws(DelimitedError) -> String {
        let opened = line
        var content: [UInt8] = []
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == quote {
                guard index < bytes.count, bytes[index] == quote else { return try string(content[...], opened) }
                index += 1
            } else if byte == lineFeed || byte == carriageReturn && (index == bytes.count || bytes[index] != lineFeed) {
                line += 1
            }
            content.append(byte)
        }
        throw .unclosedQuote(line: opened)
    }

    private static func string(_ bytes: ArraySlice<UInt8>, _ line: Int) throws(DelimitedError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8(line: line) }
        return text
    }
}
