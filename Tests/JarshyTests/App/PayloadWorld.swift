import JarshyKit
import Storage

@testable import Jarshy

/// A campaign in which every word that anybody can type is a payload: questions, answers, names, titles, places, reasons, file
/// names, links' texts. Each text begins with `mark`, so that it is seen to be shown.
struct PayloadWorld: Sendable {
    static let mark = "q7"

    let world: QuestionWorld
    let payloads: [String]

    private var database: Database { world.database }
    private var now: Instant { world.now }

    private func text(_ n: Int) -> String { "\(Self.mark) \(n) \(payloads[n])" }

    /// Addresses of pages, and what is posted to those that answer a form.
    struct Pages: Sendable {
        var open: [String] = []
        var staff: [String] = []
        var posted: [(path: String, form: [(String, String)])] = []
    }

    func fill() async throws -> Pages {
        var pages = Pages()
        pages.open = ["/", "/ask", "/ask/rules", "/answers", "/meetings", "/facts", "/proposals", "/imprints", "/signin"]
        pages.staff = [
            "/", "/questions", "/questions?show=all", "/questions/desk", "/events", "/events?view=month", "/events?view=week",
            "/facts/work", "/briefs", "/proposals/queue", "/publications", "/publications/pages", "/imprints", "/people",
            "/mail", "/units", "/organizations",
        ]
        _ = try await world.site.person("root", name: text(0), role: "administrator")
        try await world.belong(world.expert, to: 1)
        let second = try await world.site.person("second", name: text(1), role: "coordinator")
        try await world.belong(second, to: 2)
        for n in payloads.indices {
            let person = try await world.site.person("payload-\(n)", name: text(n), role: "observer", unit: "D11")
            pages.staff.append("/people/\(person)")
            for path in ["/search?q=", "/answers?q=", "/meetings?topic=", "/proposals?q=", "/facts?q=", "/ask?campaign="] {
                pages.open.append(path + Self.encoded(text(n)))
            }
            for path in ["/units?q=", "/people?q=", "/events?speaker=", "/questions?show=", "/publications?organization=", "/events?after="] {
                pages.staff.append(path + Self.encoded(text(n)))
            }
            try await questions(n, &pages)
            try await events(n, &pages)
            try await library(n, second, &pages)
        }
        try await own(&pages)
        return pages
    }

    private func questions(_ n: Int, _ pages: inout Pages) async throws {
        let id = QuestionWorld.id(UInt64(n + 1))
        let asked = try await database.run(
            AskPublicly(
                id: id, campaign: "test", unit: "R1", topic: "where", language: .kk, text: text(n), contact: "", isAdult: false,
                address: "10.1.0.\(n)"), by: .resident, at: now)
        pages.posted.append(("/question", [("number", asked.number.shown)]))
        try await world.run(NoteQuestion(question: id, text: text(n)), by: world.secretary)
        try await world.run(SendQuestion(question: id, expert: world.expert), by: world.secretary)
        let answer = try await world.run(
            WriteAnswer(
                question: id, title: text(n), body: text(n),
                sources: [NamedSource(title: text(n), url: "https://example.kz/?'\(n)onmouseover=alert(1)", day: world.today)]), by: world.expert)
        try await world.run(ApproveAnswer(answer: answer, language: .kk), by: world.secretary)
        pages.open.append("/answers/\(answer)")
        pages.staff += ["/questions/\(id)", "/answers/\(answer)/work"]
        let proposed = try await database.run(
            ProposePublicly(
                id: ProposalID(Ops.id(UInt64(n + 500)))!, campaign: "test", unit: "", language: .kk, text: text(n), contact: "",
                isAdult: false, address: "10.2.0.\(n)"), by: .resident, at: now)
        pages.posted.append(("/proposal", [("number", proposed.number.shown)]))
        pages.staff.append("/proposals/\(Ops.id(UInt64(n + 500)))/work")
    }

    private func events(_ n: Int, _ pages: inout Pages) async throws {
        var input = EventWorld.input(12, hour: 8 + n % 10, minutes: 30)
        (input.organization, input.title, input.form) = ("north", String(text(n).prefix(200)), .hybrid)
        input.link = "https://example.kz/?'\(n)"
        input.place = PlaceInput(name: String(text(n).prefix(160)), address: String(text(n).prefix(160)))
        let id = try await database.run(DraftEvent(input: input), by: .operator, at: now)[0]
        try await database.run(AnnounceEvent(event: id), by: .operator, at: now)
        if n.isMultiple(of: 2) {
            try await database.run(CancelEvent(event: id, reason: text(n)), by: .operator, at: now)
        } else {
            let move = MoveEvent(
                event: id, day: EngineWorld.firstDay.advanced(by: 13), minute: 600, minutes: 60, reason: text(n))
            try await database.run(move, by: .operator, at: now)
        }
        let secret = try await database.read { db in try EventSecret.find(in: db)! }
        pages.open += ["/meetings/\(id)", "/follow/\(FollowToken.make(id, secret: secret))"]
        pages.staff += ["/events/\(id)", "/events/\(id)/edit", "/events/\(id)/poster", "/speakers/for/\(id)"]
    }

    private func library(_ n: Int, _ second: PersonID, _ pages: inout Pages) async throws {
        let words = SourceText(
            title: text(n), section: text(n), url: "https://example.kz/?'\(n)", statement: text(n), issued: nil,
            itemClass: .information)
        let source = try await world.run(AddSource(campaign: "test", text: words), by: world.expert)
        // The name of the file that was uploaded.
        let copy = KeepCopy(source: source, sha256: Array(repeating: UInt8(n), count: 32), name: text(n), bytes: 3)
        try await world.run(copy, by: world.expert)
        try await world.run(ConfirmSource(source: source, version: 1, itemClass: .information), by: second)
        let brief = WriteBrief(
            campaign: "test", topic: n.isMultiple(of: 2) ? "where" : "local", language: [.kk, .ru, .en][n % 3], title: text(n),
            body: text(n), sources: text(n))
        pages.staff.append("/briefs/\(try await world.run(brief, by: world.expert))")
        pages.open.append("/facts/\(source)")
        pages.staff.append("/facts/\(source)/work")
        let logged = PublicationWorld.log(
            UInt64(n + 900), day: world.today, [.init("title", .text(text(n))), .init("outlet", .text(text(n)))])
        let outcome = try await world.site.app.intake.submit([logged], by: try await world.site.world.actor(900), at: now)[0]
        guard outcome.status == .accepted else { throw StorageError.other(outcome.receipt) }
    }

    /// What an organisation says of itself; last, because the imprint stands under everything.
    private func own(_ pages: inout Pages) async throws {
        let (words, now) = (payloads.joined(separator: " "), now)
        try await database.write { db in
            for n in 0..<3 {
                _ = try AddOrganizationPage(
                    organization: "north", kind: "site", name: "north \(self.text(n))", url: "https://north.example/?'\(n)"
                ).perform(by: .operator, at: now, in: db)
            }
            try SetImprint(
                campaign: "test", organization: "north", orderer: String(words.prefix(300)), payer: self.text(0),
                responsible: self.text(1), address: self.text(2)
            ).perform(by: .operator, at: now, in: db)
        }
    }

    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                ? String(decoding: [byte], as: UTF8.self) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
