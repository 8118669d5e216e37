import JarshyKit
import Storage

/// What was found, best first.
struct SearchHit: Sendable {
    let document: ID<Never>
    let external: String
    let language: String
    let unit: UnitNo
    /// 0 to 10,000: the share of what was asked that the passage says. Whole, so that it can stand in an address.
    let points: Int
    let text: String

    /// 0 to 1.
    var score: Double { Double(points) / 10_000 }

    /// Equal scores stand in the order of ids, the same on every engine.
    static func isBetter(_ left: SearchHit, _ right: SearchHit) -> Bool {
        left.points == right.points ? left.document < right.document : left.points > right.points
    }
}

/// Asks one space of the index (`SearchScores`). A document is as good as its best passage. Of a question of one word, what
/// only shares letters with it is found when it has a word written nearly so (`SearchNear`).
struct SearchQuery: Sendable {
    let space: String
    let text: String
    var limit = 5
    /// Which of these, none of them open to anybody, may be shown; nil: only what is open is found.
    var opens: (@Sendable ([ID<Never>], any Reading) throws -> Set<ID<Never>>)?
    /// Points below which nothing is shown.
    var least = 1

    /// Passages looked at for somebody who may open few of them; what lies deeper has little to do with what was asked.
    private static let mostLookedAt = 10_000
    /// Of these, passages whose words are compared letter by letter.
    private static let mostCompared = 1_000

    func run(in db: any Reading) throws -> [SearchHit] {
        let space = try db.first("SELECT no, next, passages FROM search_space WHERE name = \(space)") { row in
            (no: try row.next(Int64.self), next: try row.next(Int.self), passages: try row.next(Int64.self))
        }
        guard let space, space.passages > 0 else { return [] }
        let question = SearchQuestion(text)
        guard !question.words.isEmpty else { return [] }
        var parts: [Int64: [SearchScores.Part]] = [:]
        try db.rows(
            "SELECT term, block, passages, packed FROM search_posting WHERE space = \(space.no) AND term IN \(question.terms)"
        ) { row in
            parts[try row.next(Int64.self), default: []].append(
                SearchScores.Part(block: try row.next(), passages: try row.next(), packed: try row.next(Blob.self).bytes))
            return true
        }
        let found = SearchScores(passages: space.passages, next: space.next, parts: parts).of(question)
        return try hits(found, question.alone.map { SearchNear($0, isKnown: found.isKnown) }, in: space.no, db)
    }

    /// Passages are read a few at a time, best first, until there are enough that may be shown.
    private func hits(
        _ said: SearchScores.Found, _ near: SearchNear?, in space: Int64, _ db: any Reading
    ) throws -> [SearchHit] {
        var found: [SearchHit] = []
        var compared = 0
        var seen: Set<ID<Never>> = []
        var wanted = max(40, limit * 4)
        var ceiling: (points: Int, no: Int)?
        var looked = 0
        while looked < SearchQuery.mostLookedAt {
            let best = SearchQuery.best(said.scores, wanted: wanted, below: ceiling, least: least)
            guard let last = best.last else { break }
            looked += best.count
            for (no, hit) in try read(best, in: space, db) where !seen.contains(hit.document) {
                if let near, said.spelled[no] {
                    compared += 1
                    if compared > SearchQuery.mostCompared || !near.isIn(hit.text) { continue }
                }
                seen.insert(hit.document)
                found.append(hit)
            }
            if found.count >= limit || best.count < wanted { break }
            ceiling = last
            wanted = min(wanted * 4, 2000)
        }
        return Array(found.sorted(by: SearchHit.isBetter).prefix(limit))
    }

    /// Best first, equals by number.
    private static func best(
        _ scores: [Float], wanted: Int, below ceiling: (points: Int, no: Int)?, least: Int
    ) -> [(points: Int, no: Int)] {
        func isBefore(_ left: (points: Int, no: Int), _ right: (points: Int, no: Int)) -> Bool {
            left.points == right.points ? left.no < right.no : left.points > right.points
        }
        var kept: [(points: Int, no: Int)] = []
        var floor = max(1, least)
        for no in scores.indices where scores[no] > 0 {
            let entry = (points: min(10_000, Int((scores[no] * 10_000).rounded())), no: no)
            guard entry.points >= floor else { continue }
            if let ceiling, !isBefore(ceiling, entry) { continue }
            kept.append(entry)
            if kept.count >= wanted * 4 {
                kept.sort(by: isBefore)
                kept.removeLast(kept.count - wanted)
                floor = max(floor, kept[kept.count - 1].points)
            }
        }
        kept.sort(by: isBefore)
        return Array(kept.prefix(wanted))
    }

    private func read(_ best: [(points: Int, no: Int)], in space: Int64, _ db: any Reading) throws -> [(Int, SearchHit)] {
        let points = Dictionary(uniqueKeysWithValues: best.map { (Int64($0.no), $0.points) })
        let rows = try db.all(
            """
            SELECT no, document, external, language, unit, open, body FROM search_passage
            WHERE space = \(space) AND no IN \(best.map { Int64($0.no) })
            """
        ) { row -> (isOpen: Bool, no: Int, hit: SearchHit) in
            let no = try row.next(Int64.self)
            let (document, external, language) = (try row.next(ID<Never>.self), try row.next(String.self), try row.next(String.self))
            let (unit, isOpen, body) = (try row.next(UnitNo.self), try row.next(Bool.self), try row.next(String.self))
            return (
                isOpen, Int(no),
                SearchHit(
                    document: document, external: external, language: language, unit: unit, points: points[no] ?? 0, text: body)
            )
        }
        let closed = Set(rows.filter { !$0.isOpen }.map(\.hit.document)).sorted()
        let opened = closed.isEmpty ? [] : try opens?(closed, db) ?? []
        return rows.filter { $0.isOpen || opened.contains($0.hit.document) }.map { ($0.no, $0.hit) }
            .sorted { SearchHit.isBetter($0.1, $1.1) }
    }
}
