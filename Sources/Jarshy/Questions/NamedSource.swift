import JarshyKit
import Storage

/// A source as somebody names it: a title and a link, or something of the library in the version that was read.
struct NamedSource: Sendable, Hashable {
    let title: String
    let url: String
    var day: Day?
    var source: SourceID?
    var sourceVersion: Int64?
    var fact: FactID?
    var factVersion: Int64?

    /// Lines of a form: `title | link`, a link alone, or the address of something in the library; empty lines are nothing.
    static func lines(_ text: String) -> [NamedSource] {
        cleanedTyping(text).split(whereSeparator: \.isNewline).compactMap { line in
            let parts = line.split(separator: "|", maxSplits: 1).map { String($0).trimmingSpaces() }
            guard let first = parts.first, !first.isEmpty else { return nil }
            if let cited = LibraryCite.Address(parts.last ?? first) {
                return NamedSource(title: parts.last ?? first, url: "", source: cited.source, fact: cited.fact)
            }
            if parts.count == 1 { return NamedSource(title: first, url: isLink(first) ? first : "") }
            return NamedSource(title: first, url: parts[1])
        }
    }

    /// The line by which somebody names it again.
    var line: String {
        if let source { return LibraryCite.Address(source: source, fact: fact).path }
        return url.isEmpty || url == title ? title : "\(title) | \(url)"
    }

    /// Only these may stand in a link of a page: `javascript:` and its like never do.
    static func isLink(_ text: String) -> Bool { WebLink.isLink(text) }

    static func faults(_ sources: [NamedSource]) -> [Problem.Fault] {
        if sources.isEmpty { return [Problem.Fault("sources", "no-source", "At least one source is wanted.")] }
        if sources.count > 20 { return [.bounds("sources", 1, 20)] }
        let wrong = sources.contains { ($0.url.isEmpty ? false : !isLink($0.url)) || $0.title.utf8.count > 600 }
        return wrong ? [Problem.Fault("sources", "not-link", "A source's link begins with https:// or http://.")] : []
    }

    /// The same with what the library says of those that stand in it; the same thing is named once.
    /// - Throws: 422 for what the library does not have, or what nobody confirmed yet.
    static func settled(_ sources: [NamedSource], in db: any Reading) throws -> [NamedSource] {
        let cited = sources.compactMap { named in named.source.map { LibraryCite.Address(source: $0, fact: named.fact) } }
        var found = try LibraryCite.read(cited, field: "sources", in: db)[...]
        var known: Set<String> = []
        return sources.compactMap { named in
            guard named.source != nil, let cite = found.popFirst() else { return known.insert(named.line).inserted ? named : nil }
            let settled = NamedSource(
                title: cite.title, url: cite.url, day: cite.issued, source: cite.address.source,
                sourceVersion: cite.sourceVersion, fact: cite.address.fact, factVersion: cite.factVersion)
            return known.insert(settled.line).inserted ? settled : nil
        }
    }
}
