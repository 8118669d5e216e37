import JarshyKit
import Storage

/// A source as somebody names it: something of the library in the version that was read, or a link or a document with its day.
struct NamedSource: Sendable, Hashable {
    let title: String
    let url: String
    var day: Day?
    var source: SourceID?
    var sourceVersion: Int64?
    var fact: FactID?
    var factVersion: Int64?

    /// Lines of a form: `title | link | day`, a link or a document with its day, or the address of something in the library; empty
    /// lines are nothing. A day is `12.01.2026` or `2026-01-12`.
    static func lines(_ text: String) -> [NamedSource] {
        cleanedTyping(text).split(whereSeparator: \.isNewline).compactMap { line in
            var parts = line.split(separator: "|").map { String($0).trimmingSpaces() }.filter { !$0.isEmpty }
            guard let first = parts.first else { return nil }
            if let cited = parts.compactMap({ LibraryCite.Address($0) }).last {
                return NamedSource(title: first, url: "", source: cited.source, fact: cited.fact)
            }
            let day = parts.count > 1 ? parts.last.flatMap { Self.day(typed: $0) } : nil
            if day != nil { parts.removeLast() }
            if parts.count == 1 { return NamedSource(title: first, url: isLink(first) ? first : "", day: day) }
            return NamedSource(title: first, url: parts.dropFirst().joined(separator: " | "), day: day)
        }
    }

    private static func day(typed: String) -> Day? {
        let parts = typed.split(separator: ".").map { Int($0) }
        guard typed.contains("."), parts.count == 3, let day = parts[0], let month = parts[1], let year = parts[2] else {
            return Day(typed)
        }
        return Day(year: year, month: month, day: day)
    }

    /// The line by which somebody names it again.
    var line: String {
        if let source { return LibraryCite.Address(source: source, fact: fact).path }
        return [title, url == title ? "" : url, day?.description ?? ""].filter { !$0.isEmpty }.joined(separator: " | ")
    }

    /// Only these may stand in a link of a page: `javascript:` and its like never do.
    static func isLink(_ text: String) -> Bool { WebLink.isLink(text) }

    /// What an answer needs: a source, each something of the library, or a link or a document with its day.
    /// - Parameter sources: as `cited` gives them.
    static func faults(_ sources: [NamedSource]) -> [Problem.Fault] {
        if sources.contains(where: { $0.source == nil && $0.day == nil }) {
            return [Problem.Fault("sources", "source-day", "A source that is not in the library is named with its day: title | link | day.")]
        }
        return typingFaults(sources)
    }

    /// What is wrong with the typing alone. An operator's file is held to this: it may bring titles without a day, and is shown as
    /// the operator's.
    static func typingFaults(_ sources: [NamedSource]) -> [Problem.Fault] {
        if sources.isEmpty { return [Problem.Fault("sources", "no-source", "At least one source is wanted.")] }
        if sources.count > 20 { return [.bounds("sources", 1, 20)] }
        let wrong = sources.contains { ($0.url.isEmpty ? false : !isLink($0.url)) || $0.title.utf8.count > 600 }
        return wrong ? [Problem.Fault("sources", "not-link", "A source's link begins with https:// or http://.")] : []
    }

    /// The same, with what stands in the library under its own link named as such: its class, its copies and its changes count.
    static func cited(_ sources: [NamedSource], in db: any Reading) throws -> [NamedSource] {
        let links = Set(sources.filter { $0.source == nil && !$0.url.isEmpty }.map(\.url))
        let library = try LibraryCite.sources(at: links, in: db)
        return sources.map { named in
            guard named.source == nil, let source = library[named.url] else { return named }
            return NamedSource(title: named.title, url: "", source: source)
        }
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
