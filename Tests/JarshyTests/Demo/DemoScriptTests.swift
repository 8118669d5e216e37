import JarshyKit
import Testing

@testable import Jarshy

@Suite("The script of the demo")
struct DemoScriptTests {
    private static let noon = Zone.kazakhstan.instant(Day("2026-04-18")!, minute: 720)

    private static func script(_ scale: DemoScale, now: Instant = noon) throws -> (DemoTree, DemoScript) {
        let data = try DemoData(try Home())
        let tree = DemoTree(data, scale: scale)
        let plan = DemoCampaign.plan(data, today: Zone.kazakhstan.day(at: now))
        return (tree, DemoScript(data, tree: tree, campaign: plan, scale: scale, now: now))
    }

    /// Sums over the filings: reports, events, attendances and units that held an event, of units chosen by code.
    private func sums(_ script: DemoScript, _ of: (String) -> Bool) -> (
        reports: Int, events: Int64, people: Int64, units: Int
    ) {
        var (reports, events, people, units) = (0, Int64(0), Int64(0), Set<String>())
        for step in script.steps where step.body["kind"]?.text == "report.file" {
            guard let unit = step.body["unit"]?.text, of(unit), let metrics = step.body["metrics"] else { continue }
            reports += 1
            events += metrics["events"]?.integer ?? 0
            people += metrics["attendees"]?.integer ?? 0
            if metrics["events"]?.integer ?? 0 > 0 { units.insert(unit) }
        }
        return (reports, events, people, units.count)
    }

    @Test("country: 3,500 primary organisations, 3,000 of which hold 12,000 meetings with 420,000 attendances")
    func country() throws {
        let (tree, script) = try Self.script(.country)
        #expect(tree.primaries.count == 3500)
        #expect(tree.regions.count == 20 && tree.districts.count == 228)
        #expect(Set(tree.units.map(\.code)).count == tree.units.count)
        let primaries = sums(script) { $0.contains("-P") }
        #expect(primaries.units == 3000)
        // Two villages where more than half the people came stand beside the planned ones.
        #expect(primaries.events == 12_002)
        #expect((420_000...421_500).contains(primaries.people))
        let group = sums(script) { $0.hasPrefix("\(DemoTree.groupCity)-G") }
        #expect(group.reports == 175 && group.events == 175)
        #expect((10_000...10_500).contains(group.people))
    }

    @Test("the same moment gives the same script; another day moves days, not sums")
    func deterministic() throws {
        let first = try Self.script(.small).1
        let second = try Self.script(.small).1
        #expect(first.steps.map(\.body) == second.steps.map(\.body))
        let later = try Self.script(.small, now: Zone.kazakhstan.instant(Day("2026-07-06")!, minute: 180)).1
        #expect(sums(first) { _ in true } == sums(later) { _ in true })
    }

    @Test(
        "nothing happens before the campaign or after now; the last reports are of today or yesterday"
    )
    func times() throws {
        for (minute, behind) in [(720, 0), (180, 1)] {
            let today = Day("2026-04-18")!
            let now = Zone.kazakhstan.instant(today, minute: minute)
            let steps = try Self.script(.small, now: now).1.steps
            #expect(steps.allSatisfy { $0.at <= now })
            #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.at <= $1.at })
            let days = steps.compactMap { $0.body["day"]?.text.flatMap { Day($0) } }
            #expect(days.min()! >= today.advanced(by: -60))
            #expect(days.max() == today.advanced(by: -behind))
        }
    }

    @Test("honest small ones, nil days, corrections, late ones, two pairs that disagree and one void")
    func stories() throws {
        let steps = try Self.script(.small).1.steps
        let files = steps.filter { $0.body["kind"]?.text == "report.file" }
        let people = files.compactMap { $0.body["metrics"]?["attendees"]?.integer }
        for small in [6, 9, 11] as [Int64] { #expect(people.contains(small)) }
        #expect(files.contains { $0.body["metrics"] == .object([.init("events", .integer(0))]) })
        let bases = steps.filter { $0.body["kind"]?.text == "report.correct" }.compactMap { $0.body["report"]?.text }
        #expect(bases.count > 10)
        #expect(Dictionary(grouping: bases) { $0 }.values.filter { $0.count == 2 }.count == 2)
        #expect(steps.filter { $0.body["kind"]?.text == "report.void" }.count == 1)
        let late = files.filter { step in
            let day = step.body["day"]!.text.flatMap { Day($0) }!
            return Zone.kazakhstan.day(at: step.at) > day.advanced(by: Campaign.daysOnTime)
        }
        #expect(late.count > 10)
    }

    @Test("shares add up and nobody is left out")
    func shares() {
        let shares = DemoTree.shares([1, 100, 10_000, 4], total: 50)
        #expect(shares.reduce(0, +) == 50 && shares.allSatisfy { $0 >= 6 })
        #expect(shares[2] > shares[1] && shares[1] > shares[3])
        #expect(DemoFigures.drawn([10, 20, 30], to: 90).reduce(0, +) == 90)
        #expect(DemoFigures.drawn([6, 6, 100, 200], to: 200).allSatisfy { $0 >= 6 })
    }

    @Test("the vote is the last Sunday of the campaign, quiet from the day before")
    func days() throws {
        let data = try DemoData(try Home())
        for offset in 0..<7 {
            let today = Day("2026-04-18")!.advanced(by: offset)
            let days = DemoCampaign.plan(data, today: today).days
            let vote = try #require(days.vote)
            #expect(vote.weekday == 7 && vote <= days.last && days.last < vote.advanced(by: 7))
            #expect(days.quietFrom == vote.advanced(by: -1))
            #expect(days.first == today.advanced(by: -60) && days.last == today.advanced(by: 14))
            #expect((8...14).contains(today.distance(to: vote)))
        }
        #expect(DemoCampaign.plan(data, today: Day("2026-04-18")!).faults.isEmpty)
    }
}
