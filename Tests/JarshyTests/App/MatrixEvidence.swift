import JarshyKit
import Storage

@testable import Jarshy

extension MatrixWorld {
    /// A file somebody sent for a report, arrived and not looked at.
    func evidence(_ place: MatrixDeed.Place) async throws -> EvidenceID {
        let n = try await report(place)
        let report = ReportID(Ops.id(n))!
        let (unit, now) = (try await unitNo(place.primary), now)
        let hash = Blob((0..<32).map { UInt8(truncatingIfNeeded: n >> (8 * UInt64($0 % 8))) })
        let id = EvidenceID(high: 5, low: n)
        try await site.database.write { db in
            try db.run(
                """
                INSERT INTO evidence_file (sha256, state, reason, kind, bytes, width, height, print, at)
                VALUES (\(hash), 'verified', '', 'jpeg', 9, 9, 9, \(Blob([])), \(now))
                """)
            try db.run(
                """
                INSERT INTO evidence (id, subject_kind, subject, sha256, role, bytes, unit, author, op, promised_at, verified_at,
                    decision, reason)
                VALUES (\(id), 'report', \(report), \(hash), 'tally', 9, \(unit), \(PersonID(high: 7, low: 900)),
                    \(OperationID(report)), \(now), \(now), '', '')
                """)
        }
        return id
    }
}

extension MatrixDeed {
    static let evidence: [MatrixDeed] = [
        MatrixDeed("PromiseEvidence", operation: { world, place in
            let n = try await world.report(place)
            let item = Json.object([
                .init("sha256", .text(String(repeating: "a", count: 64))), .init("role", .text("tally")), .init("bytes", .integer(9)),
            ])
            return Ops.op([
                .init("op", .text(Ops.id(world.number()))), .init("kind", .text("report.evidence")),
                .init("report", .text(Ops.id(n))), .init("evidence", .list([item])),
            ])
        }),
        MatrixDeed("CheckEvidence") { world, actor, place in
            let deed = CheckEvidence(item: try await world.evidence(place), decision: .accepted, reason: "")
            do {
                _ = try await world.engine.intake.change(Rehearsal(deed: deed), by: actor, at: world.now)
            } catch is Rehearsed {}
        },
        MatrixDeed("ReadOriginal") { world, _, place in ReadOriginal(item: try await world.evidence(place)) },
        MatrixDeed("EvidenceArrived", structure: { _ in
            EvidenceArrived(sha256: [UInt8](repeating: 1, count: 32), finding: .known)
        }),
    ]
}
