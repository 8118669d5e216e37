import Foundation
import JarshyKit
import Storage
import TestSupport

@testable import Jarshy

/// `TestSite` with a leaflet of the class information and a poster of the class campaigning, both approved for region R1, and two
/// who work with them: upper in R1, walker in D11.
struct PosterWorld: Sendable {
    let site: TestSite
    let upper: PersonID
    let walker: PersonID
    let leaflet: MaterialID
    let poster: MaterialID

    var today: Day { Zone.kazakhstan.day(at: site.clock.now) }

    static func run(_ dialect: Dialect, _ body: @escaping @Sendable (PosterWorld) async throws -> Void) async throws {
        try await TestSite.run(dialect) { site in
            let upper = try await site.person("upper", role: "coordinator", unit: "R1")
            let walker = try await site.person("walker", role: "activist", unit: "D11")
            let made = try await site.database.write { [now = site.clock.now] db in
                try [MaterialWorld.form(), MaterialWorld.form(.poster, .campaigning)].map { form in
                    let id = try DrawUpMaterial(campaign: "test", unit: "R1", form: form).perform(by: .operator, at: now, in: db)
                    try ApproveMaterial(material: id).perform(by: PosterWorld.second, at: now, in: db)
                    return id
                }
            }
            defer { try? FileManager.default.removeItem(at: site.app.evidence.folder) }
            try await body(PosterWorld(site: site, upper: upper, walker: walker, leaflet: made[0], poster: made[1]))
        }
    }

    /// Approves what the operator drew up.
    static let second = Actor(
        kind: .operator, person: PersonID(high: 0, low: 99), name: "second", language: .en, grants: [], organizations: [])

    /// Figures of a unit's heap of leaflets.
    func stock(_ unit: String) async throws -> [Int64] {
        let (no, leaflet) = (try await site.unit(unit), leaflet)
        return try await site.database.read { db in try MaterialRows.stock(of: no, in: db)[leaflet]?.figures ?? [] }
    }

    /// Materials, copies, moves and sites, `count` of each.
    func fill(_ count: Int) async throws {
        let (now, walker) = (site.clock.now, try await site.actor(walker))
        let upper = try await site.actor(upper)
        for n in 1...count {
            let id = try await site.database.write { db in
                let id = try DrawUpMaterial(campaign: "test", unit: "R1", form: MaterialWorld.form(name: "Парақша \(n)"))
                    .perform(by: .operator, at: now, in: db)
                try ApproveMaterial(material: id).perform(by: Self.second, at: now, in: db)
                _ = try AddPosterSite(campaign: "test", unit: "D11", form: MaterialWorld.site(address: "Абай, \(count) \(n)"))
                    .perform(by: .operator, at: now, in: db)
                return id
            }
            for material in [id, leaflet] {
                try await done("receive", "R1", material, [.init("quantity", .integer(10)), .init("from", .text("x"))], by: upper)
                try await done("move", "R1", material, [.init("quantity", .integer(1)), .init("to", .text("D11"))], by: upper)
                try await done("receive", "D11", material, [.init("quantity", .integer(10)), .init("from", .text("x"))], by: walker)
            }
        }
    }

    private func done(_ kind: String, _ unit: String, _ material: MaterialID, _ more: [Json.Member], by actor: Actor) async throws {
        let members: [Json.Member] = [
            .init("op", .text(OperationID.make(at: site.clock.now).description)), .init("kind", .text("material.\(kind)")),
            .init("campaign", .text("test")), .init("unit", .text(unit)), .init("material", .text(material.description)),
        ]
        let outcome = try await site.app.intake.submit([Ops.op(members + more, door: .form)], by: actor, at: site.clock.now)[0]
        guard outcome.status == .accepted else { throw StorageError.other(outcome.receipt) }
    }
}
