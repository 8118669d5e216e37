import JarshyKit
import Storage

/// Evidence without names: photos and scans that show a figure to be true.
///
/// **Nouns.** An *item* is a file that an operation promised for a *subject* (a report; a poster site of a later feature): its
/// SHA-256, its size and its role: tally sheet, hall from the back, two counters, numbered slips, site, scan. A *file* is the
/// content, kept once however often it is promised. A *print* is what an image looks like, in bits; *twins* look alike.
///
/// **States.** A part that stays without a byte for 14 days is removed; its item stays promised. Of a file: receiving → verified (its hash is right and it is what it says) or refused; a verified one is deleted
/// when it shows names or faces. Of an item: promised → received → accepted or rejected by a reviewer, who may think again.
///
/// **Invariants.** A report is evidenced exactly while an item of it is received and not rejected; each change of that is one
/// entry of the ledger. A report without its promised files stands and counts, unevidenced. Bytes are acknowledged when they
/// are durable. What is served to readers has no metadata; originals go only to `reviewEvidence`, and who read one is
/// written down. Deleting bytes takes neither the hash nor the fact of the check, so the ledger stays as it is.
///
///     GET  /api/v1/evidence/{sha256}            how much has come
///     PUT  /api/v1/evidence/{sha256} ?offset=   the next chunk
///     GET  /evidence ?after=                    what a reviewer has to look at
///     GET  /tally-sheet                         paper for counting without names, to print
///     GET  /evidence/{id}/thumb                 through the gate of the subject
///     GET  /evidence/{id}/original              `reviewEvidence`
///     POST /evidence/{id}/check                 accept, or reject for a reason
///     kinds of /api/v1/sync: report.evidence, and `evidence` in report.file and report.correct
enum Evidence {
    static func routes(_ site: inout Routes, intake: Intake, store: EvidenceStore) {
        EvidenceApi.routes(&site, intake: intake, store: store)
        site.get("/evidence", .right(.reviewEvidence)) { visit in try await EvidencePage.page(visit, problem: nil) }
        site.get("/tally-sheet", .signedIn) { visit in TallySheet.page(visit) }
        site.get("/evidence/{id}/thumb", .signedIn) { visit in try await thumb(visit, store) }
        site.get("/evidence/{id}/original", .right(.reviewEvidence)) { visit in try await original(visit, store) }
        site.post("/evidence/{id}/check", .right(.reviewEvidence)) { visit in
            try await visit.attempt(
                { try await check(visit, intake, store) },
                again: { try await EvidencePage.page(visit, problem: $0) })
        }
    }

    private static func thumb(_ visit: Visit, _ store: EvidenceStore) async throws -> Reply {
        let (actor, today, id) = (try visit.require(), visit.today, EvidenceID(visit.parameter("id")))
        let item = try await visit.read { db in try EvidenceGate.find(id, for: actor, today: today, in: db).item }
        guard item.hasThumb, let bytes = await store.read(store.thumb(item.sha256), item.sha256) else {
            throw Problem.notFound("evidence")
        }
        return Reply(
            status: 200, headers: [("content-type", "image/jpeg"), ("cache-control", "private, no-store")], body: .bytes(bytes))
    }

    private static func original(_ visit: Visit, _ store: EvidenceStore) async throws -> Reply {
        guard let id = EvidenceID(visit.parameter("id")) else { throw Problem.notFound("evidence") }
        let item = try await visit.run(ReadOriginal(item: id))
        guard let bytes = await store.read(store.original(item.sha256), item.sha256) else { throw Problem.notFound("evidence") }
        let kind = item.file?.kind ?? ""
        let type = kind == "pdf" ? "application/pdf" : "image/\(kind)"
        return Reply.file(bytes, type, name: "\(item.id).\(kind)").header("cache-control", "private, no-store")
    }

    private static func check(_ visit: Visit, _ intake: Intake, _ store: EvidenceStore) async throws -> Reply {
        guard let id = EvidenceID(visit.parameter("id")) else { throw Problem.notFound("evidence") }
        let decision = EvidenceItem.Decision(rawValue: visit.form["decision"] ?? "") ?? .none
        let deed = CheckEvidence(item: id, decision: decision, reason: visit.form["reason"] ?? "")
        let checked = try await intake.change(deed, by: try visit.require(), at: visit.now)
        if checked.erases {
            // Were this to fail, the hourly round erases it.
            try await store.erase(checked.sha256)
            let now = visit.now
            _ = try await visit.write { db in
                try db.run("UPDATE evidence_file SET erased_at = \(now) WHERE sha256 = \(Blob(checked.sha256))")
            }
        }
        let key = checked.erases ? "evidence.deleted" : decision == .accepted ? "evidence.accepted" : "evidence.rejected"
        return .redirect("/evidence", flash: .init(kind: .done, text: visit.words(key)))
    }
}
