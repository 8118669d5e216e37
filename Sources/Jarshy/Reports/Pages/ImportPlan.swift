import Crypto
import JarshyKit
import Storage

/// What a file would do, line by line: the operations are made here and nothing else is ever sent.
///
/// A line is matched by unit, day, activity, audience and channel (and organisation, where the file tells it) with the
/// reports that stand. The same figures: equal, nothing happens. No such report: new. One report left to match and one
/// line: the line corrects it. Several of each: refused, a person decides. Ids of operations come from the file's bytes
/// and the line's number, so the same file brought again, by anyone, changes nothing, even when its reports were
/// corrected since.
struct ImportPlan: Sendable {
    enum State: String, Sendable, CaseIterable { case new, equal, changed, refused }

    struct Row: Sendable {
        let line: Int
        let unit: String
        let day: String
        let figures: String
        var state: State
        var problem: Problem?
        /// Set for new and changed rows.
        var body: Json?
    }

    let fileName: String
    var rows: [Row]

    func count(_ state: State) -> Int { rows.count { $0.state == state } }
}

/// Works a plan out in one read transaction; its statements grow with the file by one for 64 lines, never by one a
/// line.
struct ImportPlanner {
    let sheet: ImportSheet
    let fingerprint: String
    let actor: Actor
    let campaign: Campaign
    let tree: Tree
    let today: Day
    let text: ReportText
    let reason: String
    let db: any Reading

    init(
        _ sheet: ImportSheet, bytes: [UInt8], actor: Actor, today: Day, campaign: Campaign, words: Words,
        in db: any Reading
    ) throws {
        self.sheet = sheet
        fingerprint = SHA256.hash(data: bytes).map { String($0, radix: 16) }.joined(separator: ".")
        self.actor = actor
        self.today = today
        self.campaign = campaign
        self.db = db
        tree = try Tree.current(in: db)
        text = ReportText(words: words, tree: tree, campaign: campaign)
        reason = words("import.reason")
    }

    func plan(fileName: String) throws -> ImportPlan {
        var rows: [ImportPlan.Row] = []
        var lines: [Int: ImportLine] = [:]
        for line in sheet.lines {
            var row = ImportPlan.Row(
                line: line.number, unit: line.text("unit"), day: line.text("day"), figures: "", state: .refused)
            do {
                let read = try ImportLine(
                    line, sheet: sheet, actor: actor, today: today, campaign: campaign, tree: tree)
                lines[rows.count] = read
                row = ImportPlan.Row(
                    line: line.number, unit: text.unit(read.key.unit), day: text.day(read.key.day),
                    figures: text.figures(read.figures), state: .new)
            } catch let problem as Problem {
                row.problem = problem
            }
            rows.append(row)
        }
        try match(lines, &rows)
        return ImportPlan(fileName: fileName, rows: rows)
    }

    private func id(_ line: ImportLine, _ more: String = "") -> OperationID {
        .derived("import", fingerprint, "\(line.number)", more)
    }

    private func match(_ lines: [Int: ImportLine], _ rows: inout [ImportPlan.Row]) throws {
        let imported = try importedBefore(lines.values.map { ReportID(id($0)) })
        var standing = try standing(lines.values)
        var open: [Int: ImportLine] = [:]
        for (index, line) in lines.sorted(by: { $0.key < $1.key }) {
            if imported.contains(ReportID(id(line))) {
                rows[index].state = .equal
                // What this line became is matched already, whatever it says today.
                standing[line.key]?.removeAll { $0.report.id == ReportID(id(line)) }
            } else {
                open[index] = line
            }
        }
        for (index, line) in open.sorted(by: { $0.key < $1.key }) {
            guard let same = standing[line.key]?.firstIndex(where: { $0.matches(line) && tells($0.report, line) })
            else { continue }
            rows[index].state = .equal
            standing[line.key]?.remove(at: same)
            open[index] = nil
        }
        let groups = Dictionary(grouping: open.keys.sorted()) { open[$0]?.key }
        for (key, indices) in groups {
            guard let key else { continue }
            let left = standing[key] ?? []
            for index in indices {
                guard let line = open[index] else { continue }
                let candidates = left.filter { $0.matches(line) }
                let rivals = indices.count { index in
                    candidates.first.map { open[index].map($0.matches) ?? false } ?? false
                }
                switch (candidates.count, rivals) {
                case (0, _): rows[index].body = filing(line)
                case (1, 1):
                    rows[index].state = .changed
                    rows[index].body = correction(candidates[0].report, line)
                default:
                    rows[index].state = .refused
                    rows[index].problem = Problem.conflict(
                        "import-ambiguous",
                        "\(candidates.count) reports of this unit, day and kind tell other figures.",
                        slots: ["n": "\(candidates.count)"])
                }
            }
        }
        try leaveOutSent(open, &rows)
    }

    /// A correction this reader's file made before stays made: corrected again since, it is not corrected back.
    private func leaveOutSent(_ lines: [Int: ImportLine], _ rows: inout [ImportPlan.Row]) throws {
        let changed = lines.keys.filter { rows[$0].state == .changed }.sorted()
        let ids = changed.compactMap { rows[$0].body?["op"]?.text.flatMap { OperationID($0) } }
        var sent: Set<OperationID> = []
        for chunk in Padded.chunks(ids.sorted()) {
            sent.formUnion(
                try db.all(OperationID.self, "SELECT op FROM inbox WHERE author = \(actor.person) AND op IN \(chunk)"))
        }
        for (index, id) in zip(changed, ids) where sent.contains(id) {
            rows[index].state = .equal
            rows[index].body = nil
        }
    }

    /// The metrics the file has columns for say the same.
    private func tells(_ report: Report, _ line: ImportLine) -> Bool {
        sheet.metrics.allSatisfy { report.figures[$0.slot] == line.figures[$0.slot] }
    }

    private func filing(_ line: ImportLine) -> Json {
        var members: [Json.Member] = [
            .init("op", .text(id(line).description)), .init("kind", .text(FileReport.kind)),
            .init("campaign", .text(campaign.code)), .init("unit", .text(tree.code(of: line.key.unit))),
            .init("day", .text(line.key.day.description)), .init("activity", .text(line.key.activity)),
            .init("audience", .text(line.key.audience)), .init("channel", .text(line.key.channel)),
            .init("metrics", .object(line.values.map { .init($0.code, .integer($0.value)) })),
        ]
        if let organization = line.organization { members.append(.init("organization", .text(organization))) }
        if let place = line.place { members.append(.init("place", .text(place))) }
        if !line.note.isEmpty { members.append(.init("note", .text(line.note))) }
        return .object(members)
    }

    /// The whole new vector: the file's columns as they are now, the others as they stand.
    private func correction(_ report: Report, _ line: ImportLine) -> Json {
        let values = campaign.metrics.compactMap { metric -> Json.Member? in
            let value = sheet.metrics.contains(metric) ? line.figures[metric.slot] : report.figures[metric.slot]
            return value.map { Json.Member(metric.code, .integer($0)) }
        }
        return .object([
            .init("op", .text(id(line, report.id.description).description)), .init("kind", .text(CorrectReport.kind)),
            .init("report", .text(report.id.description)), .init("base_rev", .integer(report.rev)),
            .init("metrics", .object(values)), .init("reason", .text(Reason.other.rawValue)),
            .init("reason_text", .text(reason)),
        ])
    }

    private struct Standing {
        let report: Report
        let organization: String
        func matches(_ line: ImportLine) -> Bool { line.organization.map { $0 == organization } ?? true }
    }

    private func importedBefore(_ ids: [ReportID]) throws -> Set<ReportID> {
        var found: Set<ReportID> = []
        for chunk in Padded.chunks(ids.sorted()) {
            found.formUnion(try db.all(ReportID.self, "SELECT id FROM report WHERE id IN \(chunk)"))
        }
        return found
    }

    /// The reports that count on the paths and days of these lines, by what lines are matched with.
    private func standing(_ lines: some Collection<ImportLine>) throws -> [ImportLine.Key: [Standing]] {
        let chains = Set(
            lines.map { line in
                tree.chain(of: line.key.unit, on: line.key.day).map(\.description).joined(separator: "/")
            })
        // Repeated by the filling of a chunk; a set forgets it.
        var paths: [UnitNo: Set<PathNo>] = [:]
        for chunk in Padded.chunks(chains.sorted()) {
            try db.rows("SELECT id, chain FROM path WHERE chain IN \(chunk)") { row in
                let path = Interned.path(id: try row.next(), chain: try row.next())
                paths[path.unit, default: []].insert(path.id)
                return true
            }
        }
        let pairs = Set(
            lines.flatMap { line in (paths[line.key.unit] ?? []).map { PathDay(path: $0, day: line.key.day) } })
        let cells = try ReportRows.cells(of: campaign.no, in: db)
        let codes = Dictionary(
            try Organization.all(in: db).map { ($0.no, $0.code) }, uniquingKeysWith: { first, _ in first })
        var standing: [ImportLine.Key: [Standing]] = [:]
        for chunk in Padded.chunks(pairs.sorted()) {
            let values = SQL.joined(chunk.map { "(CAST(\($0.path) AS bigint), CAST(\($0.day) AS bigint))" }, ", ")
            let found = try db.all(
                Report.self, where: "FROM report WHERE (path, day) IN (VALUES \(values)) AND NOT voided ORDER BY id")
            for report in found where report.campaign == campaign.no {
                // What the reader may not open must not be told apart by guessing either.
                guard let cell = cells[report.cell],
                    ReportView.mayRead(
                        report, organization: cell.organization, path: [], actor: actor, today: today, tree: tree)
                else { continue }
                let key = ImportLine.Key(
                    unit: report.unit, day: report.day, activity: cell.activity, audience: cell.audience,
                    channel: cell.channel)
                standing[key, default: []].append(
                    Standing(report: report, organization: codes[cell.organization] ?? ""))
            }
        }
        return standing
    }

    private struct PathDay: Hashable, Comparable {
        let path: PathNo
        let day: Day
        static func < (a: PathDay, b: PathDay) -> Bool { (a.path, a.day) < (b.path, b.day) }
    }
}

/// Plans that were shown and wait for a yes. Kept in memory and for a while only: what is lost is previewed again, and
/// the ids of its operations are the same.
actor ImportDrafts {
    static let lasts: Int64 = 3600
    static let most = 16

    struct Draft: Sendable {
        let person: PersonID
        let madeAt: Instant
        var plan: ImportPlan
    }

    private var drafts: [String: Draft] = [:]

    /// Keeps a plan, instead of the person's last one.
    func keep(_ plan: ImportPlan, for person: PersonID, at now: Instant) -> String {
        drafts = drafts.filter { now.seconds(since: $0.value.madeAt) < Self.lasts && $0.value.person != person }
        if drafts.count >= Self.most, let oldest = drafts.min(by: { $0.value.madeAt < $1.value.madeAt }) {
            drafts[oldest.key] = nil
        }
        let token = ID<ImportPlan>.make(at: now).description
        drafts[token] = Draft(person: person, madeAt: now, plan: plan)
        return token
    }

    /// - Throws: `Problem` 409 when the plan is gone or somebody else's.
    func find(_ token: String, of person: PersonID, at now: Instant) throws -> ImportPlan {
        guard let draft = drafts[token], draft.person == person, now.seconds(since: draft.madeAt) < Self.lasts else {
            throw Problem.conflict(
                "import-gone", "The preview is no longer kept. Choose the file again; nothing is counted twice.")
        }
        return draft.plan
    }

    func replace(_ token: String, _ plan: ImportPlan) { drafts[token]?.plan = plan }
}
