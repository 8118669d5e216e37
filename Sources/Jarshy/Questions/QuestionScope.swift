import JarshyKit
import Storage

/// Which questions somebody may see, and with what right: those of units where a right to work on questions is held, those
/// that lie with the person as an expert, and those the person took down. Anything else is 404.
struct QuestionScope {
    let actor: Actor
    let tree: Tree
    let today: Day

    static let working: [Right] = [.routeQuestions, .moderateQuestions, .approveAnswers]

    init(_ actor: Actor, at now: Instant, in db: any Reading) throws {
        self.actor = actor
        tree = try Tree.current(in: db)
        today = Zone.kazakhstan.day(at: now)
    }

    func sees(_ question: Question) -> Bool {
        question.author == actor.person || question.expert == actor.person
            || Self.working.contains { actor.holds($0, over: question.unit, in: tree, on: today) }
    }

    /// - Throws: 404 outside the scope; the two look alike.
    func find(_ id: QuestionID?, in db: any Reading) throws -> Question {
        guard let id, let question = try db.first(Question.self, where: "FROM question q WHERE q.id = \(id)"),
            sees(question)
        else { throw Problem.notFound("question") }
        return question
    }

    func holds(_ right: Right, over question: Question) -> Bool {
        actor.holds(right, over: question.unit, in: tree, on: today)
    }

    func require(_ right: Right, over question: Question) throws {
        try actor.require(right, over: question.unit, in: tree, on: today)
    }

    /// Units below which a right to work on questions is held; nil for the operator, who sees all.
    var homes: [UnitNo]? {
        if actor.kind == .operator { return nil }
        let held = actor.grants.filter { grant in
            grant.holds(on: today) && Self.working.contains { right in
                grant.rights.contains(right) && actor.allowed?.contains(right) ?? true
            }
        }.map(\.unit)
        return Array(Set(held)).sorted()
    }

    /// Units to choose from: those where the actor has a part, then the way up from the chosen one as far as these, and what lies
    /// right below.
    func places(around chosen: UnitNo?) -> [UnitNo] {
        let grants = actor.grants.filter { $0.holds(on: today) }.map(\.unit)
        let own = Set(actor.kind == .operator ? [tree.root].compactMap { $0 } : grants)
        let near = own.union(chosen.map { [$0] } ?? [])
        let around = near.union(near.flatMap { tree.children(of: $0) }).union(chosen.map { tree.chain(of: $0) } ?? [])
        let within = around.subtracting(own).filter { unit in tree.chain(of: unit).contains { own.contains($0) } }
        func sorted(_ units: Set<UnitNo>) -> [UnitNo] {
            units.sorted { (tree[$0]?.sortKey ?? []).lexicographicallyPrecedes(tree[$1]?.sortKey ?? []) }
        }
        return sorted(own) + sorted(within)
    }
}

/// What the deeds of the staff share: the question within the scope, its line in the feed.
struct QuestionDeed {
    let question: Question
    let scope: QuestionScope
    let db: any Writing
    let now: Instant

    init(_ id: QuestionID, by actor: Actor, at now: Instant, in db: any Writing) throws {
        scope = try QuestionScope(actor, at: now, in: db)
        question = try scope.find(id, in: db)
        self.db = db
        self.now = now
    }

    func require(_ right: Right) throws { try scope.require(right, over: question) }

    func record(_ verb: String, _ detail: String = "") throws {
        try Feed.record(
            FeedLine(verb, "question", question.id, unit: question.unit, detail: detail), by: scope.actor, at: now, in: db)
    }

    /// Writes the new state with everything that hangs on it.
    func set(_ state: Question.State, expert: PersonID?, due: Day?, daysLeft: Int64? = nil, reason: ModerationReason? = nil) throws {
        let declinedAt: Instant? = state == .notPublished ? now : nil
        try db.run(
            """
            UPDATE question SET state = \(state), expert = \(expert), due_day = \(due), days_left = \(daysLeft),
                reason = \(reason), declined_at = \(declinedAt), changed_at = \(now)
            WHERE id = \(question.id)
            """)
    }
}
