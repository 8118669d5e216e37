/// The text of a migration file, cut into statements and respelled for SQLite.
enum MigrationScript {
    /// The statements of a file. A statement ends with a line that ends in `;`, but not inside `$$ … $$`, and a trigger
    /// with a body (SQLite) ends with the line `END;`. Comments are whole lines.
    static func statements(_ text: String) -> [String] {
        var statements: [String] = []
        var lines: [Substring] = []
        var isQuoted = false
        for line in text.split(whereSeparator: \.isNewline) {
            let bare = trimmed(line)
            if !isQuoted, bare.isEmpty || bare.hasPrefix("--") { continue }
            lines.append(line)
            let marks = line.split(separator: "$$", omittingEmptySubsequences: false).count - 1
            if !marks.isMultiple(of: 2) { isQuoted.toggle() }
            let hasBody = lines[0].hasPrefix("CREATE TRIGGER") && lines.contains { trimmed($0).hasSuffix("BEGIN") }
            if !isQuoted, hasBody ? bare == "END;" : bare.hasSuffix(";") {
                statements.append(lines.joined(separator: "\n"))
                lines = []
            }
        }
        if !lines.isEmpty { statements.append(lines.joined(separator: "\n")) }
        return statements
    }

    /// PostgreSQL's type words in SQLite's spelling, and STRICT on every table; a table whose key is all there is to
    /// look up by is marked `/* clustered */` and becomes WITHOUT ROWID. What stands in quotes stays as it is.
    static func respelled(_ statement: String) -> String {
        let words: [(String, String)] = [
            ("uuid", "BLOB"), ("bigint", "INTEGER"), ("boolean", "INTEGER"), ("jsonb", "TEXT"), ("bytea", "BLOB"),
            ("double precision", "REAL"), ("text", "TEXT"),
        ]
        var out = statement.split(separator: "'", omittingEmptySubsequences: false).enumerated().map { index, part in
            index.isMultiple(of: 2) ? words.reduce(String(part)) { replacing($1.0, by: $1.1, in: $0) } : String(part)
        }.joined(separator: "'")
        if out.hasPrefix("CREATE TABLE") {
            if out.hasSuffix(";") { out.removeLast() }
            out += out.contains("/* clustered */") ? " STRICT, WITHOUT ROWID" : " STRICT"
        }
        return out
    }

    private static func trimmed(_ line: Substring) -> Substring {
        var line = line.drop { $0 == " " || $0 == "\t" }
        while line.last == " " || line.last == "\t" { line.removeLast() }
        return line
    }

    /// Replaces a whole word, never a part of an identifier.
    private static func replacing(_ word: String, by other: String, in text: String) -> String {
        let wanted = Array(word.utf8)
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        func isWord(_ byte: UInt8) -> Bool { byte == 95 || (48...57).contains(byte) || (97...122).contains(byte | 32) }
        var at = 0
        while at < bytes.count {
            let end = at + wanted.count
            if end <= bytes.count, bytes[at..<end].elementsEqual(wanted), at == 0 || !isWord(bytes[at - 1]),
                end == bytes.count || !isWord(bytes[end])
            {
                out.append(contentsOf: other.utf8)
                at = end
            } else {
                out.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
