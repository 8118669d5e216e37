import JarshyKit
import Storage
import Synchronization

@testable import Jarshy

/// A deed of the permission matrix: how somebody would try it in a unit. To add one, add a line to `MatrixDeed.all`.
struct MatrixDeed: Sendable {
    /// The action's type, as declared in the sources.
    let action: String
    /// Where the deed aims: codes of a district-level unit and of a primary organisation in it.
    struct Place: Sendable {
        let district: String
        let primary: String
        static let inside = Place(district: "D11", primary: "P111")
        static let outside = Place(district: "D21", primary: "P211")
    }

    /// Throws the `Problem` that refuses it. Leaves nothing behind, or only reports of its own.
    let attempt: @Sendable (MatrixWorld, Actor, Place) async throws -> Void

    init(_ action: String, _ attempt: @escaping @Sendable (MatrixWorld, Actor, Place) async throws -> Void) {
        self.action = action
        self.attempt = attempt
    }

    /// A deed of one ordinary transaction, which is rolled back.
    init<Deed: Action>(
        _ action: String, _ deed: @escaping @Sendable (MatrixWorld, Actor, Place) async throws -> Deed
    ) {
        self.init(action) { world, actor, place in
            let deed = try await deed(world, actor, place)
            try await world.rehearse { db in _ = try deed.perform(by: actor, at: world.now, in: db) }
        }
    }

    /// A change of the tree, rolled back.
    init<Deed: StructureAction>(_ action: String, structure deed: @escaping @Sendable (Place) -> Deed) {
        self.init(action) { world, actor, place in
            do {
                _ = try await world.engine.intake.change(Rehearsal(deed: deed(place)), by: actor, at: world.now)
            } catch is Rehearsed {}
        }
    }

    /// An operation of the ledger, on a report that others filed.
    init(_ action: String, operation: @escaping @Sendable (MatrixWorld, Place) async throws -> Operation) {
        self.init(action) { world, actor, place in
            let operation = try await operation(world, place)
            let outcome = try await world.site.app.intake.submit([operation], by: actor, at: world.now)[0]
            if outcome.status == .refused { throw outcome.problem ?? Problem.forbidden("refused") }
        }
    }
}

struct Rehearsed: Error {}

/// Does a change of the tree and takes it back.
struct Rehearsal<Deed: StructureAction>: StructureAction {
    let deed: Deed

    func perform(by actor: Actor, on books: Books) throws -> Bool {
        _ = try deed.perform(by: actor, on: books)
        throw Rehearsed()
    }
}

/// The people, reports and numbers the deeds of the matrix need.
struct MatrixWorld: Sendable {
    let site: TestSite
    var engine: EngineWorld { site.world }
    var now: Instant { site.clock.now }
    var today: Day { Zone.kazakhstan.day(at: now) }
    /// Somebody with a role in each place whom others may act on, by the place's primary organisation.
    let subjects: [String: PersonID]
    private let author: Actor
    private let second: Actor
    private let counter = Counter()

    final class Counter: Sendable {
        private let last = Mutex<UInt64>(100)
        func next() -> UInt64 {
            last.withLock {
                $0 += 1
                return $0
            }
        }
    }

    init(_ site: TestSite) async throws {
        self.site = site
        var subjects: [String: PersonID] = [:]
        for code in ["P111", "P211"] {
            let person = try await site.person("subject-\(code.lowercased())", role: "observer", unit: code)
            _ = try await site.database.run(
                AddAffiliation(person: person, organization: OrganizationNo(1), post: "x"), by: .operator,
                at: site.clock.now)
            subjects[code] = person
        }
        self.subjects = subjects
        // Nothing leaves without somebody behind it.
        for organization in ["north", "south"] {
            try await site.database.run(QuestionWorld.imprint(organization), by: .operator, at: site.clock.now)
        }
        try await site.database.run(
            SetDesk(campaign: "test", organization: "north", answerDays: 3, contactDays: 90), by: .operator, at: site.clock.now)
        author = try await site.world.actor(900)
        second = try await site.world.actor(901)
    }

    func rehearse(_ work: @escaping @Sendable (any Writing) throws -> Void) async throws {
        do {
            try await site.database.write { db in
                try work(db)
                throw Rehearsed()
            }
        } catch is Rehearsed {}
    }

    func number() -> UInt64 { counter.next() }

    /// A report filed by somebody else.
    func report(_ place: MatrixDeed.Place) async throws -> UInt64 {
        let n = number()
        try await submit(Ops.file(n, place.primary, day: today), by: author)
        return n
    }

    /// A report with a correction that competes: revision 3.
    func disputed(_ place: MatrixDeed.Place) async throws -> UInt64 {
        let n = try await report(place)
        try await submit(Ops.correct(number(), n, base: 1, attendees: 21), by: author)
        try await submit(Ops.correct(number(), n, base: 1, attendees: 22), by: second)
        return n
    }

    private func submit(_ operation: Operation, by actor: Actor) async throws {
        let outcome = try await engine.intake.submit([operation], by: actor, at: now)[0]
        guard outcome.status == .accepted else {
            throw StorageError.other("the matrix's own report was not taken: \(outcome.receipt)")
        }
    }

    func grant(of person: PersonID) async throws -> ID<GrantMark> {
        try await site.database.read { db in try PersonRows.roles(of: [person], in: db)[0].id }
    }

    func post(of person: PersonID) async throws -> ID<AffiliationMark> {
        try await site.database.read { db in try PersonRows.affiliations(of: [person], in: db)[0].id }
    }

    func unitID(_ code: String) async throws -> UnitID { try await engine.tree().find(code)!.id }
    func unitNo(_ code: String) async throws -> UnitNo { try await engine.tree().find(code)!.no }
}

extension MatrixDeed {
    /// Every action of the product. `PermissionMatrixTests` holds this list against the sources.
    static let all: [MatrixDeed] = people + own + operators + structure + campaigns + reports + board + questions
        + proposals + evidence + canvass + mail + events + speakers + facts + materials + publications

    private static func subject(_ world: MatrixWorld, _ place: Place) -> PersonID { world.subjects[place.primary]! }

    private static let people: [MatrixDeed] = [
        MatrixDeed("AddPerson") { world, _, place in
            AddPerson(
                person: NewPerson(name: "Жаңа Адам", login: "fresh", language: .kk), role: "observer",
                unit: try await world.unitNo(place.primary), organization: nil)
        },
        MatrixDeed("GrantRole") { world, _, place in
            GrantRole(
                person: subject(world, place), role: "speaker", unit: try await world.unitNo(place.primary),
                organization: nil,
                from: world.today, to: nil)
        },
        MatrixDeed("RevokeRole") { world, _, place in
            RevokeRole(person: subject(world, place), grant: try await world.grant(of: subject(world, place)))
        },
        MatrixDeed("AddAffiliation") { world, _, place in
            AddAffiliation(person: subject(world, place), organization: OrganizationNo(2), post: "y")
        },
        MatrixDeed("EndAffiliation") { world, _, place in
            EndAffiliation(person: subject(world, place), affiliation: try await world.post(of: subject(world, place)))
        },
        MatrixDeed("EditPerson") { world, _, place in
            EditPerson(person: subject(world, place), name: "Жаңа Есім", language: .ru)
        },
        MatrixDeed("ResetPassword") { world, _, place in ResetPassword(person: subject(world, place)) },
        MatrixDeed("DisableAccount") { world, _, place in DisableAccount(person: subject(world, place)) },
        MatrixDeed("EndDevice") { world, actor, place in
            let owner = Actor(
                kind: .person, person: subject(world, place), name: "", language: .kk, grants: [], organizations: [])
            try await world.rehearse { db in
                let added = try AddDevice(name: "phone", publicKey: [4]).perform(by: owner, at: world.now, in: db)
                try EndDevice(device: added.device).perform(by: actor, at: world.now, in: db)
            }
        },
        MatrixDeed("ImportPeople") { world, actor, place in
            let sheet = try PeopleSheet(Array("name,login,role,unit\nЖаңа Адам,fresh,observer,\(place.primary)\n".utf8))
            try await world.rehearse { db in
                let done = try ImportPeople(sheet: sheet).perform(by: actor, at: world.now, in: db)
                // A row that may not be done stays out of an import; for the matrix that is a refusal.
                if done.invitations.isEmpty { throw Problem.forbidden("row") }
            }
        },
        MatrixDeed("SetRoleRights") { _, _, _ in SetRoleRights(role: "speaker", rights: [.viewFigures, .viewReports]) },
    ]

    /// Deeds on one's own account, which take no right but to be that person.
    private static let own: [MatrixDeed] = [
        MatrixDeed("EndSession") { _, _, _ in EndSession(which: .allBut(nil)) },
        MatrixDeed("ChangePassword") { world, actor, _ in
            let present = try await world.site.database.read { db in
                try SignInAccount.find(actor.person, in: db)?.password
            }
            return ChangePassword(present: present ?? "", fresh: "x", keeping: nil)
        },
        MatrixDeed("CreateToken") { world, _, _ in CreateToken(name: "t", scope: .full, until: world.today) },
        MatrixDeed("AddDevice") { _, _, _ in AddDevice(name: "phone", publicKey: [4]) },
        MatrixDeed("RevokeToken") { world, actor, _ in
            try await world.rehearse { db in
                _ = try CreateToken(name: "t", scope: .full, until: world.today).perform(
                    by: actor, at: world.now, in: db)
                let token = try TokenRows.all(of: actor.person, in: db)[0].id
                try RevokeToken(token: token).perform(by: actor, at: world.now, in: db)
            }
        },
        MatrixDeed("AcceptInvitation") { world, actor, _ in
            try await world.rehearse { db in
                let invitation = try Invitation.make(for: actor.person, login: "", by: .operator, at: world.now, in: db)
                _ = try AcceptInvitation(code: invitation.code, password: "x", agent: "")
                    .perform(by: actor, at: world.now, in: db)
            }
        },
    ]

    /// Deeds of whoever sits at the command line; no role has them.
    private static let operators: [MatrixDeed] = [
        MatrixDeed("SeedRoles") { _, _, _ in SeedRoles() },
        MatrixDeed("SetUpFirst") { _, _, _ in
            SetUpFirst(person: NewPerson(name: "x", login: "xx", language: .kk), password: "x", agent: "")
        },
        MatrixDeed("IssueToken") { _, _, place in IssueToken(login: "subject-\(place.primary.lowercased())", days: 1) },
    ]

    private static let structure: [MatrixDeed] = [
        MatrixDeed("OpenUnit") { world, _, place in
            OpenUnit(
                parent: place.district, kind: "primary", code: "PNEW", words: UnitWords(kk: "Жаңа", ru: "Новая"),
                opens: world.today)
        },
        MatrixDeed("EditUnit") { world, _, place in
            EditUnit(
                unit: try await world.unitID(place.primary), words: UnitWords(kk: "Басқа", ru: "Другая"),
                population: nil,
                capacity: nil)
        },
        MatrixDeed("ImportUnits") { _, _, place in
            ImportUnits(
                file: Array(
                    "code\tparent\tkind\tname_kk\tname_ru\nPNEW\t\(place.district)\tprimary\tЖаңа\tНовая\n".utf8))
        },
        MatrixDeed(
            "MoveUnit",
            structure: { place in
                MoveUnit(
                    unit: place.primary, parent: place.district == "D11" ? "P112" : "D22",
                    day: EngineWorld.firstDay.advanced(by: 10), note: "")
            }),
        MatrixDeed(
            "CloseUnit",
            structure: { place in
                CloseUnit(unit: place.primary, day: EngineWorld.firstDay.advanced(by: 10), note: "")
            }),
        MatrixDeed(
            "MergeUnit",
            structure: { place in
                MergeUnit(
                    unit: place.primary, into: place.district == "D11" ? "P112" : "P221",
                    day: EngineWorld.firstDay.advanced(by: 10), note: "")
            }),
        MatrixDeed(
            "SplitUnit",
            structure: { place in
                SplitUnit(
                    unit: place.primary,
                    parts: ["S1", "S2"].map {
                        SplitUnit.Part(code: $0, names: Trio(kk: $0, ru: $0, en: $0), children: [])
                    },
                    day: EngineWorld.firstDay.advanced(by: 10), note: "")
            }),
    ]

    private static let campaigns: [MatrixDeed] = [
        MatrixDeed("SaveCampaign") { _, _, _ in
            SaveCampaign(
                code: "test", names: Trio(kk: "Ж", ru: "Н", en: "N"), abouts: Trio(kk: "", ru: "", en: ""),
                days: CampaignDays(first: EngineWorld.firstDay, last: EngineWorld.firstDay.advanced(by: 61)))
        },
        MatrixDeed("ImportCampaign") { _, _, _ in ImportCampaign(files: try CampaignImportTests.files()) },
        MatrixDeed("AddOrganization") { _, _, _ in
            AddOrganization(code: "west", kind: "party", names: Trio(kk: "Б", ru: "З", en: "W"))
        },
    ]

    private static let reports: [MatrixDeed] = [
        MatrixDeed(
            "FileReport", operation: { world, place in Ops.file(world.number(), place.primary, day: world.today) }),
        MatrixDeed(
            "CorrectReport",
            operation: { world, place in
                Ops.correct(world.number(), try await world.report(place), base: 1, attendees: 30)
            }),
        MatrixDeed(
            "VoidReport",
            operation: { world, place in Ops.void(world.number(), try await world.report(place), base: 1) }),
        MatrixDeed(
            "SettleReport",
            operation: { world, place in
                Ops.settle(world.number(), try await world.disputed(place), rev: 3, take: true)
            }),
        MatrixDeed(
            "CheckReport",
            operation: { world, place in
                Ops.check(world.number(), try await world.report(place), base: 1, level: "district")
            }),
    ]

    private static let board: [MatrixDeed] = [
        MatrixDeed("FixSummary") { world, _, place in
            FixSummary(
                campaign: "test", units: [try await world.unitNo(place.district)],
                slot: SummarySlot(day: world.today.advanced(by: -1), minute: 12 * 60))
        },
        MatrixDeed("CiteFigure") { world, _, place in CiteFigure(unit: place.district, fields: Fields(), words: [:]) },
    ]

    /// The region's check is a right of its own, so it has a row of its own beside `CheckReport`.
    static let regionCheck = MatrixDeed(
        "CheckReport, region",
        operation: { world, place in
            Ops.check(world.number(), try await world.report(place), base: 1, level: "region")
        })
}
