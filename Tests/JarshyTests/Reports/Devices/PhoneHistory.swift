import JarshyKit
import Storage

@testable import Jarshy

/// A random history of phones without network: what they seal, by whom it travels, and what a careful person would remember.
///
/// Nothing here is read back from the engine before the end: the model knows what was sealed and what was answered.
final class PhoneHistory {
    /// An operation as it was sealed.
    struct Sealed {
        let id: UInt64
        let json: Json
        /// Which phone sealed it, and under which number.
        let phone: Int
        let n: Int64
        /// The report it is about, the operation of the same author it builds on, the attendances it says (nil: void).
        let report: UInt64
        let base: UInt64?
        let attendees: Int64?
    }

    let seed: UInt64
    let site: TestSite
    var random: Seeded
    let phones: [TestPhone]
    let units: [String]
    private(set) var sealed: [Sealed] = []
    /// Final answers by operation.
    private(set) var answers: [UInt64: Json] = [:]
    /// Phones that were set back to an old copy: their numbers are used twice.
    private(set) var restored: Set<Int> = []
    private(set) var isEnded: Set<Int> = []
    private var backups: [Int: (next: Int64, last: String?)] = [:]
    private var counter: UInt64 = 0

    init(seed: UInt64, _ site: TestSite, phones: [TestPhone], units: [String]) {
        (self.seed, self.site, self.phones, self.units, self.random) = (seed, site, phones, units, Seeded(seed))
    }

    func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        if !condition { throw Broken(description: "JARSHY_SEED \(seed): \(message())") }
    }

    func step() async throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30: try file(anyPhone)
        case 30..<55: try revise(anyPhone)
        case 55..<85: try await deliver(some(1...12))
        case 85..<90: try await altered()
        case 90..<94: try await rewritten()
        case 94..<96: backup(anyPhone)
        case 96..<98: restore(anyPhone)
        default: try await end()
        }
    }

    private var anyPhone: Int { Int.random(in: 0..<phones.count, using: &random) }

    private func fresh() -> UInt64 {
        counter += 1
        return counter
    }

    func file(_ at: Int, attendees: Int64? = nil) throws {
        guard !isEnded.contains(at) else { return }
        let (id, phone, n) = (fresh(), phones[at], phones[at].next)
        let value = attendees ?? Int64.random(in: 1...60, using: &random)
        // Now and then nobody has the unit: refused, and what builds on it has to wait.
        let isWrong = attendees == nil && Int.random(in: 0..<12, using: &random) == 0
        let json = try phone.file(id, unit: isWrong ? "nowhere" : units[at], attendees: value)
        sealed.append(Sealed(id: id, json: json, phone: at, n: n, report: id, base: nil, attendees: value))
    }

    /// Corrects or voids a report of the phone's person: upon the phone's own last word about it, or upon version 1.
    private func revise(_ at: Int) throws {
        let person = phones[at].person
        let known = sealed.filter { phones[$0.phone].person == person && $0.report == $0.id }
        guard !isEnded.contains(at), let report = known.randomElement(using: &random)?.id else { return }
        let own = sealed.last { $0.phone == at && $0.report == report }?.id
        let base: TestPhone.Base = Int.random(in: 0..<5, using: &random) == 0 ? .rev(1) : own.map { .op($0) } ?? .rev(1)
        let isVoid = Int.random(in: 0..<8, using: &random) == 0
        try revise(at, report, base, isVoid ? nil : Int64.random(in: 1...60, using: &random))
    }

    func revise(_ at: Int, _ report: UInt64, _ base: TestPhone.Base, _ attendees: Int64?) throws {
        let (id, phone, n) = (fresh(), phones[at], phones[at].next)
        let json =
            try attendees.map { try phone.correct(id, of: report, base, attendees: $0) } ?? phone.void(id, of: report, base)
        var named: UInt64?
        if case .op(let op) = base { named = op }
        sealed.append(Sealed(id: id, json: json, phone: at, n: n, report: report, base: named, attendees: attendees))
    }

    /// Some of what was sealed, in any order, some of it twice.
    private func some(_ count: ClosedRange<Int>) -> [Sealed] {
        guard !sealed.isEmpty else { return [] }
        return (0..<Int.random(in: count, using: &random)).map { _ in sealed.randomElement(using: &random)! }
    }

    /// Any phone whose credential holds carries them: its owner's or another's.
    func deliver(_ batch: [Sealed]) async throws {
        let carriers = phones.indices.filter { !isEnded.contains($0) }
        guard !batch.isEmpty, let carrier = carriers.randomElement(using: &random) else { return }
        let page = try await site.sync(batch.map(\.json), token: phones[carrier].token)
        try expect(page.status == 200, "\(page.status) \(page.body)")
        let outcomes = page.json["outcomes"]?.list ?? []
        try expect(outcomes.count == batch.count, "\(outcomes.count) answers for \(batch.count)")
        for (one, outcome) in zip(batch, outcomes) {
            let status = outcome["status"]?.text ?? ""
            try expect(outcome["op"]?.text == Ops.id(one.id), "answers stand in the order of the operations")
            try expect(status != "mismatch", "P7: an untouched operation is a mismatch: \(outcome)")
            if let before = answers[one.id] { try expect(before == outcome, "P7: \(outcome) was \(before)") }
            if status == "accepted" || status == "refused" { answers[one.id] = outcome }
        }
    }

    /// Somebody on the way changes a figure: refused, nothing stored, no total moves.
    private func altered() async throws {
        guard let one = sealed.randomElement(using: &random) else { return }
        let (before, inbox) = (try await site.world.totals(), try await site.count("SELECT count(*) FROM inbox"))
        let key = ["metrics", "report", "day", "n", "prev", "author", "reason"].randomElement(using: &random)!
        guard one.json[key] != nil else { return }
        let forged = one.json.altered(key, .text("2026-01-09"))
        let carrier = phones.indices.first { !isEnded.contains($0) }!
        let page = try await site.sync([forged], token: phones[carrier].token)
        try expect(page.statuses == ["refused"] && page.problems == ["signature"], "\(key): \(page.body)")
        try expect(try await site.world.totals() == before, "an altered operation moved a total")
        try expect(try await site.count("SELECT count(*) FROM inbox") == inbox, "an altered operation was stored")
    }

    /// The author's own key signs other content under an id that was answered: a mismatch, recorded, never applied.
    private func rewritten() async throws {
        let done = sealed.filter { answers[$0.id] != nil && !isEnded.contains($0.phone) }
        guard let one = done.randomElement(using: &random) else { return }
        let phone = phones[one.phone]
        let (next, last) = (phone.next, phone.last)
        let other = try phone.file(one.id, unit: units[one.phone], attendees: 999)
        (phone.next, phone.last) = (next, last)
        let before = try await site.world.totals()
        let page = try await site.sync([other], token: phone.token)
        try expect(page.statuses == ["mismatch"], "P7: \(page.body)")
        try expect(try await site.world.totals() == before, "P7: another content under a used id moved a total")
    }

    private func backup(_ at: Int) { backups[at] = (phones[at].next, phones[at].last) }

    private func restore(_ at: Int) {
        guard let copy = backups[at], copy.next < phones[at].next else { return }
        (phones[at].next, phones[at].last) = (copy.next, copy.last)
        restored.insert(at)
    }

    /// A phone is reported lost; another of the cast remains.
    private func end() async throws {
        guard isEnded.isEmpty, sealed.count > 20 else { return }
        let at = anyPhone
        site.clock.advance(seconds: 60)
        _ = try await site.database.run(EndDevice(device: phones[at].id), by: .operator, at: site.clock.now)
        isEnded.insert(at)
        site.clock.advance(seconds: 60)
    }

    /// Everything is delivered until nothing more comes of it.
    func settle() async throws {
        for _ in 0..<100 {
            let before = answers.count
            let rest = sealed.filter { answers[$0.id] == nil }.shuffled(using: &random)
            for start in stride(from: 0, to: rest.count, by: 50) {
                try await deliver(Array(rest[start..<min(start + 50, rest.count)]))
            }
            if answers.count == before { return }
        }
    }
}
