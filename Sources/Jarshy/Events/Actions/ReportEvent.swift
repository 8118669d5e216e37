import JarshyKit
import Storage

/// Which part of an event a report tells: a hybrid one has two, of which the hall's alone counts the event.
enum EventPart: String, Stored, CaseIterable, Sendable {
    case hall, online
}

/// Files the report of an event: a `report.file` with `event` and `part`, which must say what the event says. The event then
/// was held, and has one report for each part; a void one may be replaced.
struct ReportEvent: LedgerAction {
    static let kind = "event.report"

    let event: EventID
    let part: EventPart
    private let file: FileReport

    var filing: FileReport? { file }
    var reports: [ReportID] { file.reports }
    func streams(in tree: Tree, campaigns: Campaigns) -> [UnitNo] { file.streams(in: tree, campaigns: campaigns) }

    init(_ operation: Operation) throws {
        let own = (operation.body.members ?? []).filter { ["event", "part"].contains($0.key) }
        var fields = Members(.object(own))
        event = fields.id("event", of: EventMark.self) ?? EventID(high: 0, low: 0)
        if !fields.has("event") { fields.fault("event", "missing", "'event' is missing.") }
        let part = fields.text("part").map { EventPart(rawValue: $0) } ?? .hall
        if part == nil { fields.fault("part", "not-listed", "'part' is hall or online.") }
        self.part = part ?? .hall
        try fields.finish()
        let rest = (operation.body.members ?? []).filter { !["event", "part"].contains($0.key) }
        guard let inner = Operation(.object(rest), device: operation.device, door: operation.door) else {
            throw FormOperation.missing
        }
        file = try FileReport(inner)
    }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        let found = try books.db.first(
            Event.self, where: "FROM event e WHERE e.id = \(event)\(SQL.forUpdate(books.db.dialect))")
        guard let found, actor.mayKnow(found.unit, in: books.tree, on: books.today) else { throw Problem.notFound("event") }
        if found.state == .cancelled { throw Problem.conflict("event-cancelled", "The event was cancelled: there is nothing to report.") }
        guard found.start <= books.now else { throw Problem.conflict("event-early", "It has not begun yet.") }
        try check(found, books)
        let before = try db(books).first(
            ReportID.self, "SELECT report FROM event_report WHERE event = \(event) AND part = \(part)")
        if let before {
            let isVoid = try books.report(before)?.isVoided
                ?? db(books).first("SELECT voided FROM report WHERE id = \(before)") { row in try row.next(Bool.self) }
            guard isVoid == true else {
                throw Problem.conflict(
                    "event-reported", "The event has its report. Correct that one.", slots: ["report": before.description])
            }
        }
        let outcome = try file.perform(operation, by: actor, on: books)
        guard outcome.status == .accepted else { return outcome }
        let report = ReportID(operation.id)
        try EventReports.tie(report, to: event, part, in: books.db)
        if found.state != .held { try HoldEvent.hold(found, at: books.now, in: books.db) }
        books.record(FeedLine("report", "event", event, unit: found.unit, detail: "report=\(report)"), by: actor)
        return outcome
    }

    private func db(_ books: Books) -> any Reading { books.db }

    /// - Throws: 422 when the report says other things than its event.
    private func check(_ event: Event, _ books: Books) throws {
        var faults: [Problem.Fault] = []
        func differs(_ field: String) {
            faults.append(Problem.Fault(field, "event-differs", "'\(field)' is not the event's."))
        }
        if books.campaigns.find(file.campaign)?.no != event.campaign { differs("campaign") }
        if books.tree.find(file.unit)?.no != event.unit { differs("unit") }
        if file.day != event.day { differs("day") }
        if file.activity != event.activity { differs("activity") }
        if file.audience != event.audience { differs("audience") }
        if (event.form == .inPerson && part == .online) || (event.form == .online && part == .hall) { differs("part") }
        let counting = books.campaigns.find(event.campaign)?.eventMetric
        if part == .online, event.form == .hybrid, file.metrics.contains(where: { $0.code == counting && $0.value > 0 }) {
            faults.append(Problem.Fault("metrics.\(counting ?? "")", "counted-in-hall", "The hall's report counts the event."))
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
    }
}

enum EventReports {
    static func tie(_ report: ReportID, to event: EventID, _ part: EventPart, in db: any Writing) throws {
        try db.run(
            """
            INSERT INTO event_report (event, part, report) VALUES (\(event), \(part), \(report))
            ON CONFLICT (event, part) DO UPDATE SET report = \(report)
            """)
    }

    /// The reports of events, the hall's first.
    static func of(_ events: [EventID], in db: any Reading) throws -> [EventID: [(part: EventPart, report: Report)]] {
        var parts: [EventID: [(part: EventPart, id: ReportID)]] = [:]
        for chunk in Padded.chunks(events) {
            try db.rows("SELECT event, part, report FROM event_report WHERE event IN \(chunk) ORDER BY event, part") { row in
                let event = try row.next(EventID.self)
                parts[event, default: []].append((part: try row.next(), id: try row.next()))
                return true
            }
        }
        let ids = parts.values.flatMap { $0.map(\.id) }
        var reports: [ReportID: Report] = [:]
        for chunk in Padded.chunks(ids.sorted()) {
            for report in try db.all(Report.self, where: "FROM report WHERE id IN \(chunk)") { reports[report.id] = report }
        }
        return parts.mapValues { list in list.compactMap { part in reports[part.id].map { (part.part, $0) } } }
    }
}

/// Ties a report that was filed by another door to its event. Needs `manageEvents` over the host; the report must be the
/// host's, of the event's day and activity, and belong to no other event.
struct TieReport: Action {
    let event: EventID
    let report: ReportID
    let part: EventPart

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try EventDeed(event, by: actor, at: now, in: db)
        try deed.requireManaging()
        guard let report = try db.first(Report.self, where: "FROM report WHERE id = \(self.report)"),
            deed.scope.holds(.viewReports, over: deed.event) || report.author == actor.person
        else { throw Problem.notFound("report") }
        let cell = try ReportRows.cells([report.cell], in: db)[report.cell]
        guard report.unit == deed.event.unit, report.day == deed.event.day, cell?.activity == deed.event.activity,
            report.campaign == deed.event.campaign, !report.isVoided
        else {
            throw Problem.invalid([.init("report", "event-differs", "The report tells of another unit, day or activity.")])
        }
        if try db.first(EventID.self, "SELECT event FROM event_report WHERE report = \(report.id)") != nil {
            throw Problem.conflict("report-tied", "The report belongs to an event already.")
        }
        let standing = try EventReports.of([event], in: db)[event]?.first { $0.part == part }
        if let standing, !standing.report.isVoided {
            throw Problem.conflict(
                "event-reported", "The event has its report. Correct that one.", slots: ["report": standing.report.id.description])
        }
        if deed.event.state == .cancelled {
            throw Problem.conflict("event-cancelled", "The event was cancelled: there is nothing to report.")
        }
        try EventReports.tie(report.id, to: event, part, in: db)
        if deed.event.state != .held { try HoldEvent.hold(deed.event, at: now, in: db) }
        try deed.record("report", "report=\(report.id)")
    }
}
