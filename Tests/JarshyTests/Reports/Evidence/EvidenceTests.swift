import Foundation
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Evidence")
struct EvidenceTests {
    @Test("a reviewer's decisions move the evidenced measure; a correction carries it along", arguments: Dialect.allCases)
    func decides(_ dialect: Dialect) async throws {
        try await EvidenceWorld.run(dialect) { world in
            let (first, second) = (try TestPhoto.jpeg(1), try TestPhoto.jpeg(2))
            #expect(try await world.file(1, [first]).status == .accepted)
            let more = Ops.op([
                .init("op", .text(Ops.id(2))), .init("kind", .text("report.evidence")), .init("report", .text(Ops.id(1))),
                EvidenceWorld.promise([second], role: "hall"),
            ])
            #expect(try await world.submit(more).status == .accepted)
            try await world.send(first)
            #expect(try await world.submit(Ops.correct(3, 1, base: 1, attendees: 33)).status == .accepted)
            #expect(try await world.evidencedTotal() == 33)
            try await world.check(1, .rejected, "unreadable", of: first)
            #expect(try await world.evidencedTotal() == 0)
            try await world.send(second)
            #expect(try await world.evidencedTotal() == 33)
            #expect(try await world.entries(1) == 3)
            try await world.check(1, .accepted, of: first)
            try await world.check(1, .rejected, "copied", of: second)
            #expect(try await world.evidencedTotal() == 33)
            try await world.check(1, .rejected, "copied", of: first)
            #expect(try await world.evidencedTotal() == 0)
            #expect(try await world.recountIsClean())
            // A voided report counts nowhere, whatever comes later.
            try await world.check(1, .accepted, of: first)
            #expect(try await world.submit(Ops.void(4, 1, base: 2), by: world.reviewer).status == .accepted)
            #expect(try await world.evidencedTotal() == 0)
            #expect(try await world.recountIsClean())
        }
    }

    @Test("no photo of paper with lines on it is taken at a workplace; the hall and the counters are", arguments: Dialect.allCases)
    func lists(_ dialect: Dialect) async throws {
        try await EvidenceWorld.run(dialect) { world in
            let photo = try TestPhoto.jpeg(1)
            try await world.database.write { db in
                try db.run(
                    """
                    INSERT INTO audience (campaign, code, position, name_kk, name_ru, name_en)
                    VALUES (1, 'work_collective', 99, 'а', 'а', 'a')
                    """)
                try db.run("UPDATE campaign SET stamp = stamp + 1 WHERE no = 1")
            }
            var n: UInt64 = 0
            for role in EvidencePromise.Role.allCases {
                n += 1
                let promised = EvidenceWorld.promise([photo], role: role.rawValue)
                let outcome = try await world.submit(
                    Ops.file(n, "P111", day: world.today, audience: "work_collective", extra: [promised]))
                let barred = EvidencePromise.lists.contains(role)
                #expect(outcome.status == (barred ? .refused : .accepted), "\(role): \(outcome.receipt)")
                #expect(barred == (outcome.problem?.errors.first?.slug == "no-lists-here"))
                if !barred { #expect(try await world.items(n).count == 1) }
            }
            #expect(EvidencePromise.lists == [.tally, .slips, .scan])
            // The same is said of the kind of meeting, whoever it was for.
            let scan = EvidencePromise(sha256: [], role: .scan, bytes: 1)
            #expect(throws: Problem.self) {
                try EvidencePromise.check([scan], audience: "residents", activity: "workplace_meeting")
            }
            try EvidencePromise.check([scan], audience: "residents", activity: "meeting")
        }
    }

    @Test("outside the scope nothing exists; without the right it is refused", arguments: Dialect.allCases)
    func scope(_ dialect: Dialect) async throws {
        try await EvidenceWorld.run(dialect) { world in
            let photo = try TestPhoto.jpeg(1)
            #expect(try await world.file(1, [photo]).status == .accepted)
            try await world.send(photo)
            let id = try await world.items(1)[0].id
            try await world.site.person("stranger", role: "coordinator", unit: "R2")
            let stranger = world.site.browser()
            try await stranger.signIn("stranger")
            for path in ["/evidence/\(id)/thumb", "/evidence/\(id)/original", "/api/v1/evidence/\(EvidenceWorld.hash(photo))"] {
                #expect(try await stranger.get(path).status == 404, "\(path)")
            }
            #expect(try await stranger.post("/evidence/\(id)/check", [("decision", "accepted")]).status == 404)
            #expect(try await !stranger.get("/evidence").body.contains("\(id)"))
            #expect(try await world.phone.get("/evidence").status == 403)
            #expect(try await world.site.browser().get("/evidence/\(id)/thumb").status != 200)
            let reviewer = world.site.browser()
            try await reviewer.signIn("reviewer")
            let page = try await reviewer.get("/evidence")
            #expect(page.body.contains("/evidence/\(id)/thumb") && page.body.contains("Evidence received: 1 of 1"))
            #expect(try await reviewer.post("/evidence/\(id)/check", [("decision", "rejected"), ("reason", "x")]).status == 422)
            #expect(try await reviewer.post("/evidence/\(id)/check", [("decision", "accepted")]).status == 303)
            #expect(try await !reviewer.get("/evidence").body.contains("/evidence/\(id)/thumb"))
            // Nobody checks what they sent.
            let own = CheckEvidence(item: id, decision: .accepted, reason: "")
            let template = try await world.site.world.actor(1)
            let author = Actor(
                kind: .person, person: world.activist, name: "", language: .kk, grants: template.grants, organizations: [])
            let intake = world.site.app.intake
            let now = world.now
            await #expect(throws: Problem.self) { _ = try await intake.change(own, by: author, at: now) }
        }
    }

    @Test("of one photo in two reports the cards differ, and what was deleted with one is not offered for acceptance with the other", arguments: Dialect.allCases)
    func deletedElsewhere(_ dialect: Dialect) async throws {
        try await EvidenceWorld.run(dialect) { world in
            let photo = try TestPhoto.jpeg(3)
            #expect(try await world.file(1, [photo], attendees: 20).status == .accepted)
            try await world.send(photo)
            #expect(try await world.file(2, [photo], attendees: 31).status == .accepted)
            _ = try await world.phone.get("/api/v1/evidence/\(EvidenceWorld.hash(photo))")
            let reviewer = world.site.browser()
            try await reviewer.signIn("reviewer")
            let before = try await reviewer.get("/evidence?lang=en").body
            let told = before.matches(of: #/<p>([^<]*attendees: \d+[^<]*)<\/p>/#).map { String($0.1) }
            #expect(told.count == 2 && Set(told).count == 2, "\(told)")
            #expect(before.matches(of: #/value="accepted"/#).count == 2)
            try await world.check(1, .rejected, "names", of: photo)
            let after = try await reviewer.get("/evidence?lang=en").body
            #expect(after.contains("is deleted and cannot be accepted"))
            #expect(after.matches(of: #/value="accepted"/#).isEmpty && after.contains("value=\"rejected\""))
            let other = try await world.items(2)[0].id
            #expect(try await reviewer.post("/evidence/\(other)/check", [("decision", "rejected"), ("reason", "names")]).status == 303)
            #expect(try await !reviewer.get("/evidence").body.contains("/evidence/\(other)/check"))
        }
    }

    @Test("what is no picture, too large or broken is refused once and for all", arguments: Dialect.allCases)
    func content(_ dialect: Dialect) async throws {
        try await EvidenceWorld.run(dialect) { world in
            let bomb = try TestPhoto.made(
                ".png", "[compression=9]", [UInt8](repeating: 7, count: 8000 * 6000 * 3), 8000, 6000)
            #expect(bomb.count < 1_000_000)
            let jpeg = try TestPhoto.jpeg(1)
            let cases: [(bytes: [UInt8], slug: String)] = [
                (bomb, "too-many-pixels"), (Array("<html><script>1</script></html>".utf8), "wrong-type"),
                (Array("GIF89a".utf8), "wrong-type"), (Array(jpeg[0..<20]) + [UInt8](repeating: 0, count: 500), "broken-image"),
            ]
            for (index, one) in cases.enumerated() {
                #expect(try await world.file(UInt64(index + 1), [one.bytes]).status == .accepted)
                let answer = try await world.send(one.bytes)
                #expect(answer.status == 422 && answer.body.contains(one.slug), "\(index): \(answer.body)")
                let told = try await world.phone.get("/api/v1/evidence/\(EvidenceWorld.hash(one.bytes))").body
                #expect(told.contains("\"refused\"") && told.contains(one.slug))
                #expect(try await !world.isEvidenced(UInt64(index + 1)))
            }
            for (ending, options, kind) in [(".png", "", "png"), (".webp", "", "webp")] {
                let photo = try TestPhoto.made(ending, options, (0..<(64 * 64 * 3)).map { UInt8($0 * 7 % 251) }, 64, 64)
                let n = UInt64(kind.count * 10)
                #expect(try await world.file(n, [photo]).status == .accepted)
                #expect(try await world.send(photo).body.contains("verified"), "\(kind)")
                #expect(try await world.items(n)[0].file?.kind == kind)
            }
            let pdf = Array("%PDF-1.4\n1 0 obj <<>> endobj\n".utf8)
            #expect(try await world.file(90, [pdf]).status == .accepted)
            #expect(try await world.send(pdf).body.contains("pdf-only-scan"))
            #expect(try await world.file(91, [pdf], role: "scan").status == .accepted)
            #expect(try await world.send(pdf).body.contains("verified"))
            #expect(try await world.isEvidenced(90))
            #expect(try await world.isEvidenced(91))
        }
    }

    @Test("fault 35: a full disk acknowledges nothing and loses nothing")
    func full() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("full-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let (hash, author) = ([UInt8](repeating: 3, count: 32), PersonID(high: 1, low: 2))
        let store = EvidenceStore(folder, reserve: 0)
        #expect(try await store.append([1, 2, 3], at: 0, of: hash, by: author) == .have(3))
        let poor = EvidenceStore(folder, reserve: .max)
        #expect(try await poor.append([4], at: 3, of: hash, by: author) == .noRoom)
        #expect(try await store.append([4], at: 3, of: hash, by: author) == .have(4))
        #expect(try await store.append([9], at: 3, of: hash, by: author) == .offset(4))
        // A disk without a free byte: the write itself fails.
        let other = PersonID(high: 1, low: 3)
        try FileManager.default.createSymbolicLink(
            atPath: store.part(hash, of: other).path, withDestinationPath: "/dev/full")
        #expect(try await store.append([1], at: 0, of: hash, by: other) == .noRoom)
    }

    @Test("prints: near ones share a probe with what is stored", arguments: 1...40 as ClosedRange<UInt64>)
    func prints(_ seed: UInt64) {
        var random = Seeded(seed)
        let hash = UInt64.random(in: 0 ... .max, using: &random)
        let stored = PhotoPrint(hashes: [hash, 1, 2, 3])
        var near = hash
        for _ in 0..<Int.random(in: 0...PhotoPrint.near, using: &random) { near ^= 1 << UInt64.random(in: 0..<64, using: &random) }
        let asked = PhotoPrint(hashes: [near])
        #expect((asked.distance(to: stored) ?? 99) <= PhotoPrint.near)
        #expect(!asked.probes.isDisjoint(with: stored.quarters), "seed \(seed)")
        #expect(PhotoPrint(bytes: stored.bytes) == stored)
    }
}
