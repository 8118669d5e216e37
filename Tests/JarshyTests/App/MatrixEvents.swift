import JarshyKit
import Storage

@testable import Jarshy

extension MatrixDeed {
    static let events: [MatrixDeed] = [
        MatrixDeed("DraftEvent") { _, _, place in DraftEvent(input: MatrixWorld.input(place)) },
        MatrixDeed("EditEvent", event: { world, id, place in EditEvent(event: id, input: MatrixWorld.input(place)) }),
        MatrixDeed("AnnounceEvent", event: { _, id, _ in AnnounceEvent(event: id) }),
        MatrixDeed("MoveEvent", event: { world, id, _ in
            MoveEvent(event: id, day: world.today.advanced(by: 4), minute: 600, minutes: 60, reason: "")
        }),
        MatrixDeed("CancelEvent", event: { _, id, _ in CancelEvent(event: id, reason: "Боран") }),
        MatrixDeed("HoldEvent") { world, _, place in HoldEvent(event: try await world.event(place, days: -1)) },
        MatrixDeed("ConfirmClass", event: { _, id, _ in ConfirmClass(event: id) }, organization: 2),
        MatrixDeed("InviteMember", event: { world, id, place in
            InviteMember(event: id, person: world.subjects[place.primary]!, role: .helper)
        }),
        MatrixDeed("AnswerInvitation") { world, _, place in
            AnswerInvitation(member: try await world.member(place, asked: false), comes: true)
        },
        MatrixDeed("WithdrawMember") { world, _, place in
            WithdrawMember(member: try await world.member(place, asked: false))
        },
        MatrixDeed("AllowMember") { world, _, place in
            AllowMember(member: try await world.member(place, asked: true), allowed: false)
        },
        MatrixDeed("SetMaterials", event: { _, id, _ in
            SetMaterials(event: id, lines: [.init(name: "Парақша", brought: 5, handed: nil)])
        }),
        MatrixDeed(
            "ReportEvent",
            operation: { world, place in
                let id = try await world.event(place, days: -1)
                let event = try await world.site.database.read { db in
                    try db.first(Event.self, where: "FROM event e WHERE e.id = \(id)")!
                }
                return EventWorld.report(world.number(), event, unit: place.primary)
            }),
        MatrixDeed("TieReport") { world, _, place in
            let n = world.number()
            let id = try await world.event(place, days: 0)
            let outcome = try await world.site.app.intake.submit(
                [Ops.file(n, place.primary, day: world.today)], by: try await world.engine.actor(903), at: world.now)[0]
            return TieReport(event: id, report: outcome.report ?? ReportID(high: 0, low: 0), part: .hall)
        },
        MatrixDeed("MakeCalendar") { _, _, place in MakeCalendar(unit: place.primary) },
        MatrixDeed("EndCalendar") { world, actor, _ in
            try await world.rehearse { db in
                _ = try MakeCalendar(unit: "").perform(by: actor, at: world.now, in: db)
                let calendar = try CalendarToken.of(actor.person, in: db)[0].id
                try EndCalendar(calendar: calendar).perform(by: actor, at: world.now, in: db)
            }
        },
    ]

    /// A deed on an event to come that somebody else drew up.
    private init<Deed: Action>(
        _ action: String, event deed: @escaping @Sendable (MatrixWorld, EventID, Place) async throws -> Deed, organization: Int64? = nil
    ) {
        self.init(action) { world, actor, place in
            let deed = try await deed(world, try await world.event(place, days: 3), place)
            let actor = organization.map {
                Actor(
                    kind: actor.kind, person: actor.person, name: actor.name, language: actor.language, grants: actor.grants,
                    organizations: [OrganizationNo($0)])
            } ?? actor
            try await world.rehearse { db in _ = try deed.perform(by: actor, at: world.now, in: db) }
        }
    }
}

extension MatrixWorld {
    static func input(_ place: MatrixDeed.Place, days: Int = 3) -> EventInput {
        var input = EventInput(
            campaign: "test", unit: place.primary, kind: .meeting, day: EngineWorld.firstDay.advanced(by: 10 + days), minute: 600)
        (input.organization, input.territory) = ("north", place.district)
        // Only those with a role there know of it.
        input.isPublic = false
        return input
    }

    /// An event of the place's primary organisation, so many days from today at ten.
    func event(_ place: MatrixDeed.Place, days: Int) async throws -> EventID {
        try await site.database.run(DraftEvent(input: Self.input(place, days: days)), by: try await engine.actor(905), at: now)[0]
    }

    /// Somebody of the place on its roster; or asked through the place for an event elsewhere.
    func member(_ place: MatrixDeed.Place, asked: Bool) async throws -> MemberID {
        let id = try await event(place, days: 3)
        let person = try await site.person("member-\(number())", role: "observer", unit: place.primary)
        let (author, via, now) = (try await engine.actor(905).person, try await unitNo(place.primary), now)
        return try await site.database.write { db in
            let event = try db.first(Event.self, where: "FROM event e WHERE e.id = \(id)")!
            return try Roster.add(
                person, to: event, as: .speaker, state: asked ? .asked : .invited, via: asked ? via : nil, by: author, at: now, in: db)
        }
    }
}
