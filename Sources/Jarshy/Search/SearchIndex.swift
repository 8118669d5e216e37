import JarshyKit
import Storage

/// A text to be found: an answer in one language, a question, an event.
struct SearchDocument: Sendable {
    let id: ID<Never>
    /// The id it had where it came from; "" when it was made here.
    var external = ""
    var language = ""
    /// Whose it is; `.none` where that does not matter.
    var unit = UnitNo.none
    /// Whether anybody may find it.
    var isOpen = false
    /// A question, its answer: each is found by itself.
    var texts: [String]
}

/// Writes one space of the index. Changes are gathered in memory and written by `flush`, a row a term and block, so that
/// many documents cost little more than one. Use it within one transaction; it holds the space's row locked till the end.
final class SearchIndex {
    private struct Place: Hashable {
        let term: Int64
        let block: Int64
    }

    private let db: any Writing
    private let space: Int64
    private var next: Int64
    private var passages: Int64
    private var lengths: (stems: Int64, grams: Int64)
    private var changes: [Place: [(place: Int, count: Int)]] = [:]
    private var rows: [[Bind]] = []
    private let words = SearchWords()
    /// The space that is being built to take this one's place (`SearchBuild`); it gets the same changes.
    private var twin: SearchIndex?

    /// The name of a space while it is built to take another's place.
    static func fresh(_ name: String) -> String { name + "+" }

    /// Opens a space, making it if need be.
    init(_ name: String, in db: any Writing) throws {
        self.db = db
        let made = try db.run(
            """
            INSERT INTO search_space (no, name, next, passages, stems, grams)
            SELECT coalesce(max(no), 0) + 1, \(name), 0, 0, 0, 0 FROM search_space WHERE true ON CONFLICT (name) DO NOTHING
            """)
        if made > 0, !name.hasSuffix("+") {
            try db.run(
                """
                INSERT INTO search_build (name, version) VALUES (\(name), \(SearchTerms.version)) ON CONFLICT (name) DO NOTHING
                """)
        }
        let row = try db.first(
            "SELECT no, next, passages, stems, grams FROM search_space WHERE name = \(name) \(SQL.forUpdate(db.dialect))"
        ) { row in
            (try row.next(Int64.self), try row.next(Int64.self), try row.next(Int64.self), try row.next(Int64.self),
             try row.next(Int64.self))
        }
        guard let row else { throw StorageError.decoding("no search space \(name)") }
        (space, next, passages, lengths) = (row.0, row.1, row.2, (row.3, row.4))
        let twinName = SearchIndex.fresh(name)
        if !name.hasSuffix("+"), try db.first(Int64.self, "SELECT no FROM search_space WHERE name = \(twinName)") != nil {
            twin = try SearchIndex(twinName, in: db)
        }
    }

    /// Puts documents in, in place of what stood under their ids; one id may come in several languages.
    func put(_ documents: [SearchDocument]) throws {
        try twin?.put(documents)
        try remove(documents.map(\.id))
        for document in documents {
            for body in document.texts.flatMap(Passages.of) {
                let terms = SearchTerms(body, words)
                guard !terms.isEmpty else { continue }
                add(terms, document.language, sign: 1, at: next)
                rows.append([
                    .integer(space), .integer(next), document.id.bind, document.external.bind, document.language.bind,
                    document.unit.bind, document.isOpen.bind, .integer(Int64(terms.stemCount)),
                    .integer(Int64(terms.gramCount)), body.bind,
                ])
                next += 1
            }
        }
    }

    func remove(_ documents: [ID<Never>]) throws {
        try twin?.remove(documents)
        guard !documents.isEmpty, next > 0 else { return }
        for chunk in stride(from: 0, to: documents.count, by: 500).map({ Array(documents[$0..<min($0 + 500, documents.count)]) }) {
            let old = try db.all(
                "SELECT no, language, body FROM search_passage WHERE space = \(space) AND document IN \(chunk)"
            ) { row in (no: try row.next(Int64.self), language: try row.next(String.self), body: try row.next(String.self)) }
            guard !old.isEmpty else { continue }
            for passage in old { add(SearchTerms(passage.body, words), passage.language, sign: -1, at: passage.no) }
            try db.run("DELETE FROM search_passage WHERE space = \(space) AND document IN \(chunk)")
        }
    }

    /// Writes everything that was put and removed: postings, passages, statistics.
    func flush() throws {
        try twin?.flush()
        let kept = try read(Array(changes.keys))
        var written: [[Bind]] = []
        for (place, changed) in changes {
            var postings = kept[place] ?? Postings()
            // Appending, the usual case, needs no search.
            for (at, count) in changed { postings.set(at, count: count) }
            written.append([
                .integer(space), .integer(place.term), .integer(place.block), .integer(Int64(postings.pairs.count)),
                Blob(postings.packed).bind,
            ])
        }
        // The same order for everybody, whoever else writes another space.
        written.sort { SearchIndex.order($0) < SearchIndex.order($1) }
        try db.insert(
            "INSERT INTO search_posting (space, term, block, passages, packed) VALUES", rows: written,
            "ON CONFLICT (space, term, block) DO UPDATE SET passages = excluded.passages, packed = excluded.packed")
        try db.insert(
            """
            INSERT INTO search_passage (space, no, document, external, language, unit, open, stems, grams, body) VALUES
            """, rows: rows)
        try db.run(
            """
            UPDATE search_space SET next = \(next), passages = \(passages), stems = \(lengths.stems), grams = \(lengths.grams)
            WHERE no = \(space)
            """)
        changes = [:]
        rows = []
    }

    private static func order(_ row: [Bind]) -> (Int64, Int64) {
        guard case .integer(let term) = row[1], case .integer(let block) = row[2] else { return (0, 0) }
        return (term, block)
    }

    private func read(_ places: [Place]) throws -> [Place: Postings] {
        guard !places.isEmpty else { return [:] }
        var kept: [Place: Postings] = [:]
        for (block, group) in Dictionary(grouping: places, by: \.block) {
            let terms = group.map(\.term).sorted()
            for start in stride(from: 0, to: terms.count, by: 500) {
                let chunk = Array(terms[start..<min(start + 500, terms.count)])
                try db.rows(
                    "SELECT term, packed FROM search_posting WHERE space = \(space) AND block = \(block) AND term IN \(chunk)"
                ) { row in
                    kept[Place(term: try row.next(), block: block)] = Postings(packed: try row.next(Blob.self).bytes)
                    return true
                }
            }
        }
        return kept
    }

    private func add(_ terms: SearchTerms, _ language: String, sign: Int, at no: Int64) {
        let (block, place) = (no / Postings.blockSize, Int(no % Postings.blockSize))
        func change(_ term: Int64, _ count: Int) {
            changes[Place(term: term, block: block), default: []].append((place, sign > 0 ? count : 0))
        }
        for (term, count) in terms.stems { change(term, count) }
        for (term, count) in terms.grams { change(term, count) }
        for fact in terms.facts { change(SearchTerms.fact(fact), 1) }
        if !language.isEmpty { change(SearchTerms.language(language), 1) }
        change(SearchLength.term, SearchLength.packed(terms))
        passages += Int64(sign)
        lengths.stems += Int64(sign * terms.stemCount)
        lengths.grams += Int64(sign * terms.gramCount)
    }
}
