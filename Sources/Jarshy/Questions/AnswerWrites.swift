import JarshyKit
import Storage

/// What the deeds on answers write: texts that wait, and what an answer rests on.
enum AnswerWrites {
    static let longest = 8000

    static func faults(_ body: String, field: String = "answer") -> [Problem.Fault] {
        if folded(body).isEmpty { return [Problem.Fault(field, "missing", "'\(field)' is missing.")] }
        if body.unicodeScalars.count > longest {
            return [Problem.Fault(field, "too-long", "'\(field)' is too long.", slots: ["max": String(longest)])]
        }
        return []
    }

    /// - Parameter sources: settled (see `NamedSource.settled`). Of several facts from one source the source stands once.
    static func put(_ sources: [NamedSource], on answer: AnswerID, in db: any Writing) throws {
        try db.run("DELETE FROM answer_source WHERE answer = \(answer)")
        try db.run("DELETE FROM answer_fact WHERE answer = \(answer)")
        var rows: [[Bind]] = []
        var known: Set<SourceID> = []
        for named in sources {
            if let source = named.source, !known.insert(source).inserted { continue }
            rows.append([
                answer.bind, Int64(rows.count).bind, named.title.bind, named.url.bind, named.day?.bind ?? .null(.bigint),
                named.source?.bind ?? .null(.uuid), named.sourceVersion?.bind ?? .null(.bigint),
            ])
        }
        try db.insert(
            "INSERT INTO answer_source (answer, position, title, url, day, source, source_version) VALUES", rows: rows)
        let facts = sources.compactMap { named -> [Bind]? in
            guard let fact = named.fact, let version = named.factVersion else { return nil }
            return [answer.bind, fact.bind, version.bind]
        }
        try db.insert("INSERT INTO answer_fact (answer, fact, fact_version) VALUES", rows: facts)
        try db.run("UPDATE answer SET sources = \(rows.count) WHERE id = \(answer)")
    }

    /// An asker was told a text.
    static func told(
        _ question: QuestionID, _ language: Language, _ version: Int64, by person: PersonID, at now: Instant, in db: any Writing
    ) throws {
        try db.run(
            """
            INSERT INTO answer_told (question, language, version, at, told_by)
            VALUES (\(question), \(language), \(version), \(now), \(person))
            ON CONFLICT (question, language, version) DO NOTHING
            """)
    }

    /// A text that waits, with the sources it comes with.
    /// - Parameter sources: nil when it changes none: a translation, the first text, whose sources stand with the answer.
    static func put(
        _ language: Language, question: String, body: String, reason: String, sources: [NamedSource]? = nil, author: PersonID,
        on answer: AnswerID, at now: Instant, in db: any Writing
    ) throws {
        try db.run(
            """
            INSERT INTO answer_draft (answer, language, question, body, reason, author, at)
            VALUES (\(answer), \(language), \(question), \(body), \(reason), \(author), \(now))
            ON CONFLICT (answer, language) DO UPDATE SET question = \(question), body = \(body), reason = \(reason),
                author = \(author), at = \(now)
            """)
        try db.run("DELETE FROM answer_draft_source WHERE answer = \(answer) AND language = \(language)")
        let rows = (sources ?? []).enumerated().map { position, named -> [Bind] in
            [
                answer.bind, language.rawValue.bind, Int64(position).bind, named.title.bind, named.url.bind,
                named.day?.bind ?? .null(.bigint), named.source?.bind ?? .null(.uuid),
                named.sourceVersion?.bind ?? .null(.bigint), named.fact?.bind ?? .null(.uuid),
                named.factVersion?.bind ?? .null(.bigint),
            ]
        }
        try db.insert(
            """
            INSERT INTO answer_draft_source (answer, language, position, title, url, day, source, source_version, fact,
                fact_version) VALUES
            """, rows: rows)
    }
}
