/// The words of one language, read from catalogue files.
///
/// A file has one message per line, `key = text`; blank lines and lines starting with `#` (notes for translators) are
/// skipped; `\n` in a text is a line break. Slots are named: `{place}`. A counted message has one line per plural
/// form, its keys ending in `.one`, `.few`, `.many`, `.other`:
///
///     events.total.one = {n} event in {place}
///     events.total.other = {n} events in {place}
///
/// A key ending in `.other` with no `.one`, `.few` or `.many` beside it is a plain message (`reason.other`).
public struct Catalog: Sendable {
    /// One catalogue file: `name` is used in errors only.
    public struct File: Sendable {
        public let name: String
        public let text: String

        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    public let language: Language
    var messages: [String: Message] = [:]
    /// Counted messages by base key and form.
    var counted: [String: [PluralCategory: Message]] = [:]

    /// Reads and merges the files of one language.
    /// - Throws: ``CatalogError`` naming file and line: a line without `=`, a bad or repeated key, an empty text, a
    ///   broken slot. A key may be defined once only, whatever the file.
    public init(language: Language, files: [File]) throws(CatalogError) {
        self.language = language
        for file in files { try read(file) }
        gatherCounted()
    }

    /// All keys, sorted.
    public var keys: [String] { messages.keys.sorted() }

    /// The text of a message as it stands in the file, slots unfilled; nil for an unknown key.
    public func text(_ key: String) -> String? {
        messages[key]?.text
    }

    /// The message with its slots filled; nil for an unknown key.
    ///
    /// A slot without a value stays visible as `{name}`: a page with a visible hole is found, one with a gap is not.
    /// Values are inserted as they are: escape the result, not the values.
    public func fill(_ key: String, _ slots: [String: String]) -> String? {
        messages[key]?.filled(slots)
    }

    /// The counted message in the form for `n`, with `{n}` filled with the grouped number.
    ///
    /// A message without plural forms serves every number. nil for an unknown key.
    public func count(_ key: String, _ n: Int, _ slots: [String: String] = [:]) -> String? {
        let forms = counted[key]
        guard let message = forms?[language.plural(n)] ?? forms?[.other] ?? messages[key] else { return nil }
        var slots = slots
        slots["n"] = Format(language).number(n)
        return message.filled(slots)
    }

    private mutating func read(_ file: File) throws(CatalogError) {
        var number = 0
        for raw in file.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            func broken(_ reason: String) -> CatalogError {
                CatalogError(file: file.name, line: number, reason: reason)
            }
            let line = trimmed(raw[...])
            if line.isEmpty || line.first == "#" { continue }
            guard let equals = line.firstIndex(of: "=") else { throw broken("no \"=\" between key and text") }
            let key = String(trimmed(line[..<equals]))
            guard Self.isKey(key) else { throw broken("\"\(key)\" is not a key (a-z, 0-9, \"_\", \"-\", \".\")") }
            guard messages[key] == nil else { throw broken("key \"\(key)\" is defined twice") }
            let text = trimmed(line[line.index(after: equals)...]).replacing("\\n", with: "\n")
            guard !text.isEmpty else { throw broken("key \"\(key)\" has no text") }
            do throws(Message.Broken) {
                messages[key] = try Message(String(text))
            } catch {
                throw broken("\(error.reason) in the text of \"\(key)\"")
            }
        }
    }

    private mutating func gatherCounted() {
        for (key, message) in messages {
            guard let (base, category) = Self.form(of: key) else { continue }
            counted[base, default: [:]][category] = message
        }
        counted = counted.filter { !($0.value.count == 1 && $0.value[.other] != nil) }
    }

    /// Splits "events.total.few" into "events.total" and `few`.
    static func form(of key: String) -> (base: String, category: PluralCategory)? {
        guard let dot = key.lastIndex(of: "."),
            let category = PluralCategory(rawValue: String(key[key.index(after: dot)...]))
        else { return nil }
        return (String(key[..<dot]), category)
    }

    private static func isKey(_ text: String) -> Bool {
        !text.isEmpty && text.first != "." && text.last != "."
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
                    || byte == 0x2E || byte == 0x5F || byte == 0x2D
            }
    }
}

/// A catalogue file that cannot be read: what is wrong, in which file, on which line (from 1).
public struct CatalogError: Error, Equatable, CustomStringConvertible {
    public let file: String
    public let line: Int
    public let reason: String

    public init(file: String, line: Int, reason: String) {
        self.file = file
        self.line = line
        self.reason = reason
    }

    public var description: String { "\(file):\(line): \(reason)" }
}

/// A message cut at its slots once, so that filling is one pass of appending.
struct Message: Sendable {
    struct Broken: Error { let reason: String }
    enum Piece: Sendable, Equatable {
        case text(Substring)
        case slot(String)
    }

    let text: String
    let pieces: [Piece]

    var slots: Set<String> {
        Set(pieces.compactMap { if case .slot(let name) = $0 { name } else { nil } })
    }

    init(_ text: String) throws(Broken) {
        var pieces: [Piece] = []
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            guard rest[brace] == "{" else { throw Broken(reason: "\"}\" without \"{\"") }
            guard let end = rest[brace...].firstIndex(of: "}") else { throw Broken(reason: "\"{\" without \"}\"") }
            let name = rest[rest.index(after: brace)..<end]
            guard Self.isSlot(name) else { throw Broken(reason: "\"{\(name)}\" is not a slot (a-z, 0-9, \"_\")") }
            if brace > rest.startIndex { pieces.append(.text(rest[..<brace])) }
            pieces.append(.slot(String(name)))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { pieces.append(.text(rest)) }
        self.text = text
        self.pieces = pieces
    }

    func filled(_ slots: [String: String]) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count + 16)
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .slot(let name): result += slots[name] ?? "{\(name)}"
            }
        }
        return result
    }

    private static func isSlot(_ name: Substring) -> Bool {
        guard let first = name.utf8.first, (0x61...0x7A).contains(first) else { return false }
        return name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}

private func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
}
