import JarshyKit
import Storage

@testable import Jarshy

/// Evidence in a random history: promised, arriving before and after, judged and judged again, shared between reports.
extension History {
    private func hash(_ n: Int) -> [UInt8] { [UInt8](repeating: UInt8(n), count: 32) }

    func promiseEvidence() async throws {
        guard let n = reports.keys.sorted().randomElement(using: &random), let report = reports[n] else { return }
        let item = Json.object([
            .init("sha256", .text(Hex.encoded(hash(Int.random(in: 1...40, using: &random))))), .init("role", .text("tally")),
            .init("bytes", .integer(9)),
        ])
        counter += 1
        let operation = Ops.op([
            .init("op", .text(Ops.id(counter))), .init("kind", .text("report.evidence")), .init("report", .text(Ops.id(n))),
            .init("evidence", .list([item])),
        ])
        let who = cast.randomElement(using: &random)!
        let outcome = try await world.intake.submit([operation], by: who, at: now)[0]
        try expect(
            report.voided ? outcome.problem?.slug == "report-voided" : outcome.status == .accepted,
            "a promise: \(outcome.receipt)")
        sent.append((operation, who, outcome.receipt, now))
    }

    /// Any file comes, known or not, promised or not; the same again changes nothing.
    func evidenceArrives() async throws {
        let file = hash(Int.random(in: 1...40, using: &random))
        let arrived = EvidenceArrived(sha256: file, finding: .verified(Pictures.Found(kind: .jpeg), bytes: 9))
        let sums = try await bandSums()
        try await world.intake.change(arrived, by: .operator, at: now)
        let before = try await world.totals()
        try await world.intake.change(arrived, by: .operator, at: now)
        try expect(try await world.totals() == before, "a file that came twice moved a total")
        try expect(try await bandSums() == sums, "evidence moved a sum over bands")
    }

    func judgeEvidence() async throws {
        let items = try await world.database.read { db in
            try db.all(EvidenceID.self, "SELECT id FROM evidence WHERE verified_at IS NOT NULL ORDER BY id")
        }
        guard let item = items.randomElement(using: &random) else { return }
        let accepts = Int.random(in: 0..<3, using: &random) == 0
        let reason = accepts ? "" : CheckEvidence.reasons.randomElement(using: &random)!
        do {
            _ = try await world.intake.change(
                CheckEvidence(item: item, decision: accepts ? .accepted : .rejected, reason: reason),
                by: cast.randomElement(using: &random)!, at: now)
        } catch let problem as Problem {
            try expect(["own-evidence", "evidence-deleted"].contains(problem.slug), "a check: \(problem)")
        }
    }

    /// A report says that it is evidenced exactly while it has a file that came and stands; no more of a figure is evidenced than
    /// there is of it, in any band.
    func verifyEvidence(_ place: String) async throws {
        let (wrong, over) = try await world.database.read { db in
            let wrong = try db.value(
                """
                SELECT count(*) FROM report r WHERE r.evidenced <> EXISTS (
                    SELECT 1 FROM evidence e WHERE e.subject = r.id AND e.verified_at IS NOT NULL AND e.decision <> 'rejected')
                """, as: Int64.self)
            let over = try db.value(
                """
                SELECT count(*) FROM (
                    SELECT sum(CASE WHEN evidenced THEN m1 ELSE 0 END) AS shown, sum(m1) AS present,
                        sum(CASE WHEN evidenced THEN reports ELSE 0 END) AS shown_reports, sum(reports) AS present_reports
                    FROM entry WHERE path IS NOT NULL GROUP BY campaign, path, day, cell, band
                ) AS folded WHERE shown > present OR shown < 0 OR shown_reports > present_reports OR shown_reports < 0
                """, as: Int64.self)
            return (wrong, over)
        }
        try expect(wrong == 0, "\(place): \(wrong) reports say otherwise of their evidence than their files")
        try expect(over == 0, "\(place): \(over) figures have more evidence than there is of them")
    }
}
