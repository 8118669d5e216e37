import Foundation
import JarshyKit

/// Prepares and checks the text of a template before Mustache sees it.
///
/// Mustache renders nothing for what it does not know; here a wrong name is an error when the server starts:
/// - `[[key]]` becomes the words of one language, escaped for HTML; an unknown key or one with slots is a fault;
/// - `{{>partial}}` and `{{<parent}}` must name a template;
/// - `{{{ }}}`, `{{& }}` and changed delimiters are refused: there is no way to write unescaped text;
/// - dots in names become `-`, a letter Swift names do not have: a path is then resolved by `PageNode` and a miss is
/// seen.
struct TemplateSource: Sendable {
    let name: String
    let file: String
    let text: String

    struct Fault: Error, Hashable, CustomStringConvertible {
        let file: String
        let reason: String
        var description: String { "\(file): \(reason)" }
    }

    /// The text for Mustache, in one language.
    func prepared(_ catalog: Catalog, templates: Set<String>, faults: inout [Fault]) -> String {
        filled(tagged(templates: templates, faults: &faults), catalog, faults: &faults)
    }

    /// Keys the template uses.
    var keys: [String] {
        var keys: [String] = []
        var rest = uncommented[...]
        while let start = rest.range(of: "[["), let end = rest[start.upperBound...].range(of: "]]") {
            keys.append(String(rest[start.upperBound..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return keys
    }

    private var uncommented: String {
        var out = ""
        var rest = text[...]
        while let start = rest.range(of: "{{!") {
            out += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].range(of: "}}") else { return out }
            rest = rest[end.upperBound...]
            // A comment alone on its line leaves no empty line behind.
            if out.isEmpty || out.hasSuffix("\n"), rest.first == "\n" { rest = rest.dropFirst() }
        }
        return out + rest
    }

    private func filled(_ text: String, _ catalog: Catalog, faults: inout [Fault]) -> String {
        var out = ""
        var rest = text[...]
        while let start = rest.range(of: "[[") {
            out += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].range(of: "]]") else {
                faults.append(Fault(file: file, reason: "[[ without ]]"))
                return out
            }
            let key = String(rest[start.upperBound..<end.lowerBound])
            if let words = catalog.text(key) {
                if words.contains("{") {
                    faults.append(Fault(file: file, reason: "[[\(key)]] has slots; say it in the page's struct"))
                }
                out += htmlEscaped(words)
            } else {
                faults.append(Fault(file: file, reason: "no words for [[\(key)]] in \(catalog.language)"))
            }
            rest = rest[end.upperBound...]
        }
        return out + rest
    }

    private func tagged(templates: Set<String>, faults: inout [Fault]) -> String {
        var out = ""
        var rest = uncommented[...]
        while let start = rest.range(of: "{{") {
            out += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].range(of: "}}") else {
                faults.append(Fault(file: file, reason: "{{ without }}"))
                return out
            }
            let tag = rest[start.upperBound..<end.lowerBound]
            rest = rest[end.upperBound...]
            out += "{{" + tagRewritten(String(tag), templates: templates, faults: &faults) + "}}"
        }
        return out + rest
    }

    private func tagRewritten(_ tag: String, templates: Set<String>, faults: inout [Fault]) -> String {
        switch tag.first {
        case "{", "&", "=", "%":
            faults.append(Fault(file: file, reason: "{{\(tag)}}: unescaped text and new delimiters are not allowed"))
            return tag
        case ">", "<":
            let name = String(tag.dropFirst()).trimmingSpaces()
            if !templates.contains(name) { faults.append(Fault(file: file, reason: "no template \"\(name)\"")) }
            return tag
        default:
            let name = String("#^/$".contains(tag.first ?? " ") ? tag.dropFirst() : tag[...]).trimmingSpaces()
            let plain = name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 46
                    || byte == 95
            }
            if !plain || (name.hasPrefix(".") && name != ".") {
                faults.append(Fault(file: file, reason: "{{\(tag)}}: a name is letters, digits and dots"))
            }
            return name == "." ? tag : tag.replacing(".", with: "-")
        }
    }
}
