import Foundation
import JarshyKit
import Storage
import Testing

@testable import Jarshy

@Suite struct RoleTests {
    @Test(arguments: Dialect.allCases)
    func `the fifteen roles are seeded once and keep what the headquarters changed`(dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let roles = try await site.database.read { db in try Role.all(in: db) }
            #expect(roles.count == 15)
            #expect(roles.map(\.code) == Role.shipped.map(\.code))
            for role in roles { #expect(role.rights == Role.shipped.first { $0.code == role.code }?.rights) }

            let admin = try await site.actor(try await site.person("admin", role: "administrator"))
            try await site.database.run(
                SetRoleRights(role: "speaker", rights: [.viewFigures, .viewReports]), by: admin, at: site.clock.now)
            #expect(try await site.database.run(SeedRoles(), by: .operator, at: site.clock.now).isEmpty)
            let speaker = try await site.database.read { db in try Role.find("speaker", in: db) }
            #expect(speaker?.rights == [.viewFigures, .viewReports])
        }
    }

    @Test func `a role's rights are changed only by who holds them over the whole tree`() async throws {
        try await TestSite.run(.sqlite) { site in
            let region = try await site.actor(try await site.person("rita", role: "administrator", unit: "R1"))
            let coordinator = try await site.actor(try await site.person("kira", role: "coordinator"))
            let now = site.clock.now

            await #expect(throws: Problem.self) {
                try await site.database.run(SetRoleRights(role: "speaker", rights: []), by: region, at: now)
            }
            await #expect(throws: Problem.self) {
                try await site.database.run(
                    SetRoleRights(role: "speaker", rights: [.viewFigures, .manageCampaigns]), by: coordinator, at: now)
            }
            await #expect(throws: Problem.self) {
                try await site.database.run(SetRoleRights(role: "administrator", rights: []), by: .operator, at: now)
            }
        }
    }

    @Test(arguments: Dialect.allCases)
    func `the pages say what a role may do and only who holds every right changes it`(dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("boss", role: "administrator")
            try await site.person("kira", role: "coordinator")
            let (boss, kira) = (site.browser(), site.browser())
            try await boss.signIn("boss")
            try await kira.signIn("kira")

            #expect(try await kira.get("/roles").body.contains("/roles/speaker"))
            #expect(try await !kira.get("/roles/speaker").body.contains("<form class=\"form\""))
            #expect(try await boss.get("/roles/no-such").status == 404)
            #expect(try await !boss.get("/roles/administrator").body.contains("<form class=\"form\""))
            #expect(try await kira.post("/roles/speaker", [("right", "viewFigures")]).status == 403)
            let done = try await boss.post("/roles/speaker", [("right", "viewFigures"), ("right", "viewReports")])
            #expect(done.status == 303)
            #expect(try await boss.get("/roles/speaker").body.contains("value=\"viewReports\" checked"))
            let speaker = try await site.database.read { db in try Role.find("speaker", in: db) }
            #expect(speaker?.rights == [.viewFigures, .viewReports])
        }
    }

    private func grant(
        _ site: TestSite, by actor: PersonID, _ role: String, at unit: String, organization: OrganizationNo? = nil,
        to last: Day? = nil, for person: PersonID
    ) async throws -> String {
        let deed = GrantRole(
            person: person, role: role, unit: try await site.unit(unit), organization: organization,
            from: Zone.kazakhstan.day(at: site.clock.now), to: last)
        do {
            _ = try await site.database.run(deed, by: try await site.actor(actor), at: site.clock.now)
            return "done"
        } catch let problem as Problem {
            return problem.slug
        }
    }

    @Test(arguments: Dialect.allCases)
    func `nobody grants more than they hold: not more rights, not elsewhere, not longer, not wider`(
        dialect: Dialect
    ) async throws {
        try await TestSite.run(dialect) { site in
            let head = try await site.person("head", role: "coordinator", unit: "R1")
            let secretary = try await site.person("sara", role: "secretary", unit: "D11")
            let anna = try await site.person("anna", role: "activist", unit: "P111")
            let today = Zone.kazakhstan.day(at: site.clock.now)

            #expect(try await grant(site, by: secretary, "activist", at: "P112", for: anna) == "done")
            #expect(try await grant(site, by: secretary, "activist", at: "P112", for: anna) == "role-held")
            #expect(try await grant(site, by: secretary, "coordinator", at: "P112", for: anna) == "beyond")
            #expect(try await grant(site, by: secretary, "administrator", at: "P112", for: anna) == "beyond")
            #expect(try await grant(site, by: secretary, "activist", at: "D12", for: anna) == "forbidden")
            #expect(try await grant(site, by: secretary, "secretary", at: "R1", for: anna) == "forbidden")
            #expect(try await grant(site, by: head, "coordinator", at: "D12", for: anna) == "done")
            #expect(
                try await grant(site, by: anna, "observer", at: "P111", for: anna) == "forbidden",
                "no managePeople there")
            #expect(
                try await grant(site, by: anna, "reviewer", at: "D12", for: secretary) == "not-found", "out of sight")
            #expect(try await grant(site, by: head, "nobody", at: "D12", for: anna) == "invalid")
            #expect(try await grant(site, by: head, "representative", at: "D12", for: anna) == "invalid")
            #expect(
                try await grant(site, by: head, "representative", at: "D12", organization: OrganizationNo(1), for: anna)
                    == "done")

            // A role that ends gives roles that end no later.
            let until = today.advanced(by: 10)
            let short = try await site.person("short", role: nil)
            _ = try await site.database.run(
                GrantRole(
                    person: short, role: "secretary", unit: try await site.unit("D11"), organization: nil, from: today,
                    to: until),
                by: .operator, at: site.clock.now)
            #expect(try await grant(site, by: short, "observer", at: "D11", for: anna) == "beyond")
            #expect(
                try await grant(site, by: short, "observer", at: "D11", to: until.advanced(by: 1), for: anna)
                    == "beyond")
            #expect(try await grant(site, by: short, "observer", at: "D11", to: until, for: anna) == "done")
            #expect(
                try await grant(site, by: head, "observer", at: "D12", to: today.advanced(by: -1), for: anna)
                    == "invalid")
        }
    }

    @Test(arguments: Dialect.allCases)
    func `an ended role is of no use from that moment, and is on record`(dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("head", role: "coordinator", unit: "R1")
            let sara = try await site.person("sara", role: "secretary", unit: "D11")
            site.clock.advance(seconds: 3 * 86_400)
            let browser = site.browser()
            try await browser.signIn("head")
            let grant = try await site.database.read { db in try PersonRows.roles(of: [sara], in: db)[0].id }

            #expect(try await browser.post("/people/\(sara)/roles/\(grant)/end", []).status == 303)

            let today = Zone.kazakhstan.day(at: site.clock.now)
            #expect(try await !site.actor(sara).holdsAnywhere(.fileReports, on: today))
            #expect(try await site.actor(sara).holdsAnywhere(.fileReports, on: today.advanced(by: -1)))
            #expect(try await browser.post("/people/\(sara)/roles/\(grant)/end", []).status == 409)
            let lines = try await site.database.read { db in
                try db.all(String.self, "SELECT verb FROM feed WHERE subject_id = \(sara.description) ORDER BY at, id")
            }
            #expect(lines.last == "revoke-role")
        }
    }

    @Test(arguments: Dialect.allCases)
    func `somebody can always let people in`(dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let admin = try await site.person("admin", role: "administrator")
            let grant = try await site.database.read { db in try PersonRows.roles(of: [admin], in: db)[0].id }
            let now = site.clock.now

            await #expect(throws: Problem.self) {
                try await site.database.run(RevokeRole(person: admin, grant: grant), by: .operator, at: now)
            }
            await #expect(throws: Problem.self) {
                try await site.database.run(DisableAccount(person: admin), by: .operator, at: now)
            }
            try await site.person("second", role: "coordinator")
            try await site.database.run(RevokeRole(person: admin, grant: grant), by: .operator, at: now)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `whoever sets a password can act as its owner, so it takes power over every role held`(
        dialect: Dialect
    ) async throws {
        try await TestSite.run(dialect) { site in
            let head = try await site.person("head", role: "coordinator", unit: "R1")
            let sara = try await site.person("sara", role: "secretary", unit: "D11")
            let anna = try await site.person("anna", role: "activist", unit: "P111")
            let stranger = try await site.person("erlan", role: "secretary", unit: "D21")
            let now = site.clock.now
            func reset(_ person: PersonID, by actor: PersonID) async throws -> String {
                do {
                    _ = try await site.database.run(
                        ResetPassword(person: person), by: try await site.actor(actor), at: now)
                    return "done"
                } catch let problem as Problem {
                    return problem.slug
                }
            }
            #expect(try await reset(anna, by: sara) == "done")
            #expect(try await reset(sara, by: head) == "done")
            #expect(try await reset(head, by: sara) == "not-found")
            #expect(try await reset(anna, by: stranger) == "not-found")
            #expect(try await reset(sara, by: anna) == "not-found")

            // The head's second post, in the secretary's district, does not give the secretary a way in.
            _ = try await site.database.run(
                GrantRole(
                    person: head, role: "observer", unit: try await site.unit("D11"), organization: nil,
                    from: Zone.kazakhstan.day(at: now), to: nil),
                by: .operator, at: now)
            #expect(try await reset(head, by: sara) == "forbidden")
        }
    }
}
