import JarshyKit
import Storage

/// The publications of the demo, in Kazakh, Russian and English: on organisations' own pages and in media, logged by one
/// coordinator through the operation that is used everywhere, and counted as work.
struct DemoPublications: Sendable {
    let publications: DemoTable
    let intake: Intake
    let database: Database
    let today: Day
    let people: [String: PersonID]

    /// Where they are counted, and who logs them.
    static let unit = "350000000"
    static let keeper = "region"

    init(_ home: Home, intake: Intake, database: Database, today: Day, people: [String: PersonID]) throws {
        publications = try DemoTable("publications", home: home)
        self.intake = intake
        self.database = database
        self.today = today
        self.people = people
    }

    /// - Returns: how many operations went through the intake.
    func fill() async throws -> Int {
        let (person, today) = (people[Self.keeper], today)
        let found = try await database.read { db in try person.flatMap { try Actors.load($0, on: today, in: db) } }
        guard let keeper = found else { throw DemoFault.data("people: nobody signs in as \(Self.keeper)") }
        var pages: [String: OrganizationPageID] = [:]
        for row in publications.rows {
            let at = Zone.kazakhstan.instant(today.advanced(by: Int(row.integer("day") ?? 0)), minute: 18 * 60)
            if !row["page"].isEmpty, pages[row["page_url"]] == nil {
                let page = AddOrganizationPage(
                    organization: row["organization"], kind: row["page_kind"], name: row["page"], url: row["page_url"])
                pages[row["page_url"]] = try await database.run(page, by: .operator, at: at)
            }
            try await log(row, page: pages[row["page_url"]], by: keeper, at: at)
        }
        return publications.rows.count
    }

    private func log(
        _ row: DemoTable.Row, page: OrganizationPageID?, by keeper: Actor, at now: Instant
    ) async throws {
        let place: Json.Member = page.map { .init("page", .text($0.description)) } ?? .init("outlet", .text(row["outlet"]))
        let members: [Json.Member] = [
            .init("op", .text(OperationID.make(at: now).description)), .init("kind", .text(LogPublication.kind)),
            .init("campaign", .text(DemoCampaign.code)), .init("unit", .text(Self.unit)),
            .init("day", .text(Zone.kazakhstan.day(at: now).description)), .init("organization", .text(row["organization"])),
            .init("title", .text(row["title"])), .init("url", .text(row["url"])), .init("class", .text("information")),
            .init("imprint", .bool(true)),
            // The organisation's own copy: here, its title.
            .init("sha256", .text(Hex.encoded(EvidenceStore.sha256(Array(row["title"].utf8))))), place,
        ]
        guard let operation = Operation(.object(members), device: "demo", door: .demo) else {
            throw DemoFault.data("publications: no operation")
        }
        let outcome = try await intake.submit([operation], by: keeper, at: now)[0]
        guard outcome.status == .accepted else { throw DemoFault.refused(outcome.receipt) }
    }
}
