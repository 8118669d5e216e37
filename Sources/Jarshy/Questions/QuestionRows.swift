import JarshyKit
import Storage

/// Every SELECT of lists of questions.
///
/// The queue holds heads only, the oldest first: who has waited longest stands on top. It is paged by the moment it was
/// asked and the id.
struct QuestionRows {
    static let pageSize = 50
    static let mostExported = 20_000

    struct Filter: Sendable {
        enum Show: String, CaseIterable, Sendable {
            case open, mine, late, wrote, tell, published, declined, all
        }

        var show = Show.open
        var state: Question.State?
        var topic = ""
        var language: Language?
        var way: Question.Way?
        var unit: UnitNo?

        init(_ query: Fields, tree: Tree) {
            show = Show(rawValue: query.text("show")) ?? .open
            state = Question.State(rawValue: query.text("state"))
            topic = query.text("topic")
            language = Language(rawValue: query.text("language"))
            way = Question.Way(rawValue: query.text("way"))
            unit = query.code("unit").flatMap { tree.find($0)?.no }
        }
    }

    struct Cursor: Sendable, Hashable {
        let at: Instant
        let id: QuestionID

        init(_ question: Question) {
            at = question.askedAt
            id = question.id
        }

        init?(_ text: String) {
            let halves = text.split(separator: ".", maxSplits: 1)
            guard halves.count == 2, let at = Int64(halves[0]), let id = QuestionID(halves[1]) else { return nil }
            self.at = Instant(milliseconds: at)
            self.id = id
        }

        var text: String { "\(at.milliseconds).\(id)" }
    }

    struct Page: Sendable {
        var questions: [Question] = []
        var hasEarlier = false
        var hasLater = false
    }

    let filter: Filter
    let scope: QuestionScope
    let campaign: CampaignNo
    let db: any Reading

    func page(after: Cursor?, before: Cursor?) throws -> Page {
        let size = Self.pageSize
        var page = Page()
        if let before {
            let earlier: SQL =
                " AND (q.asked_at, q.id) < (\(before.at), \(before.id)) ORDER BY q.asked_at DESC, q.id DESC LIMIT \(size + 1)"
            let found = try db.all(Question.self, where: condition + earlier)
            page.questions = found.prefix(size).reversed()
            page.hasEarlier = found.count > size
            page.hasLater = true
        } else {
            var later: SQL = ""
            if let after { later += " AND (q.asked_at, q.id) > (\(after.at), \(after.id))" }
            let found = try db.all(
                Question.self, where: condition + later + " ORDER BY q.asked_at, q.id LIMIT \(size + 1)")
            page.questions = Array(found.prefix(size))
            page.hasEarlier = after != nil
            page.hasLater = found.count > size
        }
        return page
    }

    func count() throws -> Int { try db.value("SELECT count(*) " + condition) }

    /// Every question of the filter, for a file.
    func all() throws -> [Question] {
        try db.all(Question.self, where: condition + " ORDER BY q.asked_at, q.id LIMIT \(Self.mostExported)")
    }

    private var condition: SQL {
        var parts: [SQL] = ["q.campaign = \(campaign)", scoped]
        // Everybody who asked is told and heard, not the head alone.
        if filter.show != .tell, filter.show != .wrote { parts.append("q.head = q.id") }
        switch filter.show {
        case .open: parts.append("q.state IN \(Question.State.open)")
        case .mine: parts.append("(q.expert = \(scope.actor.person) OR q.author = \(scope.actor.person))")
        case .late: parts.append("q.state IN \(Question.State.open) AND q.due_day < \(scope.today)")
        case .wrote: parts.append(Self.unheard)
        case .tell: parts.append(Self.untold)
        case .published: parts.append("q.state IN \([Question.State.answered, .published])")
        case .declined: parts.append("q.state = \(Question.State.notPublished)")
        case .all: break
        }
        if let state = filter.state { parts.append("q.state = \(state)") }
        if !filter.topic.isEmpty { parts.append("q.topic = \(filter.topic)") }
        if let language = filter.language { parts.append("q.language = \(language)") }
        if let way = filter.way { parts.append("q.way = \(way)") }
        if let unit = filter.unit { parts.append(Self.below([unit], scope.tree)) }
        return "FROM question q WHERE " + SQL.joined(parts, " AND ")
    }

    /// Nobody told the asker what is so by now: by the activist, by telephone, or by hand where no organisation took the contact.
    /// Letters go by themselves. Told are the text that stands for the asker's language, that the question is not published, and,
    /// to whoever was told an answer, that it was taken back.
    private static let untold: SQL = """
        (q.reply = 'activist' OR EXISTS (SELECT 1 FROM question_contact c WHERE c.question = q.id
            AND (c.kind = 'phone' OR c.organization = \(OrganizationNo.none))))
        AND (EXISTS (SELECT 1 FROM answer a JOIN answer_text x ON x.answer = a.id
                WHERE a.question = q.head AND a.state = 'published'
                AND (x.language = q.language OR (x.language = a.language AND NOT EXISTS (SELECT 1 FROM answer_text o
                    WHERE o.answer = a.id AND o.language = q.language)))
                AND NOT EXISTS (SELECT 1 FROM answer_told t
                    WHERE t.question = q.id AND t.language = x.language AND t.version >= x.version))
            OR EXISTS (SELECT 1 FROM question h WHERE h.id = q.head AND h.state = 'not_published'
                AND NOT EXISTS (SELECT 1 FROM asker_told t
                    WHERE t.question = q.id AND t.what = 'declined' AND t.at >= h.declined_at))
            OR EXISTS (SELECT 1 FROM answer a JOIN answer_withdrawal w ON w.answer = a.id AND w.version = a.version
                JOIN question h ON h.id = a.question
                WHERE a.question = q.head AND a.state <> 'published' AND h.state <> 'not_published'
                AND EXISTS (SELECT 1 FROM answer_told t WHERE t.question = q.id)
                AND NOT EXISTS (SELECT 1 FROM asker_told t
                    WHERE t.question = q.id AND t.what = 'withdrawn' AND t.at >= w.at)))
        """

    /// The asker wrote, and since then nobody asked back, noted that it was read, answered anew or declined.
    private static let unheard: SQL = """
        EXISTS (SELECT 1 FROM question_message m WHERE m.question = q.id AND m.from_asker
            AND NOT EXISTS (SELECT 1 FROM question_message o WHERE o.question = q.id AND NOT o.from_asker AND o.at > m.at)
            AND NOT EXISTS (SELECT 1 FROM question_note n WHERE n.question = q.id AND n.at > m.at)
            AND NOT EXISTS (SELECT 1 FROM answer a JOIN answer_version v ON v.answer = a.id
                WHERE a.question = q.head AND v.at > m.at)
            AND NOT EXISTS (SELECT 1 FROM question h WHERE h.id = q.head AND h.declined_at > m.at))
        """

    /// Of these, whose asker wrote and was not heard yet.
    static func unheard(among questions: [QuestionID], in db: any Reading) throws -> Set<QuestionID> {
        var found: Set<QuestionID> = []
        for chunk in Padded.chunks(Set(questions).sorted()) {
            found.formUnion(
                try db.all(QuestionID.self, "SELECT q.id FROM question q WHERE q.id IN \(chunk) AND \(unheard)"))
        }
        return found
    }

    private var scoped: SQL {
        guard let homes = scope.homes else { return "1 = 1" }
        let own: SQL = "q.author = \(scope.actor.person) OR q.expert = \(scope.actor.person)"
        if homes.isEmpty { return "(\(own))" }
        return "(\(own) OR \(Self.below(homes, scope.tree)))"
    }

    /// Questions of units at or below these. The whole tree needs no list; else the walk up is done in the database.
    private static func below(_ units: [UnitNo], _ tree: Tree) -> SQL {
        if let root = tree.root, units.contains(root) { return "1 = 1" }
        let all = Set(units.flatMap { tree.subtree(of: $0) }).sorted()
        let chunks = Padded.chunks(all).map { chunk -> SQL in "q.unit IN \(chunk)" }
        return "(" + SQL.joined(chunks, " OR ") + ")"
    }
}

extension QuestionRows {
    static func heads(of questions: [Question], in db: any Reading) throws -> [QuestionID: Question] {
        let known = Dictionary(questions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var heads: [QuestionID: Question] = [:]
        var missing: Set<QuestionID> = []
        for question in questions {
            if let head = known[question.head] { heads[head.id] = head } else { missing.insert(question.head) }
        }
        for chunk in Padded.chunks(missing.sorted()) {
            for head in try db.all(Question.self, where: "FROM question q WHERE q.id IN \(chunk)") { heads[head.id] = head }
        }
        return heads
    }

    /// What askers were asked back last, by question.
    static func lastAskedBack(_ questions: [QuestionID], in db: any Reading) throws -> [QuestionID: String] {
        var asks: [QuestionID: String] = [:]
        for chunk in Padded.chunks(Set(questions).sorted()) {
            try db.rows(
                "SELECT question, body FROM question_message WHERE NOT from_asker AND question IN \(chunk) ORDER BY at, id"
            ) { row in
                asks[try row.next()] = try row.next(String.self)
                return true
            }
        }
        return asks
    }

    /// A group: the head's questions, the earliest first; the head itself too.
    static func members(of head: QuestionID, limit: Int, in db: any Reading) throws -> [Question] {
        try db.all(
            Question.self, where: "FROM question q WHERE q.head = \(head) ORDER BY q.asked_at, q.id LIMIT \(limit)")
    }

    struct Joined: Sendable {
        let id: JoiningID
        let question: QuestionID
        let at: Instant
        let by: PersonID?
    }

    /// Joinings that brought questions to this head and can be undone, the latest first.
    static func joinings(to head: QuestionID, limit: Int, in db: any Reading) throws -> [Joined] {
        try db.all(
            """
            SELECT j.id, j.question, j.at, j.made_by FROM question_join j JOIN question q ON q.id = j.question
            WHERE j.undone_at IS NULL AND q.head = \(head) ORDER BY j.at DESC, j.id LIMIT \(limit)
            """
        ) { row in
            Joined(id: try row.next(), question: try row.next(), at: try row.next(), by: try row.next())
        }
    }

    struct Deed: Sendable {
        let at: Instant
        let actor: PersonID?
        let verb: String
    }

    /// What happened to a question, the latest first: its lines of the feed.
    static func deeds(on question: QuestionID, limit: Int, in db: any Reading) throws -> [Deed] {
        try db.all(
            """
            SELECT at, actor, verb FROM feed WHERE subject = 'question' AND subject_id = \(question.description)
            ORDER BY at DESC, id DESC LIMIT \(limit)
            """
        ) { row in Deed(at: try row.next(), actor: try row.next(), verb: try row.next()) }
    }
}
