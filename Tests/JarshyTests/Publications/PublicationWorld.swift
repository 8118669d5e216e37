import JarshyKit
import Storage
import TestSupport

@testable import Jarshy

/// `TestSite` with a press officer, a page of the organisation's own and a campaign that counts publications.
struct PublicationWorld: Sendable {
    let site: TestSite
    let press: PersonID
    let page: OrganizationPageID

    var database: Database { site.database }
    var now: Instant { site.clock.now }
    var today: Day { Zone.kazakhstan.day(at: now) }
    /// The metric's slot.
    static let slot = 4

    static func run(_ dialect: Dialect, _ body: @escaping @Sendable (PublicationWorld) async throws -> Void) async throws {
        try await TestSite.run(dialect) { site in
            let press = try await site.person("press", role: "press_officer", unit: "D11")
            let now = site.clock.now
            let page = try await site.database.write { db in
                try AddAffiliation(person: press, organization: OrganizationNo(1), post: "x").perform(by: .operator, at: now, in: db)
                try QuestionWorld.imprint("north").perform(by: .operator, at: now, in: db)
                try Self.count(in: db)
                return try AddOrganizationPage(
                    organization: "north", kind: "social", name: "North · ресми парақша", url: "https://social.example/north"
                ).perform(by: .operator, at: now, in: db)
            }
            try await body(PublicationWorld(site: site, press: press, page: page))
        }
    }

    /// The test campaign gets the metric, the activity and the channels.
    private static func count(in db: any Writing) throws {
        for (index, code) in ["social", "media"].enumerated() {
            try db.run("INSERT INTO channel (campaign, code, position, name_kk, name_ru, name_en) VALUES (1, \(code), \(10 + index), 'а', 'а', 'a')")
        }
        try db.run(
            """
            INSERT INTO metric (campaign, code, slot, position, name_kk, name_ru, name_en, word_kk, word_ru, word_en, additive,
                about, target, lowest, highest, ask_capacity)
            VALUES (1, 'publications', \(slot), \(slot), 'Ж', 'П', 'P', '', '', '', \(true), 'work', \(false), 0, 50, \(false))
            """)
        try db.run("INSERT INTO activity (campaign, code, position, name_kk, name_ru, name_en, channel) VALUES (1, 'publication', 9, 'Ж', 'П', 'P', 'social')")
        try db.run("UPDATE campaign SET stamp = stamp + 1 WHERE no = 1")
    }

    /// An operation `publication.log`; in a medium unless a page is given.
    static func log(
        _ n: UInt64, unit: String = "P111", day: Day, page: OrganizationPageID? = nil, url: String? = nil,
        itemClass: String? = "information", without: String = "", _ more: [Json.Member] = []
    ) -> Operation {
        var members: [Json.Member] = [
            .init("op", .text(Ops.id(n))), .init("kind", .text(LogPublication.kind)), .init("campaign", .text("test")),
            .init("unit", .text(unit)), .init("day", .text(day.description)), .init("organization", .text("north")),
            .init("title", .text("Қайда дауыс береміз")), .init("imprint", .bool(true)),
            .init("sha256", .text(String(repeating: "ab", count: 32))),
            .init("url", .text(url ?? (page == nil ? "https://paper.example/\(n)" : "https://social.example/north/\(n)"))),
            page.map { .init("page", .text($0.description)) } ?? .init("outlet", .text("«Дала» газеті")),
        ]
        if let itemClass { members.append(.init("class", .text(itemClass))) }
        members.removeAll { member in member.key == without || more.contains { $0.key == member.key } }
        return Ops.op(members + more)
    }

    @discardableResult
    func submit(_ operation: Operation) async throws -> Outcome {
        try await site.app.intake.submit([operation], by: try await site.actor(press), at: now)[0]
    }

    /// The slug it is refused with, or that of its first fault; nil when it is taken.
    func refusal(_ operation: Operation) async throws -> String? {
        let outcome = try await submit(operation)
        guard outcome.status != .accepted else { return nil }
        return outcome.problem?.slug == "invalid" ? outcome.problem?.errors.first?.slug : outcome.problem?.slug
    }

    func count() async throws -> Int { try await site.count("SELECT count(*) FROM publication") }
}
