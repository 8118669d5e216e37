import class Foundation.ProcessInfo
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Random work on events against the table of states and what must hold of every roster.
@Suite("Event properties")
struct EventPropertyTests {
    static let seeds: [UInt64] = Array(1...(ProcessInfo.processInfo.environment["JARSHY_SEEDS"].flatMap { UInt64($0) } ?? 6))

    @Test("states follow their table, rosters hold, the public was told all of it", arguments: Dialect.allCases, seeds)
    func holds(_ dialect: Dialect, _ seed: UInt64) async throws {
        try await EventWorld.run(dialect) { world in
            try await world.vote()
            try await world.office(world.speaker, from: 14, to: 18)
            var random = Seeded(seed)
            var events: [EventID] = []
            var members: [MemberID] = []
            var model: [EventID: Event.State] = [:]
            for step in 0..<70 {
                let mark = "seed \(seed) step \(step)"
                let roll = Int.random(in: 0..<14, using: &random)
                if events.count < 4 || roll == 0 {
                    var input = EventWorld.input(Int.random(in: 10...27, using: &random), hour: Int.random(in: 9...17, using: &random))
                    input.minutes = Int64([30, 60, 90, 180].randomElement(using: &random)!)
                    input.isCampaigning = Bool.random(using: &random)
                    let id = try await world.draft(input)
                    events.append(id)
                    model[id] = .draft
                    continue
                }
                let id = events.randomElement(using: &random)!
                let before = model[id]!
                func attempt<Deed: Action>(_ deed: Deed, _ step: Event.Step?) async throws {
                    let slug = try await world.refusal(deed, by: world.secretary)
                    guard let step else { return }
                    let next = Event.state(after: step, from: before)
                    if slug == nil {
                        // A move to the same time is no move.
                        let now = try await world.find(id).state
                        #expect(now == next || (step == .move && now == before), "\(mark): \(step) from \(before) gave \(now)")
                        model[id] = now
                    } else {
                        if slug == "event-state" { #expect(next == nil, "\(mark): \(step) from \(before)") }
                        #expect(try await world.find(id).state == before, "\(mark): refused and changed")
                    }
                }
                switch roll {
                case 1, 2: try await attempt(AnnounceEvent(event: id), .announce)
                case 3, 4:
                    let day = EngineWorld.firstDay.advanced(by: Int.random(in: 10...27, using: &random))
                    try await attempt(
                        MoveEvent(event: id, day: day, minute: 60 * Int.random(in: 9...17, using: &random), minutes: 60, reason: ""), .move)
                case 5: try await attempt(CancelEvent(event: id, reason: "Себеп"), .cancel)
                case 6: try await attempt(HoldEvent(event: id), .hold)
                case 7, 8, 9:
                    let person = [world.speaker, world.foreign, world.secretary].randomElement(using: &random)!
                    let role = RosterMember.Role.allCases.randomElement(using: &random)!
                    if let made = try? await world.run(InviteMember(event: id, person: person, role: role), by: world.secretary) {
                        members.append(made)
                    }
                case 10:
                    // What is said of it changes: who may know of it, its class.
                    let old = try await world.find(id)
                    var input = EventWorld.input()
                    (input.isPublic, input.isCampaigning) = (Bool.random(using: &random), Bool.random(using: &random) && old.isCampaigning)
                    try await attempt(EditEvent(event: id, input: input), nil)
                case 11:
                    _ = try await world.refusal(ConfirmClass(event: id), by: world.reviewer)
                case 12:
                    guard let member = members.randomElement(using: &random) else { continue }
                    if Bool.random(using: &random) {
                        _ = try await world.refusal(AllowMember(member: member, allowed: Bool.random(using: &random)), by: world.neighbour)
                    } else {
                        _ = try await world.refusal(AnswerInvitation(member: member, comes: Bool.random(using: &random)), by: world.secretary)
                    }
                default:
                    if let member = members.randomElement(using: &random), Bool.random(using: &random) {
                        _ = try await world.refusal(WithdrawMember(member: member), by: world.secretary)
                    }
                    world.site.clock.advance(seconds: Int64.random(in: 0...40_000, using: &random))
                }
            }
            let faults = try await world.faults()
            #expect(faults.isEmpty, "seed \(seed): \(faults)")
            // Nothing campaigning was told for a quiet day.
            let bad = try await world.database.read { db in
                let campaign = try Campaigns.current(in: db).find("test")!
                return try db.all(Event.self, where: "FROM event e WHERE e.class = 'campaigning' AND e.announced_at IS NOT NULL")
                    .filter { campaign.isQuiet(on: $0.day) && $0.state != .cancelled }.map(\.id)
            }
            #expect(bad.isEmpty, "seed \(seed): \(bad)")
        }
    }

    /// What the random work must never leave behind, planted past the deeds.
    enum Planted: String, CaseIterable {
        case twoPlaces = "is in two places", holds, sequence, time = "told another time", office = "public office campaigns",
            word = "told unconfirmed"
    }

    @Test("the check of rosters and notices finds each planted fault", arguments: Dialect.allCases, Planted.allCases)
    func planted(_ dialect: Dialect, _ fault: Planted) async throws {
        try await EventWorld.run(dialect) { world in
            let (first, second) = (try await world.announced(), try await world.announced(EventWorld.input(12, hour: 16)))
            _ = try await world.run(InviteMember(event: first, person: world.speaker, role: .speaker), by: world.secretary)
            #expect(try await world.faults().isEmpty)
            if fault == .office || fault == .word { try await world.office(world.speaker) }
            let (speaker, secretary, now) = (world.speaker, world.secretary, world.now)
            try await world.database.write { db in
                switch fault {
                case .twoPlaces:
                    try db.run(
                        """
                        INSERT INTO event_member (id, event, person, role, state, asked_by, asked_at)
                        VALUES (\(MemberID.make(at: now)), \(second), \(speaker), 'speaker', 'invited', \(secretary), \(now))
                        """)
                case .holds: try db.run("DELETE FROM event_hold WHERE event = \(first)")
                case .sequence: try db.run("UPDATE event SET sequence = sequence + 1 WHERE id = \(first)")
                case .time: try db.run("UPDATE event SET start_at = start_at - 3600000 WHERE id = \(first)")
                case .word: break
                case .office: try db.run("UPDATE event SET class = 'campaigning' WHERE id = \(first)")
                }
            }
            let found = try await world.faults()
            #expect(found.contains { $0.contains(fault.rawValue) }, "\(found)")
        }
    }

    @Test("the table of states: nothing leaves what is over, everything else can be called off")
    func table() {
        for step in Event.Step.allCases {
            #expect(Event.state(after: step, from: .held) == nil && Event.state(after: step, from: .cancelled) == nil)
        }
        for state in Event.State.allCases where state != .held && state != .cancelled {
            #expect(Event.state(after: .cancel, from: state) == .cancelled && Event.state(after: .hold, from: state) == .held)
        }
    }
}
