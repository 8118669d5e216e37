import JarshyKit

/// A letter's own words: what the writer quoted from an earlier letter and the signature are left out.
enum QuotedText {
    static func own(_ text: String) -> String {
        var lines: [Substring] = []
        var quotes = false
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            // A signature begins with this line by custom (RFC 3676, 4.3).
            if line == "-- " || line == "--" { break }
            if line.hasPrefix(">") { quotes = true } else { lines.append(line) }
        }
        // The line that introduces a quotation, "… wrote:", stands right above it in every language.
        while let last = lines.last, last.allSatisfy(\.isWhitespace) || last.hasSuffix(":") && quotes {
            lines.removeLast()
        }
        return lines.joined(separator: "\n").trimmingSpaces()
    }
}

/// The words of HTML for a letter that brings nothing else: tags, scripts and styles left out, blocks on lines of their own.
/// What comes out is text and is escaped wherever it is shown.
enum HtmlText {
    static func plain(_ html: String) -> String {
        var out = ""
        var rest = html[...]
        while let open = rest.firstIndex(of: "<") {
            out += entities(rest[..<open])
            let tail = rest[open...]
            if tail.hasPrefix("<!--") {
                rest = after("-->", in: tail)
                continue
            }
            guard let close = tail.firstIndex(of: ">") else { return out }
            let name = tail.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "/" }.lowercased()
            rest = tail[tail.index(after: close)...]
            if let hidden = ["script", "style", "head", "title"].first(where: { $0 == name }) {
                rest = afterTag("</\(hidden)", in: rest)
            } else if ["br", "br/", "p", "/p", "div", "/div", "li", "tr", "/tr", "h1", "h2", "h3"].contains(name) {
                out += "\n"
            }
        }
        return (out + entities(rest)).replacing(#/\n{3,}/#, with: "\n\n").trimmingSpaces()
    }

    private static func after(_ mark: String, in text: Substring) -> Substring {
        guard let range = text.firstRange(of: mark) else { return "" }
        return text[range.upperBound...]
    }

    private static func afterTag(_ tag: String, in text: Substring) -> Substring {
        // Letter case of tags is free; lowercasing ASCII keeps every index where it was.
        var at = text.startIndex
        while let open = text[at...].firstIndex(of: "<") {
            if text[open...].prefix(tag.count).lowercased() == tag {
                guard let close = text[open...].firstIndex(of: ">") else { return "" }
                return text[text.index(after: close)...]
            }
            at = text.index(after: open)
        }
        return ""
    }

    private static let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "laquo": "«", "raquo": "»", "mdash": "–", "ndash": "–"]

    private static func entities(_ text: Substring) -> String {
        String(text).replacing(#/&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-z]{2,6});/#) { match in
            let word = String(match.1)
            if let known = named[word] { return known }
            let digits = word.dropFirst()
            let value = digits.first.map { "xX".contains($0) } == true ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            guard word.hasPrefix("#"), let value, let scalar = Unicode.Scalar(value) else { return String(match.0) }
            return String(Character(scalar))
        }
    }
}
