import JarshyKit
import Storage

@testable import Jarshy

extension MatrixDeed {
    static let facts: [MatrixDeed] = [
        MatrixDeed("AddSource") { _, _, _ in AddSource(campaign: "test", text: FactWorld.text()) },
        MatrixDeed("ChangeSource") { world, _, _ in
            ChangeSource(source: try await world.source(), text: FactWorld.text("Басқа"), reason: "Өзгерді")
        },
        MatrixDeed("ConfirmSource", second: { ConfirmSource(source: $0, version: 1, itemClass: .information) }),
        MatrixDeed("KeepCopy") { world, _, _ in
            KeepCopy(source: try await world.source(), sha256: [UInt8](repeating: 1, count: 32), name: "a", bytes: 1)
        },
        MatrixDeed("NoteCopyCheck") { world, _, _ in
            let (source, sha256) = (try await world.source(), [UInt8](repeating: 1, count: 32))
            try await world.site.database.run(
                KeepCopy(source: source, sha256: sha256, name: "a", bytes: 1), by: .operator, at: world.now)
            return NoteCopyCheck(source: source, sha256: sha256, good: true)
        },
        MatrixDeed("AddFact") { world, _, _ in AddFact(source: try await world.source(), text: FactWorld.said("Дерек")) },
        MatrixDeed("ChangeFact") { world, _, _ in
            ChangeFact(fact: try await world.fact(confirmed: true), text: FactWorld.said("Дерек"), reason: "Өзгерді")
        },
        MatrixDeed("ConfirmFact") { world, actor, place in
            let fact = try await world.fact(confirmed: false)
            let deed = ConfirmFact(fact: fact, version: 1, itemClass: .information)
            try await world.asSecond(actor) { actor, db in try deed.perform(by: actor, at: world.now, in: db) }
        },
        MatrixDeed("RecheckFact") { world, _, _ in
            let fact = try await world.fact(confirmed: true)
            let source = try await world.site.database.read { db in try FactRows.fact(fact, in: db)!.source }
            try await world.site.database.run(
                ChangeSource(source: source, text: FactWorld.text("Басқа"), reason: "Өзгерді"), by: .operator, at: world.now)
            try await world.confirm(source, version: 2)
            return RecheckFact(fact: fact)
        },
        // Residents only: whoever has an account works for the organisers.
        MatrixDeed("PressEvent") { world, _, _ in
            PressEvent(event: EventID.make(at: world.now), helped: true, address: "\(world.number())")
        },
        MatrixDeed("RecheckAnswer") { world, _, place in
            let source = try await world.source()
            try await world.confirm(source, version: 1)
            let answer = try await world.answer(place, approved: true)
            try await world.site.database.write { db in
                _ = try db.run("UPDATE answer_source SET source = \(source), source_version = 1 WHERE answer = \(answer)")
            }
            try await world.site.database.run(
                ChangeSource(source: source, text: FactWorld.text("Басқа"), reason: "Өзгерді"), by: .operator, at: world.now)
            try await world.confirm(source, version: 2)
            return RecheckAnswer(answer: answer)
        },
    ]

    /// A deed of the second person: whoever tries it belongs to an organisation of their own.
    private init<Deed: Action>(_ action: String, second deed: @escaping @Sendable (SourceID) -> Deed) {
        self.init(action) { world, actor, _ in
            let deed = deed(try await world.source())
            try await world.asSecond(actor) { actor, db in _ = try deed.perform(by: actor, at: world.now, in: db) }
        }
    }
}

extension MatrixWorld {
    /// A source that nobody has confirmed; its author belongs to no organisation.
    func source() async throws -> SourceID {
        try await site.database.run(AddSource(campaign: "test", text: FactWorld.text()), by: .operator, at: now)
    }

    func fact(confirmed: Bool) async throws -> FactID {
        let source = try await source()
        try await confirm(source, version: 1)
        let fact = try await site.database.run(AddFact(source: source, text: FactWorld.said("Дерек")), by: .operator, at: now)
        if confirmed {
            try await site.database.write { db in
                _ = try db.run(
                    """
                    UPDATE fact_version SET confirmed_by = \(PersonID(high: 8, low: 8)), confirmed_organization = 2,
                        confirmed_at = 1 WHERE fact = \(fact)
                    """)
            }
        }
        return fact
    }

    /// A version confirmed by a stranger of another organisation.
    func confirm(_ source: SourceID, version: Int64) async throws {
        try await site.database.write { db in
            _ = try db.run(
                """
                UPDATE source_version SET confirmed_by = \(PersonID(high: 8, low: 8)), confirmed_organization = 2, confirmed_at = 1
                WHERE source = \(source) AND version = \(version)
                """)
        }
    }

    /// Somebody tries a deed as a member of an organisation; taken back with everything it wrote.
    func asSecond(_ actor: Actor, _ work: @escaping @Sendable (Actor, any Writing) throws -> Void) async throws {
        let (now, today) = (now, today)
        try await rehearse { db in
            try AddAffiliation.insert(actor.person, OrganizationNo(2), "x", from: today, by: .operator, at: now, in: db)
            guard let member = try Actors.load(actor.person, on: today, in: db) else { throw Problem.notFound("person") }
            try work(member, db)
        }
    }
}
