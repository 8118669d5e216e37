import JarshyKit
import Storage

/// One operation on its way through the intake, with who sent it and when.
struct Submission: Sendable {
    let operation: Operation
    let actor: Actor
    let at: Instant
    /// What it asks for, read before the transaction, while the one before may still be writing. An operation that cannot
    /// be read is refused in its turn.
    let action: Result<any LedgerAction, Problem>

    init(operation: Operation, actor: Actor, at: Instant, kinds: LedgerKinds = .reports) {
        self.operation = operation
        self.actor = actor
        self.at = at
        do { action = .success(try kinds.read(operation)) } catch {
            action = .failure(error as? Problem ?? Problem("unreadable", status: 422, "The operation cannot be read."))
        }
    }

    /// A form's refusals are shown, not kept: the person mends and sends again under a new id.
    var keepsRefusals: Bool { operation.door != .form && operation.door != .grid && operation.door != .sheet }

    func keptAt(_ books: Books) -> Instant {
        let keepsOnlyDay = (try? action.get().keepsOnlyDay) ?? false
        return keepsOnlyDay ? Zone.kazakhstan.instant(books.today) : books.now
    }
}

/// A group of operations applied in one transaction, in order, each to one outcome.
struct Group: Sendable {
    let submissions: [Submission]

    struct Result: Sendable {
        var outcomes: [Outcome] = []
        var interned: Interned
        var touched: Set<UnitNo> = []
    }

    private struct Key: Hashable {
        let author: PersonID
        let op: OperationID
    }

    private struct Kept {
        let sha256: [UInt8]
        let receipt: String
    }

    func apply(in db: any Writing, today: (Instant) -> Day, interned: Interned) throws -> Result {
        let now = submissions.map(\.at).max() ?? Instant(milliseconds: 0)
        let books = try open(
            submissions.compactMap { try? $0.action.get() }, in: db, now: now, today: today(now), interned: interned)
        books.deltas.reserve(postings: submissions.count)
        let inbox = try stored(in: db)
        var chain = try DeviceChain(submissions.map(\.operation), in: db)
        var fresh: [Key: Kept] = [:]
        var outcomes: [Outcome] = []
        for submission in submissions {
            let operation = submission.operation
            let key = Key(author: submission.actor.person, op: operation.id)
            if let kept = inbox[key] ?? fresh[key] {
                if kept.sha256 == operation.sha256 {
                    outcomes.append(.replayed(kept.receipt))
                } else if let outcome = try told(again: submission, after: kept.receipt, on: books) {
                    // A device's chain must have no gap; a form has no numbers.
                    if operation.seal != nil {
                        books.keepAgain(operation)
                        if chain.forks(operation) { books.keepFork(operation) }
                    }
                    outcomes.append(outcome)
                } else {
                    books.keepMismatch(operation, by: submission.actor.person)
                    outcomes.append(.mismatch(operation, kept: kept.sha256))
                }
                continue
            }
            let outcome = try judge(submission, on: books)
            if outcome.status == .accepted || (outcome.status == .refused && submission.keepsRefusals) {
                books.keep(receipt: outcome.receipt, of: operation, by: submission.actor.person, at: submission.keptAt(books))
                if chain.forks(operation) { books.keepFork(operation) }
                fresh[key] = Kept(sha256: operation.sha256, receipt: outcome.receipt)
            }
            outcomes.append(outcome)
        }
        try books.flush()
        return Result(outcomes: outcomes, interned: books.interned, touched: books.touched)
    }

    /// Other bytes under a known id, where the kind allows them: what was answered first, unless that was a refusal and this is
    /// none. Nil for a mismatch.
    private func told(again submission: Submission, after receipt: String, on books: Books) throws -> Outcome? {
        guard let action = try? submission.action.get(), action.mayComeTwice else { return nil }
        let outcome = try judge(submission, on: books)
        let first = Outcome.replayed(receipt)
        return first.status == .accepted ? first : outcome
    }

    private func judge(_ submission: Submission, on books: Books) throws -> Outcome {
        let operation = submission.operation
        do {
            if let author = operation.body["author"], author.text != submission.actor.person.description {
                throw Problem("signature-required", status: 403, "Another author's operation must be signed with that author's device key.")
            }
            if let ended = operation.seal?.ended {
                // Only the server's own word tells that it was written while the key was in force.
                guard let written = try books.written(operation, by: submission.actor), written < ended else {
                    throw Problem("key-ended", status: 403, "The device's key was ended before this was written.")
                }
            }
            return try submission.action.get().perform(operation, by: submission.actor, on: books)
        } catch let parked as Parked {
            return .parked(operation, parked.problem)
        } catch let problem as Problem {
            return .refused(operation.id.description, problem)
        }
    }

    /// Locks the streams, lowest first, and reads what the group needs with a fixed number of statements.
    private func open(
        _ actions: [any LedgerAction], in db: any Writing, now: Instant, today: Day, interned: Interned
    ) throws -> Books {
        let wanted = Set(actions.flatMap(\.reports)).union(submissions.map { ReportID($0.operation.id) })
        var books = Books(
            db: db, now: now, today: today, tree: try Tree.current(in: db), campaigns: try Campaigns.current(in: db),
            interned: interned)
        // A change of the tree locks every stream it touches, so once ours are locked the tree stands still for them;
        // if it moved before that, begin again with the tree as it is now.
        while true {
            var streams = Set(actions.flatMap { $0.streams(in: books.tree, campaigns: books.campaigns) })
            if db.dialect == .postgres { streams.formUnion(try streamsOf(Set(actions.flatMap(\.reports)), in: db)) }
            try books.lock(streams)
            let tree = try Tree.current(in: db)
            if tree.stamp == books.tree.stamp { break }
            books = Books(
                db: db, now: now, today: today, tree: tree, campaigns: try Campaigns.current(in: db), interned: interned)
        }
        try books.load(wanted)
        try books.loadBases(
            submissions.flatMap { submission in
                ((try? submission.action.get())?.bases ?? []).map { (base: $0, author: submission.actor.person) }
            })
        try books.loadSiblings(try siblings(of: actions, on: books))
        return books
    }

    private func streamsOf(_ reports: Set<ReportID>, in db: any Writing) throws -> [UnitNo] {
        var streams: [UnitNo] = []
        for chunk in Padded.chunks(reports.sorted()) {
            streams += try db.all(
                UnitNo.self,
                "SELECT DISTINCT path.stream FROM report JOIN path ON path.id = report.path WHERE report.id IN \(chunk)")
        }
        return streams
    }

    private func siblings(of actions: [any LedgerAction], on books: Books) throws -> Set<Books.SiblingKey> {
        let filings = actions.compactMap { action -> (chain: [UnitNo], day: Day)? in
            guard let action = action.filing, let unit = books.tree.find(action.unit) else { return nil }
            return (books.tree.chain(of: unit.no, on: action.day), action.day)
        }
        try books.loadPaths(chains: Set(filings.map(\.chain)))
        return Set(
            filings.compactMap { filing in
                books.interned.paths[filing.chain].map { Books.SiblingKey(path: $0.id, day: filing.day, cell: CellNo(0)) }
            })
    }

    private func stored(in db: any Writing) throws -> [Key: Kept] {
        var stored: [Key: Kept] = [:]
        let byAuthor = Dictionary(grouping: submissions, by: \.actor.person).mapValues { Set($0.map(\.operation.id)) }
        for (author, ops) in byAuthor {
            for chunk in Padded.chunks(ops.sorted()) {
                try db.rows("SELECT op, sha256, receipt FROM inbox WHERE author = \(author) AND op IN \(chunk)") { row in
                    let key = Key(author: author, op: try row.next())
                    stored[key] = Kept(sha256: try row.next(Blob.self).bytes, receipt: try row.next())
                    return true
                }
            }
        }
        return stored
    }
}
