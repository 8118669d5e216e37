import JarshyKit
import Storage

/// Carries a change of the tree into the ledger and both bases of the totals.
///
/// A figure stands on the path its unit had on its day. Where the change alters that path (a backdated move), the reports are
/// reposted: out of the old path, into the new, under one id. Where only today's place of a unit changes, no report moves;
/// the shift between "as reported" and "present structure" does. At the root both bases stay equal.
struct Restructure {
    let change: TreeChange
    let kind: String
    let unit: UnitNo
    let other: UnitNo?
    let day: Day
    let note: String
    /// Preview: works everything out, and throws it away with the transaction.
    let isPreview: Bool

    /// What a change does, for the person who is about to make it.
    struct Effect: Sendable, Hashable {
        let id: ID<TreeChange>
        /// Reports whose own path changes, because they are dated on or after a backdated move.
        let reposted: Int
        let differences: [Difference]

        /// How a unit's totals change, all bands together.
        struct Difference: Sendable, Hashable {
            let unit: UnitNo
            let campaign: CampaignNo
            let reportedReports: Int64
            let reported: Amounts
            let presentReports: Int64
            let present: Amounts
        }
    }

    /// Thrown by a preview, so that nothing of it is kept.
    struct Previewed: Error {
        let effect: Effect
    }

    func perform(by actor: Actor, on books: Books) throws -> Effect {
        try lockEverything(books)
        let old = books.tree
        let new = change.applied(to: old)
        if let day = new.circle(among: Set(change.edges.keys)) {
            let detail = "On \(day) a unit would stand below itself."
            throw Problem(
                "unit-circle", status: 422, detail, slots: ["day": "\(day)"],
                errors: [Problem.Fault("target", "unit-circle", detail, slots: ["day": "\(day)"])])
        }
        let id = ID<TreeChange>.make(at: books.now)
        let op = OperationID(id)
        let work = try split(try affected(old, new, books), new, books)

        for group in work.standing { try shift(group, sign: -1, books) }
        for report in work.moving where !report.isVoided {
            try books.post(
                .move, at: try books.position(in: try books.path(report.path).stream), report: report.id, rev: report.rev,
                out: Posting(report), in: nil, by: actor.person, op: op)
        }
        books.tree = new
        for group in work.standing { try shift(group, sign: 1, books) }
        for var report in work.moving {
            let path = try books.path(of: report.unit, on: report.day)
            report.path = path.id
            books.change(report)
            guard !report.isVoided else { continue }
            try books.post(
                .move, at: try books.position(in: path.stream), report: report.id, rev: report.rev, out: nil,
                in: Posting(report), by: actor.person, op: op)
        }
        try markStreams(old, new, by: actor, op: op, books)
        let effect = Effect(id: id, reposted: work.moving.count, differences: differences(books))
        if isPreview { throw Previewed(effect: effect) }
        try write(id, reposted: work.moving.count, by: actor, books)
        return effect
    }

    /// Every stream, lowest first: changes of the tree are rare, and while one works no filing may take a path from the tree
    /// it replaces. The structure's row is locked already (see `Intake.perform`).
    private func lockEverything(_ books: Books) throws {
        try books.lock(Set(try books.db.all(UnitNo.self, "SELECT unit FROM stream ORDER BY unit")))
        books.tree = try Tree.current(in: books.db)
    }

    /// Paths whose figures may be touched: those through a moved unit, and those of units that stand below one today or will.
    private func affected(_ old: Tree, _ new: Tree, _ books: Books) throws -> [Path] {
        let moved = change.moved(in: old)
        var below: Set<UnitNo> = []
        for unit in moved {
            below.formUnion(old.subtree(of: unit))
            below.formUnion(new.subtree(of: unit))
        }
        var ids: Set<PathNo> = []
        for chunk in Padded.chunks(moved.sorted()) {
            ids.formUnion(try books.db.all(PathNo.self, "SELECT path FROM path_member WHERE unit IN \(chunk)"))
        }
        for chunk in Padded.chunks(below.sorted()) {
            ids.formUnion(try books.db.all(PathNo.self, "SELECT path FROM path_member WHERE unit IN \(chunk) AND depth = 0"))
        }
        try books.loadPaths(ids)
        return try ids.sorted().map { try books.path($0) }
    }

    private struct Work {
        /// Figures that keep their path; only the shift to the present structure may change.
        var standing: [Posting] = []
        var moving: [Report] = []
    }

    private func split(_ paths: [Path], _ new: Tree, _ books: Books) throws -> Work {
        var work = Work()
        for path in paths {
            let groups = try books.db.all(
                """
                SELECT campaign, day, cell, band, evidenced, voided, count(*), \(AmountColumns.sums)
                FROM report WHERE path = \(path.id) GROUP BY campaign, day, cell, band, evidenced, voided
                """
            ) { row in
                let (campaign, day, cell) = (try row.next(CampaignNo.self), try row.next(Day.self), try row.next(CellNo.self))
                let (band, evidenced, voided) = (try row.next(Band.self), try row.next(Bool.self), try row.next(Bool.self))
                let reports = try row.next(Int64.self)
                return (
                    voided: voided,
                    posting: Posting(
                        campaign: campaign, path: path.id, day: day, cell: cell, band: band, evidenced: evidenced,
                        amounts: try Amounts.reading(&row), reports: reports)
                )
            }
            var moving: Set<Day> = []
            for group in groups {
                if new.chain(of: path.unit, on: group.posting.day) != path.chain {
                    moving.insert(group.posting.day)
                } else if !group.voided {
                    work.standing.append(group.posting)
                }
            }
            for day in moving.sorted() {
                work.moving += try books.db.all(
                    Report.self, where: "FROM report WHERE path = \(path.id) AND day = \(day) ORDER BY id")
            }
        }
        return work
    }

    private func shift(_ group: Posting, sign: Int64, _ books: Books) throws {
        let path = try books.path(group.path)
        let present = books.tree.chain(of: path.unit)
        guard present != path.chain else { return }
        try books.shift(
            group, from: path, to: try books.path(present), sign: sign,
            additive: books.campaigns.find(group.campaign)?.additive ?? Amounts(repeating: 1))
    }

    /// A change takes a number in every stream it touches: where the moved units stood and will stand, on its day and now.
    private func markStreams(_ old: Tree, _ new: Tree, by actor: Actor, op: OperationID, _ books: Books) throws {
        var streams: Set<UnitNo> = []
        for moved in change.moved(in: old).union([unit]) where old[moved] != nil {
            for tree in [old, new] {
                streams.insert(Tree.stream(of: tree.chain(of: moved, on: day)))
                streams.insert(Tree.stream(of: tree.chain(of: moved)))
            }
        }
        for stream in streams.sorted() {
            try books.post(
                .structure, at: try books.position(in: stream), report: nil, rev: nil, out: nil, in: nil, by: actor.person,
                op: op)
        }
    }

    private func differences(_ books: Books) -> [Effect.Difference] {
        struct Key: Hashable {
            let campaign: CampaignNo
            let unit: UnitNo
        }
        var reported: [Key: RollupDeltas.Delta] = [:]
        var present: [Key: RollupDeltas.Delta] = [:]
        for (key, delta) in books.deltas.total where key.layer != RollupDeltas.evidencedLayer {
            let place = Key(campaign: key.campaign, unit: key.unit)
            if key.basis == 0 { reported[place, default: .init()].add(delta.amounts, delta.reports) }
            present[place, default: .init()].add(delta.amounts, delta.reports)
        }
        return Set(reported.keys).union(present.keys).compactMap { key in
            let (before, after) = (reported[key] ?? .init(), present[key] ?? .init())
            guard before.reports != 0 || !before.amounts.isZero || after.reports != 0 || !after.amounts.isZero else { return nil }
            return Effect.Difference(
                unit: key.unit, campaign: key.campaign, reportedReports: before.reports, reported: before.amounts,
                presentReports: after.reports, present: after.amounts)
        }.sorted { ($0.campaign, $0.unit) < ($1.campaign, $1.unit) }
    }

    private func write(_ id: ID<TreeChange>, reposted: Int, by actor: Actor, _ books: Books) throws {
        let db = books.db
        for (unit, list) in change.edges.sorted(by: { $0.key < $1.key }) {
            try db.run("DELETE FROM unit_edge WHERE unit = \(unit)")
            for edge in list {
                try db.run(
                    """
                    INSERT INTO unit_edge (unit, parent, from_day, to_day)
                    VALUES (\(unit), \(edge.parent), \(edge.from), \(edge.to))
                    """)
            }
        }
        for closing in change.closings {
            try db.run(
                "UPDATE unit SET closed_day = \(closing.day), succeeded_by = \(closing.successor) WHERE no = \(closing.unit)")
        }
        try Tree.touch(presentDay: change.presentDay, in: db)
        try db.run(
            """
            INSERT INTO structure_change (id, kind, unit, other, day, author, at, reposted, note)
            VALUES (\(id), \(kind), \(unit), \(other), \(day), \(actor.person), \(books.now), \(reposted), \(note))
            """)
        books.record(
            FeedLine(kind, "unit", books.tree[unit]?.id.description ?? "", unit: unit, detail: "day=\(day) reposted=\(reposted)"),
            by: actor)
    }
}
