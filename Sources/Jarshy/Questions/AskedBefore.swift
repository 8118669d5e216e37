import JarshyKit
import Storage

/// "Has this been asked?": what may save somebody a question, looked up while it is typed and before it is sent.
///
/// A resident is shown published answers, and how many wait for the answer to a question much like it; never another's words.
/// Staff are shown the questions they may open, too.
struct AskedBefore: Sendable {
    struct Line: Sendable {
        let path: String
        let text: String
        let language: String
    }

    let lines: [Line]
    /// Residents who asked something much like it and have no answer yet; 0 below `fewestWaiting`.
    let waiting: Int
    /// Score of the best line.
    let best: Double

    /// Nothing shorter is looked up, in characters.
    static let shortest = 8
    private static let most = 3
    /// Below this the words have little to do with each other (`docs/decisions/0026`).
    private static let likely = 0.45
    /// From here on it is asked once more before it is sent.
    private static let veryLikely = 0.6
    /// Fewer are not told of: nobody shall learn that one certain neighbour asked.
    private static let fewestWaiting = 3
    /// Characters of a text that are shown.
    private static let shown = 160

    var isEmpty: Bool { lines.isEmpty && waiting == 0 }
    /// Whether it is worth a step before sending.
    var isStep: Bool { best >= Self.veryLikely }

    static let none = AskedBefore(lines: [], waiting: 0, best: 0)

    static func read(_ text: String, by actor: Actor?, at now: Instant, in db: any Reading) throws -> AskedBefore {
        guard text.count >= shortest else { return none }
        let answers = try SearchQuery(space: AnswerIndex.space, text: text, limit: most, least: points(likely)).run(in: db)
        var lines = answers.map { line($0, "/answers/") }
        var questions = SearchQuery(space: QuestionIndex.source.space, text: text, limit: 20, least: points(veryLikely))
        // Only their number is told.
        questions.opens = { heads, _ in Set(heads) }
        let like = try questions.run(in: db)
        var waiting = 0
        for chunk in Padded.chunks(like.map(\.document)) {
            waiting += try db.value(
                "SELECT CAST(coalesce(sum(asked), 0) AS bigint) FROM question WHERE id IN \(chunk) AND state IN \(Question.State.open)")
        }
        var best = answers.first?.score ?? 0
        if let actor {
            questions.limit = most
            questions.least = points(likely)
            questions.opens = { heads, db in try QuestionIndex.opens(heads, by: actor, at: now, in: db) }
            let mine = try questions.run(in: db)
            lines += mine.map { line($0, "/questions/") }
            best = max(best, mine.first?.score ?? 0)
        }
        return AskedBefore(lines: lines, waiting: waiting < fewestWaiting ? 0 : waiting, best: best)
    }

    private static func points(_ share: Double) -> Int { Int(share * 10_000) }

    private static func line(_ hit: SearchHit, _ path: String) -> Line {
        let text = hit.text.count > shown ? String(hit.text.prefix(shown)).trimmingSpaces() + "…" : hit.text
        return Line(path: path + hit.document.description, text: text, language: hit.language)
    }
}
