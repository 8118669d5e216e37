import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Materials and poster sites")
struct MaterialTests {
    @Test("nothing is approved without its imprint: each field that is empty is named", arguments: MaterialImprint.Part.allCases)
    func imprint(_ field: MaterialImprint.Part) async throws {
        try await MaterialWorld.run(.sqlite) { world in
            var form = MaterialWorld.form()
            switch field {
            case .issuer: form.imprint.issuer = ""
            case .orderer: form.imprint.orderer = ""
            case .payer: form.imprint.payer = ""
            case .responsible: form.imprint.responsible = ""
            case .printer: form.imprint.printer = ""
            case .place: form.imprint.place = ""
            case .run: form.imprint.run = 0
            case .languages: form.languages = []
            }
            let id = try await world.run(DrawUpMaterial(campaign: "test", unit: "KZ", form: form), by: world.keeper)
            let problem = try await world.refusal(ApproveMaterial(material: id), by: world.second)
            #expect(problem?.slug == "imprint-missing" && problem?.errors.map(\.field) == [field.rawValue])
            // The table refuses it too, whoever writes.
            await #expect(throws: (any Error).self) {
                try await world.database.write { db in
                    try db.run(
                        "UPDATE material SET state = 'approved', approved_by = \(world.second.person), approved_at = 1 WHERE id = \(id)")
                }
            }
            form.imprint.isPrinted = false
            try await world.run(RewriteMaterial(material: id, form: form), by: world.keeper)
            let online = try await world.refusal(ApproveMaterial(material: id), by: world.second)
            #expect(online?.slug == (field.isOfPrint ? nil : "imprint-missing"))
        }
    }

    @Test("nobody approves what they drew up or changed; what is approved is not changed", arguments: Dialect.allCases)
    func secondPerson(_ dialect: Dialect) async throws {
        try await MaterialWorld.run(dialect) { world in
            let third = try await world.engine.actor(3)
            let id = try await world.run(DrawUpMaterial(campaign: "test", unit: "R1", form: MaterialWorld.form()), by: world.keeper)
            #expect(try await world.refusal(ApproveMaterial(material: id), by: world.keeper)?.slug == "own-material")
            try await world.run(RewriteMaterial(material: id, form: MaterialWorld.form(name: "Басқа")), by: world.second)
            for actor in [world.keeper, world.second] {
                #expect(try await world.refusal(ApproveMaterial(material: id), by: actor)?.slug == "own-material")
            }
            #expect(try await world.refusal(WithdrawMaterial(material: id, reason: "x"), by: third)?.slug == "material-not-approved")
            try await world.run(ApproveMaterial(material: id), by: third)
            #expect(try await world.refusal(ApproveMaterial(material: id), by: third)?.slug == "material-approved")
            let rewrite = RewriteMaterial(material: id, form: MaterialWorld.form(name: "Үшінші"))
            #expect(try await world.refusal(rewrite, by: world.keeper)?.slug == "material-approved")
            #expect(try await world.refusal(WithdrawMaterial(material: id, reason: " "), by: third)?.errors.map(\.field) == ["reason"])
            try await world.run(WithdrawMaterial(material: id, reason: "a wrong date"), by: third)
            let material = try await world.database.read { db in
                try db.first(Material.self, where: "FROM material m WHERE m.id = \(id)")
            }
            #expect(material?.state == .withdrawn && material?.withdrawnReason == "a wrong date" && material?.names.kk == "Басқа")
        }
    }

    @Test("a draft is for those who draw up and approve; a material of another region is not found", arguments: Dialect.allCases)
    func scope(_ dialect: Dialect) async throws {
        try await MaterialWorld.run(dialect) { world in
            let id = try await world.run(DrawUpMaterial(campaign: "test", unit: "R1", form: MaterialWorld.form()), by: world.keeper)
            let activist = try await world.engine.actor(7, over: "D11", rights: [.useMaterials])
            let other = try await world.engine.actor(8, over: "R2")
            let reviewer = try await world.engine.actor(9, over: "R1", rights: [.approveMaterials])
            func sees(_ actor: Actor) async throws -> Bool {
                try await world.database.read { db in
                    (try? MaterialScope(actor, at: MaterialWorld.now, in: db).material(id, in: db)) != nil
                }
            }
            #expect(try await !sees(activist))
            #expect(try await !sees(other))
            #expect(try await world.refusal(ApproveMaterial(material: id), by: other)?.slug == "not-found")
            #expect(try await sees(reviewer))
            try await world.run(ApproveMaterial(material: id), by: reviewer)
            #expect(try await sees(activist))
            #expect(try await world.refusal(WithdrawMaterial(material: id, reason: "x"), by: activist)?.slug == "forbidden")
        }
    }

    @Test("a site has its permission; nothing campaigning hangs at a school", arguments: Dialect.allCases)
    func sites(_ dialect: Dialect) async throws {
        try await MaterialWorld.run(dialect) { world in
            func refusal(_ change: (inout PosterSiteForm) -> Void) async throws -> [String] {
                var form = MaterialWorld.site()
                change(&form)
                return try await world.refusal(AddPosterSite(campaign: "test", unit: "D11", form: form), by: world.keeper)?
                    .errors.map(\.field) ?? []
            }
            #expect(try await refusal { $0.decree = "" } == ["decree"])
            #expect(try await refusal { $0.decreeNumber = "" } == ["decree_number"])
            #expect(try await refusal { $0.address = "" } == ["address"])
            #expect(try await refusal { $0.capacity = 0 } == ["capacity"])
            #expect(try await refusal { $0.isAtSchool = true } == ["class"])
            #expect(try await refusal { $0.takeDown = $0.first.advanced(by: -1) } == ["take_down"])
            #expect(try await refusal { $0.class = .information; $0.material = world.poster } == ["material"])
            #expect(try await refusal { $0.material = MaterialID.make(at: MaterialWorld.now) } == ["material"])
            let id = try await world.run(
                AddPosterSite(campaign: "test", unit: "D11", form: MaterialWorld.site()), by: world.keeper)
            let activist = try await world.engine.actor(7, over: "D11", rights: [.useMaterials])
            let edit = EditPosterSite(site: id, form: MaterialWorld.site(.information))
            #expect(try await world.refusal(edit, by: activist)?.slug == "forbidden")
            let other = try await world.engine.actor(8, over: "R2")
            #expect(try await world.refusal(edit, by: other)?.slug == "not-found")
            try await world.run(edit, by: world.keeper)
        }
    }

    @Test("the newest day's finding stands; late words about an earlier day do not change it", arguments: Dialect.allCases)
    func findings(_ dialect: Dialect) async throws {
        try await MaterialWorld.run(dialect) { world in
            let today = MaterialWorld.today
            let id = try await world.run(
                AddPosterSite(campaign: "test", unit: "D11", form: MaterialWorld.site(down: today.advanced(by: -1))), by: world.keeper)
            let activist = try await world.engine.actor(7, over: "D11", rights: [.useMaterials])
            @Sendable func site() async throws -> PosterSite {
                try await world.database.read { db in try db.first(PosterSite.self, where: "FROM poster_site s WHERE s.id = \(id)") }!
            }
            #expect(try await site().condition == .empty)
            let hash = String(repeating: "ab", count: 32)
            func photo(_ role: String) -> [Json.Member] {
                [.init("evidence", .list([.object([.init("sha256", .text(hash)), .init("role", .text(role)), .init("bytes", .integer(9))])]))]
            }
            let hung = try await world.submit(
                MaterialWorld.condition(1, id, "in_place", day: today.advanced(by: -2), photo("site")), by: activist)
            #expect(hung.status == .accepted && hung.receipt.contains("\"site\":\"\(id)\",\"flags\":[]"), "\(hung.receipt)")
            #expect(try await site().isOverdue(on: today))
            let promised = try await world.database.read { db in
                try db.all(String.self, "SELECT subject_kind FROM evidence WHERE subject = \(id)")
            }
            #expect(promised == ["site"])
            let names = try await world.submit(MaterialWorld.condition(2, id, "in_place", photo("tally")), by: activist)
            #expect(names.problem?.errors.map(\.slug) == ["site-photo"])
            #expect(try await world.refusal(ClosePosterSite(site: id), by: world.keeper)?.slug == "site-hanging")
            try await world.done(MaterialWorld.condition(3, id, "removed"), by: activist)
            try await world.done(MaterialWorld.condition(4, id, "damaged", day: today.advanced(by: -1)), by: activist)
            #expect(try await site().condition == .removed)
            #expect(try await !site().isOverdue(on: today))
            for (n, word, day) in [(UInt64(5), "empty", today), (6, "in_place", today.advanced(by: 2))] {
                #expect(try await world.submit(MaterialWorld.condition(n, id, word, day: day), by: activist).status == .refused)
            }
            let outsider = try await world.engine.actor(8, over: "D12", rights: [.useMaterials])
            #expect(try await world.submit(MaterialWorld.condition(7, id, "missing"), by: outsider).problem?.slug == "not-found")
            try await world.run(ClosePosterSite(site: id), by: world.keeper)
            #expect(try await world.submit(MaterialWorld.condition(8, id, "missing"), by: activist).problem?.slug == "site-closed")
        }
    }

    @Test("campaigning posters put up on a quiet day are flagged, as found; those that hang may stay", arguments: Dialect.allCases)
    func quietSites(_ dialect: Dialect) async throws {
        try await MaterialWorld.run(dialect) { world in
            let today = MaterialWorld.today
            try await world.vote(on: today)
            let id = try await world.run(
                AddPosterSite(campaign: "test", unit: "D11", form: MaterialWorld.site()), by: world.keeper)
            try await world.done(MaterialWorld.condition(1, id, "in_place", day: today.advanced(by: -5)))
            let still = try await world.submit(MaterialWorld.condition(2, id, "in_place"))
            #expect(still.receipt.contains("\"flags\":[]"))
            try await world.done(MaterialWorld.condition(3, id, "missing"))
            let anew = try await world.submit(MaterialWorld.condition(4, id, "in_place"))
            #expect(anew.status == .accepted && anew.receipt.contains("\"flags\":[\"quiet-period\"]"))
        }
    }

    @Test("a phone pulls its units' stock, what comes to them, and their sites, with a fixed number of statements", arguments: Dialect.allCases)
    func pull(_ dialect: Dialect) async throws {
        try await MaterialWorld.run(dialect) { world in
            let today = MaterialWorld.today
            let activist = try await world.engine.actor(7, over: "D11", rights: [.useMaterials])
            func part() async throws -> (json: Json, statements: Int) {
                try await world.database.read { db in
                    let before = db.statements
                    let members = try MaterialsField.part(for: activist, on: today, in: db)
                    return (.object(members), db.statements - before)
                }
            }
            let cost = try await part().statements
            try await world.done(world.receive(1, "R1", 500))
            try await world.done(world.move(2, "R1", to: "D11", 100))
            try await world.done(world.receive(3, "P111", 7))
            try await world.done(world.receive(4, "P211", 7))
            try await world.done(world.handOut(5, "D11", 3))
            let site = try await world.run(
                AddPosterSite(campaign: "test", unit: "P112", form: MaterialWorld.site(down: today.advanced(by: 9))), by: world.keeper)
            _ = try await world.run(AddPosterSite(campaign: "test", unit: "P211", form: MaterialWorld.site()), by: world.keeper)
            _ = try await world.run(DrawUpMaterial(campaign: "test", unit: "KZ", form: MaterialWorld.form()), by: world.keeper)
            let (json, statements) = try await part()
            #expect(statements == cost)
            let told = String(decoding: json.canonical(), as: UTF8.self)
            let names = #"{"en":"Leaflet","kk":"Парақша","ru":"Листовка"}"#
            let titles = try await world.database.read { db in
                let tree = try Tree.current(in: db)
                return tree.find("R1")!.titles
            }
            let sender = #"{"en":"\#(titles.en)","kk":"\#(titles.kk)","ru":"\#(titles.ru)"}"#
            func line(_ unit: String, _ material: MaterialID, _ kind: String, _ class: String, _ hand: Int, _ count: Bool) -> String {
                #"{"class":"\#(`class`)","count_needed":\#(count),"kind":"\#(kind)","languages":["kk","ru"],"material":"\#(material)","names":\#(names),"on_hand":\#(hand),"on_the_way":0,"unit":"\#(unit)"}"#
            }
            #expect(told == """
                {"materials":{"incoming":[{"from":"R1","from_names":\(sender),"material":"\(world.leaflet)","move":"\(Ops.id(2))","names":\(names),\
                "quantity":100,"sent":\(MaterialWorld.now.milliseconds),"to":"D11"}],\
                "sites":[{"address":"Абай көшесі, 5","capacity":4,"class":"campaigning","condition":"empty","id":"\(site)",\
                "take_down":"\(today.advanced(by: 9))","unit":"P112"}],\
                "stock":[\(line("D11", world.leaflet, "leaflet", "information", 0, true)),\
                \(line("D11", world.poster, "poster", "campaigning", 0, false)),\
                \(line("P111", world.leaflet, "leaflet", "information", 7, false))]}}
                """)
            let observer = try await world.engine.actor(8, over: "D11", rights: [.viewFigures])
            let none = try await world.database.read { db in try MaterialsField.part(for: observer, on: today, in: db) }
            #expect(none.isEmpty)
        }
    }
}
