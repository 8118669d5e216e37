import JarshyKit
import Storage

/// The proposals of the demo: made at meetings, gathered where the words are equal, decided with reasons, through the same
/// operations and actions as everywhere.
struct DemoProposals: Sendable {
    let proposals: DemoTable
    let intake: Intake
    let database: Database
    let today: Day

    init(_ home: Home, intake: Intake, database: Database, today: Day) throws {
        proposals = try DemoTable("proposals", home: home)
        self.intake = intake
        self.database = database
        self.today = today
    }

    /// Operations that fill() sends through the intake.
    var operations: Int { proposals.rows.reduce(0) { $0 + Int($1.integer("senders") ?? 1) } }

    /// - Parameters:
    ///   - unit: code of the unit where they were made.
    ///   - taker: who took them down; `decider` decides and moderates.
    func fill(unit: String, taker: Actor, decider: Actor) async throws {
        for (index, row) in proposals.rows.enumerated() {
            let day = today.advanced(by: -16 + 2 * index)
            var head: ProposalID?
            for sender in 0..<(row.integer("senders") ?? 1) {
                let id = try await make(row, unit: unit, by: taker, at: moment(min(day, today.advanced(by: -1)), 660 + Int(sender)))
                head = head ?? id
            }
            guard let head else { continue }
            try await decide(head, row, unit: unit, by: decider, at: moment(min(day.advanced(by: 1), today.advanced(by: -1)), 900))
        }
    }

    private func moment(_ day: Day, _ minute: Int) -> Instant { Zone.kazakhstan.instant(day, minute: minute) }

    private func make(_ row: DemoTable.Row, unit: String, by actor: Actor, at now: Instant) async throws -> ProposalID {
        let id = OperationID.make(at: now)
        let body = Json.object([
            .init("op", .text(id.description)), .init("kind", .text(MakeProposal.kind)),
            .init("campaign", .text(DemoCampaign.code)), .init("unit", .text(unit)), .init("way", .text("event")),
            .init("language", .text(row["language"])), .init("text", .text(row["text"])), .init("reply", .text("none")),
        ])
        guard let operation = Operation(body, device: "demo", door: .demo) else { throw DemoFault.data("proposals: \(row["text"])") }
        let outcome = try await intake.submit([operation], by: actor, at: now)[0]
        guard outcome.status == .accepted else { throw DemoFault.refused(outcome.receipt) }
        return ProposalID(id)
    }

    private func decide(_ id: ProposalID, _ row: DemoTable.Row, unit: String, by actor: Actor, at now: Instant) async throws {
        if row["fate"] == "new" { return }
        if row["fate"] == "hidden" {
            try await database.run(HideProposal(proposal: id, reason: row["kind"]), by: actor, at: now)
            return
        }
        let reasons = StepReasons([.kk: row["reason_kk"], .ru: row["reason_ru"]])
        func run(_ decision: DecideProposal.Decision, after minutes: Int64) async throws {
            try await database.run(
                DecideProposal(proposal: id, decision: decision, reasons: reasons), by: actor,
                at: now.advanced(seconds: minutes * 60))
        }
        try await run(.consider(title: row["title"]), after: 0)
        switch row["fate"] {
        case "accepted":
            let kind = ProposalTask.Kind(rawValue: row["kind"]) ?? .task
            let task = NewProposalTask(kind: kind, title: row["task"], unit: unit, due: today.advanced(by: 7))
            try await run(.accept(task), after: 30)
        case "declined": try await run(.decline, after: 30)
        default: break
        }
    }
}
