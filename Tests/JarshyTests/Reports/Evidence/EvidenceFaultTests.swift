import Foundation
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Evidence: faults 8, 9, 23, 36, 37")
struct EvidenceFaultTests {
    @Test("fault 8: cut at each edge and in the middle, a 4 MB photo arrives byte for byte", arguments: Dialect.allCases)
    func resumes(_ dialect: Dialect) async throws {
        try await EvidenceWorld.run(dialect) { world in
            var random = Seeded(8)
            let body = try TestPhoto.jpeg(8)
            // Bytes behind the end of the picture belong to the file as much as the rest.
            let photo = body + (0..<(4_000_000 - body.count)).map { _ in UInt8.random(in: 0...255, using: &random) }
            let hash = EvidenceWorld.hash(photo)
            #expect(try await world.phone.get("/api/v1/evidence/\(hash)").status == 404)
            #expect(try await world.file(1, [photo]).status == .accepted)
            let chunk = 262_144
            var have = 0
            var cuts = 0
            while have < photo.count {
                let end = min(photo.count, have + chunk)
                // The answer is lost: the phone asks where it stands, or sends the same again and is told.
                let sent = try await world.put(hash, have, photo[have..<end])
                #expect(sent.status == 200, "\(sent.body)")
                if cuts < 5, end < photo.count {
                    cuts += 1
                    let again = try await world.put(hash, have, photo[have..<end])
                    #expect(again.status == 409 && again.body.contains("\"have\":\(end)"))
                    let told = try JsonReader.read(try await world.phone.get("/api/v1/evidence/\(hash)").bytes)
                    #expect(told["have"]?.integer == Int64(end) && told["state"]?.text == "receiving")
                    #expect(try await !world.isEvidenced(1))
                }
                have = end
            }
            let told = try JsonReader.read(try await world.phone.get("/api/v1/evidence/\(hash)").bytes)
            #expect(told["state"]?.text == "verified" && told["have"]?.integer == Int64(photo.count))
            let kept = try Data(contentsOf: world.store.original(Hex.decoded(hash)!))
            #expect(Array(kept) == photo)
            #expect(try await world.isEvidenced(1))
            #expect(try await world.entries(1) == 1)
            #expect(try await world.evidencedTotal() == 20)
            #expect(try await world.recountIsClean())
            // Sent once more, it is here already.
            #expect(try await world.put(hash, 0, photo[0..<10]).body.contains("verified"))
            #expect(try await world.entries(1) == 1)
        }
    }

    @Test("fault 8: wrong hash, zero bytes, too many bytes, wrong place", arguments: Dialect.allCases)
    func refuses(_ dialect: Dialect) async throws {
        try await EvidenceWorld.run(dialect) { world in
            let photo = try TestPhoto.jpeg(1)
            let hash = EvidenceWorld.hash(photo)
            #expect(try await world.file(1, [photo]).status == .accepted)
            var wrong = photo
            wrong[100] ^= 1
            #expect(try await world.put(hash, 0, wrong[...]).status == 422)
            #expect(try await world.phone.get("/api/v1/evidence/\(hash)").body.contains("\"have\":0"))
            #expect(try await !world.isEvidenced(1))
            #expect(try await world.put(hash, 0, []).status == 422)
            #expect(try await world.put(hash, 0, (photo + [0])[...]).status == 413)
            #expect(try await world.put(hash, 7, photo[7...]).status == 409)
            #expect(try await world.put(hash, -1, photo[7...]).status == 422)
            #expect(try await world.put(hash, 0, photo[...]).body.contains("verified"))
            #expect(try await world.isEvidenced(1))
            // Promises that cannot be kept are refused with the operation.
            let broken = [("tally", 0, hash), ("list", 9, hash), ("tally", 12_582_913, hash), ("tally", 9, "00")]
            for (index, (role, bytes, sum)) in broken.enumerated() {
                let item = Json.object([
                    .init("sha256", .text(sum)), .init("role", .text(role)), .init("bytes", .integer(Int64(bytes))),
                ])
                let outcome = try await world.submit(
                    Ops.file(UInt64(50 + index), "P111", day: world.today, extra: [.init("evidence", .list([item]))]))
                #expect(outcome.status == .refused, "\(role) \(bytes)")
            }
        }
    }

    @Test("fault 8: the same photo twice in one report and in two reports", arguments: Dialect.allCases)
    func twice(_ dialect: Dialect) async throws {
        try await EvidenceWorld.run(dialect) { world in
            let photo = try TestPhoto.jpeg(2)
            #expect(try await world.file(1, [photo, photo]).status == .accepted)
            #expect(try await world.file(2, [photo], attendees: 7).status == .accepted)
            #expect(try await world.items(1).count == 1)
            #expect(try await world.send(photo).body.contains("verified"))
            // Both were promised before it came: each rises once, by an entry of its own.
            #expect(try await world.isEvidenced(1))
            #expect(try await world.isEvidenced(2))
            #expect(try await world.entries(1) == 1)
            #expect(try await world.entries(2) == 1)
            // Promised after it came: one question of the phone, and no byte more.
            #expect(try await world.file(3, [photo], attendees: 5).status == .accepted)
            #expect(try await !world.isEvidenced(3))
            #expect(try await world.phone.get("/api/v1/evidence/\(EvidenceWorld.hash(photo))").body.contains("verified"))
            #expect(try await world.isEvidenced(3))
            #expect(try await world.evidencedTotal() == 32)
            let item = try await world.items(3)[0]
            let twins = try await world.database.read { db in try EvidenceTwins.of([item], in: db) }
            #expect(twins[item.id]?.map(\.distance) == [0, 0])
            #expect(try await world.recountIsClean())
        }
    }

    @Test("fault 9: evidence that never comes leaves the report counted and unevidenced", arguments: Dialect.allCases)
    func neverComes(_ dialect: Dialect) async throws {
        try await EvidenceWorld.run(dialect) { world in
            let photo = try TestPhoto.jpeg(3)
            #expect(try await world.file(1, [photo]).status == .accepted)
            world.site.clock.advance(seconds: 40 * 86_400)
            try await world.phone.signIn("activist")
            #expect(try await world.site.world.rootTotal(1) == 20)
            #expect(try await !world.isEvidenced(1))
            #expect(try await world.evidencedTotal() == 0)
            let page = try await world.phone.get("/reports/\(Ops.id(1))")
            #expect(page.body.contains("Evidence received: 0 of 1"), "\(page.body.prefix(300))")
            #expect(try await world.recountIsClean())
        }
    }

    @Test(
        "fault 9: a file that never goes on gives its room back after its term; begun anew, it arrives",
        arguments: Dialect.allCases)
    func abandoned(_ dialect: Dialect) async throws {
        try await EvidenceWorld.run(dialect) { world in
            let (photo, other) = (try TestPhoto.jpeg(11), try TestPhoto.jpeg(12))
            let (hash, begun) = (EvidenceWorld.hash(photo), EvidenceWorld.hash(other))
            #expect(try await world.file(1, [photo, other]).status == .accepted)
            for (name, bytes) in [(hash, photo), (begun, other)] {
                #expect(try await world.put(name, 0, bytes[0..<100]).body.contains("\"have\":100"))
            }
            func touch(_ name: String, _ at: Instant) throws {
                let part = world.store.part(Hex.decoded(name)!, of: world.activist)
                let date = Date(timeIntervalSince1970: Double(at.milliseconds) / 1000)
                try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: part.path)
            }
            func clock() -> EvidenceClock {
                EvidenceClock(
                    database: world.database, store: world.store, days: 180, clock: world.site.clock, logger: world.site.app.logger)
            }
            try touch(hash, world.now)
            try touch(begun, world.now)
            world.site.clock.advance(seconds: EvidenceClock.partDays * 86_400 - 1)
            #expect(try await clock().sweep() == 0)
            try await world.phone.signIn("activist")
            // One of the two went on meanwhile.
            #expect(try await world.put(begun, 100, other[100..<200]).body.contains("\"have\":200"))
            try touch(begun, world.now)
            world.site.clock.advance(seconds: 60)
            #expect(try await clock().sweep() == 1)
            #expect(try await clock().sweep() == 0)
            let parts = try FileManager.default.contentsOfDirectory(atPath: world.store.folder.path + "/parts")
            #expect(parts == ["\(begun)-\(world.activist)"])
            // Nothing of the report moved; the phone learns that it has to begin anew.
            #expect(try await world.items(1).count == 2)
            #expect(try await world.site.world.rootTotal(1) == 20)
            #expect(try await world.put(hash, 100, photo[100...]).status == 409)
            #expect(try await world.send(photo).body.contains("verified"))
            #expect(try await world.isEvidenced(1))
            #expect(try await world.recountIsClean())
        }
    }

    @Test("fault 23: mirrored, cropped, smaller or saved again, a photo is found; another is not", arguments: Dialect.allCases)
    func alike(_ dialect: Dialect) async throws {
        try await EvidenceWorld.run(dialect) { world in
            let photo = try TestPhoto.jpeg(4)
            let forms = [
                try TestPhoto.turned(photo, "flip", ["horizontal"]),
                try TestPhoto.turned(photo, "crop", ["32", "24", "576", "432"]),
                try TestPhoto.turned(photo, "resize", ["0.4"]),
                TestPhoto.marked(photo, "stripped or not"),
            ]
            #expect(try await world.file(1, [photo]).status == .accepted)
            try await world.send(photo)
            for (index, form) in forms.enumerated() {
                let n = UInt64(index + 2)
                #expect(try await world.file(n, [form]).status == .accepted)
                #expect(try await world.send(form).body.contains("verified"))
                let item = try await world.items(n)[0]
                let twins = try await world.database.read { db in try EvidenceTwins.of([item], in: db) }
                let found = (twins[item.id] ?? []).map(\.subject)
                #expect(found.contains(ReportID(Ops.id(1))!), "form \(index)")
            }
            for seed in 100..<110 as Range<UInt64> {
                let other = try TestPhoto.jpeg(seed)
                #expect(try await world.file(seed, [other]).status == .accepted)
                try await world.send(other)
                let item = try await world.items(seed)[0]
                let twins = try await world.database.read { db in try EvidenceTwins.of([item], in: db) }
                #expect(twins.isEmpty, "seed \(seed)")
            }
            let reviewer = world.site.browser()
            try await reviewer.signIn("reviewer")
            let page = try await reviewer.get("/evidence")
            #expect(page.status == 200 && page.body.contains("A photo like it:"))
        }
    }

    @Test("fault 36: what a camera wrote into a photo reaches no served copy, page or log", arguments: Dialect.allCases)
    func canary(_ dialect: Dialect) async throws {
        try await EvidenceWorld.run(dialect) { world in
            let canary = "CANARY-51.1694N-71.4491E"
            let photo = TestPhoto.marked(try TestPhoto.jpeg(5), canary)
            #expect(try await world.file(1, [photo]).status == .accepted)
            #expect(try await world.send(photo).body.contains("verified"))
            let id = try await world.items(1)[0].id
            let thumb = try await world.phone.get("/evidence/\(id)/thumb")
            #expect(thumb.status == 200 && thumb.bytes.starts(with: [0xFF, 0xD8, 0xFF]) && thumb.bytes.count > 500)
            #expect(!contains(thumb.bytes, canary) && !contains(thumb.bytes, "Exif"))
            // The original is for those with the right, and who read it is written down.
            #expect(try await world.phone.get("/evidence/\(id)/original").status == 403)
            let reviewer = world.site.browser()
            try await reviewer.signIn("reviewer")
            let original = try await reviewer.get("/evidence/\(id)/original")
            #expect(original.status == 200 && original.bytes == photo)
            #expect(original.headers["content-disposition"]?.hasPrefix("attachment") == true)
            let reads: SQL = """
                SELECT count(*) FROM personal_read
                WHERE page = 'evidence original' AND reader = \(world.reviewer) AND subject = \(world.activist)
                """
            #expect(try await world.site.count(reads) == 1)
            for path in ["/reports/\(Ops.id(1))", "/evidence", "/api/v1/reports/\(Ops.id(1))"] {
                #expect(!contains(try await reviewer.get(path).bytes, canary))
            }
            #expect(!world.site.log.all.contains { $0.contains(canary) })
        }
    }

    @Test("fault 37: erasing bytes keeps hash, check and ledger", arguments: Dialect.allCases)
    func erases(_ dialect: Dialect) async throws {
        try await EvidenceWorld.run(dialect) { world in
            let (names, kept) = (try TestPhoto.jpeg(6), try TestPhoto.jpeg(7))
            #expect(try await world.file(1, [names]).status == .accepted)
            #expect(try await world.file(2, [kept], attendees: 9).status == .accepted)
            try await world.send(names)
            try await world.send(kept)
            let before = try await world.site.count("SELECT count(*) FROM entry")
            try await world.check(1, .rejected, "names")
            let hash = EvidenceWorld.hash(names)
            #expect(!FileManager.default.fileExists(atPath: world.store.original(Hex.decoded(hash)!).path))
            #expect(!FileManager.default.fileExists(atPath: world.store.thumb(Hex.decoded(hash)!).path))
            let item = try await world.items(1)[0]
            #expect(item.decision == .rejected && item.reason == "names")
            #expect(item.isReceived && Hex.encoded(item.sha256) == hash)
            #expect(try await world.phone.get("/evidence/\(item.id)/thumb").status == 404)
            #expect(try await world.put(hash, 0, names[...]).body.contains("\"deleted\""))
            #expect(try await !world.isEvidenced(1))
            #expect(try await world.site.count("SELECT count(*) FROM entry") == before + 2)
            await #expect(throws: Problem.self) { try await world.check(1, .accepted) }
            // The term: 180 days after the campaign's end, the original goes and nothing else.
            world.site.clock.advance(seconds: (60 - 10 + 182) * 86_400)
            let clock = EvidenceClock(
                database: world.database, store: world.store, days: 180, clock: world.site.clock, logger: world.site.app.logger)
            #expect(try await clock.sweep() == 2)
            #expect(try await clock.sweep() == 0)
            let file = Hex.decoded(EvidenceWorld.hash(kept))!
            #expect(!FileManager.default.fileExists(atPath: world.store.original(file).path))
            #expect(FileManager.default.fileExists(atPath: world.store.thumb(file).path))
            #expect(try await world.isEvidenced(2))
            #expect(try await world.evidencedTotal() == 9)
            #expect(try await world.recountIsClean())
        }
    }

    private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        Data(bytes).range(of: Data(text.utf8)) != nil
    }
}
