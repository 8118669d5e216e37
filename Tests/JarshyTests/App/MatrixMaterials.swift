import JarshyKit
import Storage

@testable import Jarshy

extension MatrixDeed {
    static let materials: [MatrixDeed] = [
        MatrixDeed("DrawUpMaterial") { _, _, place in
            DrawUpMaterial(campaign: "test", unit: place.primary, form: MaterialWorld.form())
        },
        MatrixDeed("RewriteMaterial") { world, _, place in
            RewriteMaterial(material: try await world.draft(place), form: MaterialWorld.form(name: "Басқа"))
        },
        MatrixDeed("ApproveMaterial") { world, _, place in ApproveMaterial(material: try await world.draft(place)) },
        MatrixDeed("WithdrawMaterial") { world, _, place in
            WithdrawMaterial(material: try await world.material(place), reason: "x")
        },
        MatrixDeed("KeepMaterialFile") { world, _, place in
            KeepMaterialFile(
                material: try await world.draft(place), sha256: Array(repeating: 7, count: 32), kind: .pdf, name: "a.pdf", bytes: 9)
        },
        MatrixDeed("DropMaterialFile") { world, _, place in
            let draft = try await world.draft(place)
            try await world.site.database.run(
                KeepMaterialFile(material: draft, sha256: Array(repeating: 7, count: 32), kind: .pdf, name: "a.pdf", bytes: 9),
                by: .operator, at: world.now)
            let file = try await world.site.database.read { db in try MaterialRows.files(of: draft, in: db)[0].id }
            return DropMaterialFile(material: draft, file: file)
        },
        MatrixDeed("AddPosterSite") { _, _, place in
            AddPosterSite(campaign: "test", unit: place.primary, form: MaterialWorld.site())
        },
        MatrixDeed("EditPosterSite") { world, _, place in
            EditPosterSite(site: try await world.posterSite(place), form: MaterialWorld.site(.information))
        },
        MatrixDeed("ClosePosterSite") { world, _, place in ClosePosterSite(site: try await world.posterSite(place)) },
        deed("ReceiveMaterial", "receive", [.init("from", .text("Print House"))]),
        deed("MoveMaterial", "move", [.init("to", .text("KZ"))]),
        deed("WriteOffMaterial", "write_off", [.init("reason", .text("lost"))]),
        MatrixDeed(
            "HandOutMaterial",
            operation: { world, place in
                try await world.deed("hand_out", place, [.init("quantity", .integer(1)), .init("day", .text("\(world.today)"))])
            }),
        MatrixDeed(
            "CountMaterial",
            operation: { world, place in try await world.deed("count", place, [.init("counted", .integer(0))]) }),
        MatrixDeed(
            "AcceptMove",
            operation: { world, place in
                let (material, sent) = (try await world.material(place, unit: "KZ"), world.number())
                try await world.done([
                    MaterialWorld.op(
                        world.number(), "material.receive",
                        [
                            .init("unit", .text("KZ")), .init("material", .text(material.description)),
                            .init("quantity", .integer(1)), .init("from", .text("x")),
                        ]),
                    MaterialWorld.op(
                        sent, "material.move",
                        [
                            .init("unit", .text("KZ")), .init("material", .text(material.description)),
                            .init("quantity", .integer(1)), .init("to", .text(place.primary)),
                        ]),
                ])
                return MaterialWorld.accept(world.number(), place.primary, sent, arrived: 1)
            }),
        MatrixDeed(
            "NoteSiteCondition",
            operation: { world, place in
                MaterialWorld.condition(world.number(), try await world.posterSite(place), "damaged", day: world.today)
            }),
    ]

    private static func deed(_ action: String, _ kind: String, _ more: [Json.Member]) -> MatrixDeed {
        MatrixDeed(
            action, operation: { world, place in try await world.deed(kind, place, [.init("quantity", .integer(1))] + more) })
    }
}

extension MatrixWorld {
    /// A draft that somebody else drew up for the place.
    func draft(_ place: MatrixDeed.Place, unit: String? = nil) async throws -> MaterialID {
        try await site.database.run(
            DrawUpMaterial(campaign: "test", unit: unit ?? place.primary, form: MaterialWorld.form()), by: .operator, at: now)
    }

    /// An approved one.
    func material(_ place: MatrixDeed.Place, unit: String? = nil) async throws -> MaterialID {
        let id = try await draft(place, unit: unit)
        let second = Actor(
            kind: .operator, person: PersonID(high: 0, low: 99), name: "second", language: .en, grants: [], organizations: [])
        try await site.database.run(ApproveMaterial(material: id), by: second, at: now)
        return id
    }

    func posterSite(_ place: MatrixDeed.Place) async throws -> PosterSiteID {
        try await site.database.run(
            AddPosterSite(campaign: "test", unit: place.primary, form: MaterialWorld.site()), by: .operator, at: now)
    }

    /// A deed on a material of the place's primary organisation.
    func deed(_ kind: String, _ place: MatrixDeed.Place, _ more: [Json.Member]) async throws -> Operation {
        let material = try await material(place, unit: "KZ")
        return MaterialWorld.op(
            number(), "material.\(kind)",
            [.init("unit", .text(place.primary)), .init("material", .text(material.description))] + more)
    }

    /// Operations that must stand.
    func done(_ operations: [Operation]) async throws {
        for outcome in try await site.app.intake.submit(operations, by: .operator, at: now) where outcome.status != .accepted {
            throw StorageError.other("the matrix's own deed was not taken: \(outcome.receipt)")
        }
    }
}
