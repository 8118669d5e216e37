import JarshyKit
public import Storage

/// Answers from a file of the operator: TSV without quoting, header `id lang question answer source`. All of it or nothing.
///
/// Lines of one id are one answer in several languages; the first line's is the language it was written in. Published at
/// once in the operator's name, and shown as imported; a source here is a title, a link or both, its day may be missing. The same file again changes nothing; a changed line is a new version.
public struct AnswerImport: Sendable {
    public struct Report: Sendable {
        public var added = 0
        public var changed = 0
        public var same = 0
        public var refused: [String] = []
    }

    private struct Line {
        let id: String
        let language: Language
        let question: String
        let body: String
        let source: NamedSource
    }

    private let file: [UInt8]

    public init(file: [UInt8]) { self.file = file }

    public func apply(to database: Database) async throws -> Report {
        let (lines, refused) = read()
        var report = Report()
        report.refused = refused
        guard refused.isEmpty else { return report }
        let now = SystemClock().now
        return try await database.write { db in try AnswerImport.write(lines, at: now, in: db) }
    }

    private func read() -> ([Line], [String]) {
        var lines: [Line] = []
        var refused: [String] = []
        var seen: Set<String> = []
        let rows = String(decoding: file, as: UTF8.self).split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        let header = rows.first?.replacing("\u{FEFF}", with: "").split(separator: "\t").map(String.init) ?? []
        guard header == ["id", "lang", "question", "answer", "source"] else {
            return ([], ["line 1: the header is to be: id lang question answer source"])
        }
        for (index, row) in rows.enumerated().dropFirst() where !row.allSatisfy(\.isWhitespace) {
            let cells = row.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).trimmingSpaces() }
            func refuse(_ why: String) { refused.append("line \(index + 1): \(why)") }
            guard cells.count == 5 else { refuse("\(cells.count) cells, not 5"); continue }
            guard !cells[0].isEmpty, cells[0].utf8.count <= 200 else { refuse("no id"); continue }
            guard let language = Language(rawValue: cells[1]) else { refuse("language '\(cells[1])'"); continue }
            let (question, body) = (QuestionWords.cleaned(cells[2]), QuestionWords.cleaned(cells[3]))
            guard AnswerWrites.faults(body).isEmpty else { refuse("the answer is empty or too long"); continue }
            guard let source = NamedSource.lines(cells[4]).first, NamedSource.typingFaults([source]).isEmpty else {
                refuse("no source")
                continue
            }
            guard seen.insert(cells[0] + "\t" + cells[1]).inserted else { refuse("id and language twice"); continue }
            lines.append(Line(id: cells[0], language: language, question: question, body: body, source: source))
        }
        return (lines, refused)
    }

    private static func write(_ lines: [Line], at now: Instant, in db: any Writing) throws -> Report {
        var report = Report()
        var known: [String: (id: AnswerID, language: Language, version: Int64)] = [:]
        try db.rows("SELECT external_id, id, language, version FROM answer WHERE external_id IS NOT NULL") { row in
            known[try row.next()] = (try row.next(), try row.next(), try row.next())
            return true
        }
        var texts = try AnswerRows.texts(of: known.values.map(\.id), in: db)
        let (author, none) = (Actor.operator.person, Bind.null(.uuid))
        var answers: [[Bind]] = []
        var sources: [[Bind]] = []
        var inserted: [[Bind]] = []
        var versions: [[Bind]] = []
        for line in lines {
            let old = known[line.id]
            let id = old?.id ?? AnswerID.make(at: now)
            if old == nil {
                known[line.id] = (id, line.language, 1)
                answers.append([
                    id.bind, line.id.bind, line.language.bind, .text("published"), Int64(1).bind, author.bind, Int64(1).bind,
                    true.bind, true.bind, Int64(0).bind, Int64(0).bind, now.bind, now.bind, now.bind,
                ])
                let source = line.source
                sources.append([id.bind, Int64(0).bind, source.title.bind, source.url.bind, source.day?.bind ?? .null(.bigint)])
                report.added += 1
            }
            let stands = texts[id]?.first { $0.language == line.language }
            if let stands, stands.body == line.body, stands.question == line.question {
                report.same += 1
                continue
            }
            let version = (stands?.version ?? 0) + 1
            let isFirst = (old?.language ?? line.language) == line.language
            let basedOn = isFirst ? version : known[line.id]?.version ?? 1
            versions.append([
                id.bind, line.language.bind, version.bind, line.question.bind, line.body.bind, "".bind, author.bind, none,
                now.bind,
            ])
            guard stands != nil else {
                inserted.append([
                    id.bind, line.language.bind, version.bind, basedOn.bind, line.question.bind, line.body.bind, now.bind,
                ])
                texts[id, default: []].append(
                    Answer.Text(
                        language: line.language, version: version, basedOn: basedOn, question: line.question,
                        body: line.body, at: now))
                continue
            }
            report.changed += 1
            try db.run(
                """
                UPDATE answer_text SET version = \(version), based_on = \(basedOn), question = \(line.question),
                    body = \(line.body), at = \(now) WHERE answer = \(id) AND language = \(line.language)
                """)
            guard isFirst else { continue }
            // A new text stands in place of one that was taken back, too.
            try db.run("UPDATE answer SET state = 'published', version = \(version), changed_at = \(now) WHERE id = \(id)")
        }
        try db.insert(
            """
            INSERT INTO answer (id, external_id, language, state, version, author, sources, imported, prepared, helped,
                unhelped, created_at, published_at, changed_at) VALUES
            """, rows: answers)
        try db.insert("INSERT INTO answer_source (answer, position, title, url, day) VALUES", rows: sources)
        try db.insert(
            "INSERT INTO answer_text (answer, language, version, based_on, question, body, at) VALUES", rows: inserted)
        try db.insert(
            """
            INSERT INTO answer_version (answer, language, version, question, body, reason, author, approver, at) VALUES
            """, rows: versions)
        try PageStamp.touch(.answers, in: db)
        try AnswerIndex.update(Set(lines.compactMap { known[$0.id]?.id }).sorted(), in: db)
        try Feed.record(
            FeedLine("import", "answer", now.milliseconds, detail: "added=\(report.added) changed=\(report.changed)"),
            by: .operator, at: now, in: db)
        return report
    }
}
