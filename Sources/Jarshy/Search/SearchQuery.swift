import JarshyKit
import Storage

/// What was found, best first.
struct SearchHit: Sendable {
    let document: ID<Never>
    let external: String
    let language: String
    let unit: UnitNo
    /// 0 to 1: 1 would be a passage that is the best by stems and by letters, and says all that was asked.
    let score: Double
    let text: String

    /// Equal scores stand in the order of ids, the same on every engine.
    static func isBetter(_ left: SearchHit, _ right: SearchHit) -> Bool {
        left.score == right.score ? left.document < right.document : left.score > right.score
    }
}

/// Asks one space of the index.
///
/// Every passage is scored twice by BM25, by stems and by threes of letters; each is divided by its best, and they are
/// added 0.4 to 0.6, which was measured best (`docs/decisions`). A document is as good as its best passage.
struct SearchQuery: Sendable {
    let space: String
    let text: String
    var limit = 5
    /// Only what anybody may see.
    var openOnly = true
    /// Which units' documents may be shown; nil: all.
    var units: (@Sendable (UnitNo) -> Bool)?
    var language: String?

    static let longest = 500
    private static let stemShare = 0.4
    /// A term in more than a quarter of all passages tells nothing, and would be most of the work.
    private static let commonest = 0.25

    func run(in db: any Reading) throws -> [SearchHit] {
        let space = try db.first("SELECT no, next, passages, stems, grams FROM search_space WHERE name = \(space)") { row in
            SearchSpace(no: try row.next(), next: try row.next(), passages: try row.next(), stems: try row.next(), grams: try row.next())
        }
        guard let space, space.passages > 0 else { return [] }
        let asked = String(text.prefix(SearchQuery.longest))
        let russian = RussianStemmer()
        var terms = SearchTerms(asked, asks: true, russian: russian)
        if terms.isEmpty { terms = SearchTerms(asked, russian: russian) }
        guard !terms.isEmpty else { return [] }
        let scores = try score(terms, in: space, db)
        return try hits(best(scores, wanted: max(40, limit * 8)), in: space, db)
    }

    private struct SearchSpace {
        let no: Int64
        let next: Int64
        let passages: Int64
        let stems: Int64
        let grams: Int64
    }

    /// Both scores of every passage, by number.
    private struct Scores {
        let stems: [Float]
        let grams: [Float]
        /// What a passage of usual length that has all letters asked for would score.
        let whole: Float
    }

    private func score(_ terms: SearchTerms, in space: SearchSpace, _ db: any Reading) throws -> Scores {
        var packed: [Int64: [(block: Int, passages: Int, bytes: [UInt8])]] = [:]
        let wanted = Array(terms.stems.keys) + Array(terms.grams.keys) + [SearchLength.term]
        try db.rows(
            "SELECT term, block, passages, packed FROM search_posting WHERE space = \(space.no) AND term IN \(wanted)"
        ) { row in
            packed[try row.next(Int64.self), default: []].append(
                (try row.next(Int.self), try row.next(Int.self), try row.next(Blob.self).bytes))
            return true
        }
        var lengths = [UInt8](repeating: 0, count: Int(space.next))
        for part in packed[SearchLength.term] ?? [] {
            Postings.each(part.bytes) { place, code in lengths[part.block * Int(Postings.blockSize) + place] = UInt8(code) }
        }
        let total = Double(space.passages)
        func field(_ asked: [Int64: Int], _ saturation: Float) -> (scores: [Float], whole: Float) {
            var whole: Float = 0
            var scores = [Float](repeating: 0, count: Int(space.next))
            scores.withUnsafeMutableBufferPointer { scores in
                for (term, times) in asked {
                    let parts = packed[term] ?? []
                    let frequency = parts.reduce(0) { $0 + $1.passages }
                    if Double(frequency) > total * SearchQuery.commonest, asked.count > 3, total > 100 { continue }
                    let rarity = SearchLength.rarity(frequency, of: space.passages) * Float(min(times, 2))
                    whole += rarity
                    for part in parts {
                        let base = part.block * Int(Postings.blockSize)
                        Postings.each(part.bytes) { place, count in
                            let norm = SearchLength.norms[Int(lengths[base + place])] * saturation
                            scores[base + place] += rarity * Float(count) * (saturation + 1) / (Float(count) + norm)
                        }
                    }
                }
            }
            return (scores, whole)
        }
        let (stems, grams) = (field(terms.stems, 1.2), field(terms.grams, 1.2))
        return Scores(stems: stems.scores, grams: grams.scores, whole: grams.whole)
    }

    private func best(_ scores: Scores, wanted: Int) -> [(no: Int, score: Double)] {
        let (topStem, topGram) = (max(scores.stems.max() ?? 0, 0.001), max(scores.grams.max() ?? 0, 0.001))
        let (stemShare, gramShare) = (Float(SearchQuery.stemShare) / topStem, Float(1 - SearchQuery.stemShare) / topGram)
        var heap: [(no: Int, score: Float)] = []
        var least: Float = 0
        for no in scores.grams.indices {
            let score = scores.stems[no] * stemShare + scores.grams[no] * gramShare
            guard score > least else { continue }
            heap.append((no, score))
            if heap.count >= wanted * 4 {
                heap.sort { $0.score > $1.score }
                heap.removeLast(heap.count - wanted)
                least = heap[heap.count - 1].score
            }
        }
        heap.sort { $0.score != $1.score ? $0.score > $1.score : $0.no < $1.no }
        // The best of what does not fit is still no good answer: a question half of whose letters nobody has scores half.
        let fit = min(1, topGram / max(scores.whole, 0.001))
        return heap.prefix(wanted).map { ($0.no, Double($0.score * fit)) }
    }

    private func hits(_ best: [(no: Int, score: Double)], in space: SearchSpace, _ db: any Reading) throws -> [SearchHit] {
        let scores = Dictionary(uniqueKeysWithValues: best.map { (Int64($0.no), $0.score) })
        let rows = try db.all(
            """
            SELECT no, document, external, language, unit, open, body FROM search_passage
            WHERE space = \(space.no) AND no IN \(best.map { Int64($0.no) })
            """
        ) { row -> (score: Double, isOpen: Bool, hit: SearchHit) in
            let score = scores[try row.next(Int64.self)] ?? 0
            let (document, external, language) = (try row.next(ID<Never>.self), try row.next(String.self), try row.next(String.self))
            let (unit, isOpen, body) = (try row.next(UnitNo.self), try row.next(Bool.self), try row.next(String.self))
            return (
                score, isOpen,
                SearchHit(document: document, external: external, language: language, unit: unit, score: score, text: body)
            )
        }
        let shown = rows.filter { row in
            (row.isOpen || !openOnly) && (language == nil || language == row.hit.language) && (units?(row.hit.unit) ?? true)
        }
        var seen: Set<ID<Never>> = []
        return Array(shown.map(\.hit).sorted(by: SearchHit.isBetter).filter { seen.insert($0.document).inserted }.prefix(limit))
    }
}
