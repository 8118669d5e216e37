import Crypto
import Foundation
import JarshyKit
import Storage
import TestSupport

@testable import Jarshy

/// A site with an activist who sends photos and a coordinator who looks at them.
struct EvidenceWorld: Sendable {
    let site: TestSite
    let activist: PersonID
    let reviewer: PersonID
    let phone: TestBrowser

    var database: Database { site.database }
    var now: Instant { site.clock.now }
    var store: EvidenceStore { site.app.evidence }
    var today: Day { Zone.kazakhstan.day(at: now) }

    static func run(_ dialect: Dialect, _ body: @escaping @Sendable (EvidenceWorld) async throws -> Void) async throws {
        try await TestSite.run(dialect) { site in
            let activist = try await site.person("activist", role: "activist", unit: "P111")
            let reviewer = try await site.person("reviewer", role: "coordinator", unit: "R1")
            let phone = site.browser()
            try await phone.signIn("activist")
            let world = EvidenceWorld(site: site, activist: activist, reviewer: reviewer, phone: phone)
            defer { try? FileManager.default.removeItem(at: world.store.folder) }
            try await body(world)
        }
    }

    static func promise(_ photos: [[UInt8]], role: String = "tally") -> Json.Member {
        .init(
            "evidence",
            .list(photos.map { photo in
                .object([
                    .init("sha256", .text(hash(photo))), .init("role", .text(role)), .init("bytes", .integer(Int64(photo.count))),
                ])
            }))
    }

    static func hash(_ bytes: [UInt8]) -> String { Hex.encoded(Array(SHA256.hash(data: bytes))) }

    func submit(_ operation: Jarshy.Operation, by person: PersonID? = nil) async throws -> Outcome {
        try await site.app.intake.submit([operation], by: try await site.actor(person ?? activist), at: now)[0]
    }

    /// Files report `n` of P111 with promised photos.
    func file(_ n: UInt64, _ photos: [[UInt8]], role: String = "tally", attendees: Int64 = 20) async throws -> Outcome {
        try await submit(
            Ops.file(n, "P111", day: today, attendees: attendees, extra: [EvidenceWorld.promise(photos, role: role)]))
    }

    func put(_ hash: String, _ offset: Int, _ chunk: ArraySlice<UInt8>, by browser: TestBrowser? = nil) async throws -> TestPage {
        let browser = browser ?? phone
        return try await browser.send(
            "PUT", "/api/v1/evidence/\(hash)?offset=\(offset)",
            headers: ["x-csrf-token": browser.csrf, "content-type": "application/octet-stream"], body: Array(chunk))
    }

    /// Sends a whole photo in chunks; the last answer.
    @discardableResult
    func send(_ photo: [UInt8], chunk: Int = 262_144) async throws -> TestPage {
        let hash = EvidenceWorld.hash(photo)
        var last = try await phone.get("/api/v1/evidence/\(hash)")
        for start in stride(from: 0, to: photo.count, by: chunk) {
            last = try await put(hash, start, photo[start..<min(photo.count, start + chunk)])
        }
        return last
    }

    func isEvidenced(_ n: UInt64) async throws -> Bool {
        try await database.read { db in try db.value("SELECT evidenced FROM report WHERE id = \(ReportID(Ops.id(n))!)", as: Bool.self) }
    }

    func items(_ n: UInt64) async throws -> [EvidenceItem] {
        let id = ReportID(Ops.id(n))!
        return try await database.read { db in try EvidenceItem.list(of: [id], in: db)[id] ?? [] }
    }

    /// Attendees of the evidenced layer at the root.
    func evidencedTotal() async throws -> Int64 {
        try await database.read { db in
            try db.value(
                """
                SELECT CAST(coalesce(sum(m1), 0) AS bigint) FROM entry WHERE evidenced
                """, as: Int64.self)
        }
    }

    func entries(_ n: UInt64) async throws -> Int {
        try await site.count(
            "SELECT count(DISTINCT seq) FROM entry WHERE kind = 'evidence' AND report = \(ReportID(Ops.id(n))!)")
    }

    func recountIsClean() async throws -> Bool { try await Recount.run(database).isClean }

    /// The reviewer judges a report's only file, or the one told.
    func check(_ n: UInt64, _ decision: EvidenceItem.Decision, _ reason: String = "", of photo: [UInt8]? = nil) async throws {
        let hash = photo.map(EvidenceWorld.hash)
        let item = try await items(n).first { hash == nil || Hex.encoded($0.sha256) == hash }!
        let deed = CheckEvidence(item: item.id, decision: decision, reason: reason)
        let checked = try await site.app.intake.change(deed, by: try await site.actor(reviewer), at: now)
        if checked.erases { try await store.erase(checked.sha256) }
    }
}

/// Photos made here: a picture of blocks from a seed, by libvips.
enum TestPhoto {
    struct Failed: Error {}

    static func jpeg(_ seed: UInt64, width: Int = 640, height: Int = 480, _ options: String = "[Q=80]") throws -> [UInt8] {
        try made(".jpg", options, pixels(seed, width, height), width, height)
    }

    static func made(_ ending: String, _ options: String, _ rgb: [UInt8], _ width: Int, _ height: Int) throws -> [UInt8] {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("photo-\(UUID().uuidString)")
        let (from, to) = (base.path + ".ppm", base.path + ending)
        defer { for path in [from, to] { try? FileManager.default.removeItem(atPath: path) } }
        try Data(Array("P6\n\(width) \(height)\n255\n".utf8) + rgb).write(to: URL(fileURLWithPath: from))
        try run("vips", ["copy", from, to + options])
        return Array(try Data(contentsOf: URL(fileURLWithPath: to)))
    }

    /// A photo turned by one of libvips' tools.
    static func turned(_ photo: [UInt8], _ operation: String, _ arguments: [String]) throws -> [UInt8] {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("photo-\(UUID().uuidString)")
        let (from, to) = (base.path + ".jpg", base.path + "-2.jpg")
        defer { for path in [from, to] { try? FileManager.default.removeItem(atPath: path) } }
        try Data(photo).write(to: URL(fileURLWithPath: from))
        try run("vips", [operation, from, to] + arguments)
        return Array(try Data(contentsOf: URL(fileURLWithPath: to)))
    }

    /// EXIF with a text in it, as a camera puts its place there, and a comment.
    static func marked(_ photo: [UInt8], _ canary: String) -> [UInt8] {
        let text = Array(canary.utf8) + [0]
        let count = UInt32(text.count)
        func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        // TIFF, little-endian: one entry, ImageDescription (0x010E), ASCII, at offset 26.
        let tiff = Array("II".utf8) + [42, 0] + word(8) + [1, 0, 0x0E, 0x01, 2, 0] + word(count) + word(26) + word(0) + text
        func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
            let size = body.count + 2
            return [0xFF, marker, UInt8(size >> 8), UInt8(size & 255)] + body
        }
        return Array(photo[0..<2]) + segment(0xE1, Array("Exif\0\0".utf8) + tiff) + segment(0xFE, text) + photo[2...]
    }

    private static func run(_ tool: String, _ arguments: [String]) throws {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/usr/bin/\(tool)")
        child.arguments = arguments
        try child.run()
        child.waitUntilExit()
        guard child.terminationStatus == 0 else { throw Failed() }
    }

    /// A grid of 8 × 6 blocks of random colours, each shaded.
    private static func pixels(_ seed: UInt64, _ width: Int, _ height: Int) -> [UInt8] {
        var random = Seeded(seed)
        let blocks = (0..<48).map { _ in (0..<3).map { _ in Int.random(in: 20...235, using: &random) } }
        var rgb: [UInt8] = []
        rgb.reserveCapacity(width * height * 3)
        for y in 0..<height {
            for x in 0..<width {
                let block = blocks[(y * 6 / height) * 8 + x * 8 / width]
                let shade = (x * 7 + y * 13) % 20
                for band in block { rgb.append(UInt8(clamping: band + shade)) }
            }
        }
        return rgb
    }
}
