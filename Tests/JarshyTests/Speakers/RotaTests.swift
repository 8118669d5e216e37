import class Foundation.ProcessInfo
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Suggestions")
struct RotaTests {
    static let first = Day("2026-01-01")!
    static func at(_ day: Int, _ hour: Int) -> Instant { Zone.kazakhstan.instant(first.advanced(by: day), minute: hour * 60) }

    static func speaker(
        _ n: UInt64, unit: UnitNo, topics: Set<String> = ["where"], languages: Set<Language> = [.kk, .ru], monthLoad: Int = 8,
        restHours: Int = 2, weekdays: Int = 127, hours: Range<Int> = 480..<1260, office: Bool = false,
        taken: [Speaker.Taken] = [], away: [Speaker.Away] = []
    ) -> Speaker {
        var speaker = Speaker(
            person: PersonID(high: 5, low: n), name: "Дәріскер \(n)", unit: unit, level: .city, languages: languages,
            monthLoad: monthLoad, restHours: restHours, weekdays: weekdays, hours: hours, holdsOffice: office)
        (speaker.topics, speaker.taken, speaker.away) = (topics, taken, away)
        return speaker
    }

    static func need(
        _ n: UInt64, _ day: Int = 10, _ hour: Int = 15, hours: Int64 = 1, topic: String? = "where", language: Language = .kk,
        territory: UnitNo, campaigning: Bool = false
    ) -> Need {
        Need(
            event: EventID(high: 9, low: n), start: at(day, hour), end: at(day, hour).advanced(seconds: hours * 3600), topic: topic,
            language: language, territory: territory, isCampaigning: campaigning)
    }

    /// The tree of the engine's world, in memory.
    static func tree() async throws -> Tree {
        let world = try await EngineWorld.make(.sqlite)
        let tree = try await world.tree()
        try await world.test.close()
        return tree
    }

    @Test("each reason weighs as it should, and says so")
    func reasons() async throws {
        let tree = try await Self.tree()
        let (d11, d12, r2) = (tree.find("D11")!.no, tree.find("D12")!.no, tree.find("R2")!.no)
        func order(_ speakers: [Speaker], _ need: Need) -> [UInt64] {
            var rota = Rota(speakers, in: tree)
            return rota.suggestions(for: need).map(\.person.low)
        }
        let need = Self.need(1, territory: d11)
        let plain = Self.speaker(1, unit: d11)
        #expect(order([Self.speaker(2, unit: d11, topics: []), plain], need) == [1, 2])
        #expect(order([Self.speaker(2, unit: d11, languages: [.ru]), plain], need) == [1, 2])
        #expect(order([Self.speaker(2, unit: r2), Self.speaker(3, unit: d12), plain], need) == [1, 3, 2])
        let busy = (0..<4).map { Speaker.Taken(start: Self.at(5 + $0, 9), end: Self.at(5 + $0, 10)) }
        #expect(order([Self.speaker(2, unit: d11, taken: busy), plain], need) == [1, 2])
        let close = [Speaker.Taken(start: Self.at(10, 13), end: Self.at(10, 14))]
        var rota = Rota([Self.speaker(2, unit: d11, taken: close)], in: tree)
        #expect(rota.suggestions(for: need)[0].shortRest == 1)
        // Serving a place is as good as standing there.
        var serving = Self.speaker(4, unit: r2)
        serving.places = [tree.find("R1")!.no]
        var near = Rota([serving], in: tree)
        #expect(near.suggestions(for: need)[0].distance == 0)
    }

    @Test("whom something stands in the way of is never suggested", arguments: Suggestion.Hindrance.allCases)
    func hindrances(_ hindrance: Suggestion.Hindrance) async throws {
        let tree = try await Self.tree()
        let unit = tree.find("D11")!.no
        let day = Self.first.advanced(by: 10)
        let speaker = switch hindrance {
        case .busy: Self.speaker(1, unit: unit, taken: [.init(start: Self.at(10, 15), end: Self.at(10, 16))])
        case .away: Self.speaker(1, unit: unit, away: [.init(id: ID(high: 1, low: 1), from: day, to: day)])
        case .hours: Self.speaker(1, unit: unit, hours: 480..<720)
        case .office: Self.speaker(1, unit: unit, office: true)
        }
        var rota = Rota([speaker], in: tree)
        let need = Self.need(1, territory: unit, campaigning: true)
        #expect(rota.suggestions(for: need)[0].hindrances == [hindrance])
        #expect(rota.best(for: need) == nil)
        var free = Rota([Self.speaker(1, unit: unit)], in: tree)
        #expect(free.best(for: need) != nil)
    }

    /// 50 lecturers and 200 events of a month, drawn by a seed.
    private static func draw(_ seed: UInt64, _ tree: Tree) -> (speakers: [Speaker], needs: [Need]) {
        var random = Seeded(seed)
        let places = ["D11", "D12", "D21", "D22"].map { tree.find($0)!.no }
        let topics = ["where", "who", "rights", "local"]
        let speakers = (0..<50).map { n -> Speaker in
            // More of them live in the first district: the nearest are not to be sent every time.
            let home = n < 20 ? places[0] : places[n % 4]
            let known = Set(topics.shuffled(using: &random).prefix(2))
            let languages: Set<Language> = n % 5 == 0 ? [.ru] : [.kk, .ru]
            return speaker(UInt64(n + 1), unit: home, topics: known, languages: languages, monthLoad: 8)
        }
        let needs = (0..<200).map { n -> Need in
            let day = Int.random(in: 1...28, using: &random)
            let hour = Int.random(in: 9...17, using: &random)
            let hours = Int64.random(in: 1...2, using: &random)
            let language: Language = Bool.random(using: &random) ? .kk : .ru
            return need(
                UInt64(n + 1), day, hour, hours: hours, topic: topics.randomElement(using: &random), language: language,
                territory: places.randomElement(using: &random)!)
        }
        return (speakers, needs)
    }

    static let seeds: [UInt64] = Array(1...(ProcessInfo.processInfo.environment["JARSHY_SEEDS"].flatMap { UInt64($0) } ?? 10))

    @Test("200 events and 50 lecturers: nobody twice at once, the load is spread better than by chance and by nearness", arguments: seeds)
    func spread(_ seed: UInt64) async throws {
        let tree = try await Self.tree()
        let (speakers, needs) = Self.draw(seed, tree)
        func loads(_ given: [(Need, PersonID)]) -> [Int] {
            let counts = Dictionary(given.map { ($0.1, 1) }, uniquingKeysWith: +)
            return speakers.map { counts[$0.person] ?? 0 }
        }
        /// Mean distance from the mean, squared.
        func variance(_ loads: [Int]) -> Double {
            let mean = Double(loads.reduce(0, +)) / Double(loads.count)
            return loads.map { (Double($0) - mean) * (Double($0) - mean) }.reduce(0, +) / Double(loads.count)
        }
        var rota = Rota(speakers, in: tree)
        let clock = ContinuousClock()
        let started = clock.now
        let assigned = rota.assign(needs)
        let taken = clock.now - started
        let given = assigned.compactMap { pair in pair.suggestion.map { (pair.need, $0.person) } }
        #expect(given.count >= 195, "seed \(seed): \(given.count)")
        for (person, mine) in Dictionary(grouping: given, by: \.1) {
            let spans = mine.map(\.0).sorted { $0.start < $1.start }
            for (left, right) in zip(spans, spans.dropFirst()) { #expect(left.end <= right.start, "seed \(seed): \(person)") }
        }
        // By chance: anybody who can. By nearness: the nearest who can, whatever the load.
        var random = Seeded(seed &+ 1000)
        func play(_ choose: ([Suggestion]) -> Suggestion?) -> [Int] {
            var rota = Rota(speakers, in: tree)
            var given: [(Need, PersonID)] = []
            for need in needs.sorted(by: { ($0.start, $0.event) < ($1.start, $1.event) }) {
                let possible = rota.suggestions(for: need).filter { $0.isPossible && $0.speaks }
                guard let chosen = choose(possible) else { continue }
                rota.take(chosen.person, need)
                given.append((need, chosen.person))
            }
            return loads(given)
        }
        let chance = variance(play { $0.randomElement(using: &random) })
        let nearest = variance(play { list in
            list.min { (($0.knowsTopic ? 0 : 1), $0.distance, $0.person) < (($1.knowsTopic ? 0 : 1), $1.distance, $1.person) }
        })
        let ours = variance(loads(given))
        #expect(ours < chance && ours < nearest, "seed \(seed): ours \(ours), by chance \(chance), the nearest \(nearest)")
        print("seed \(seed): variance of loads \(ours), by chance \(chance), the nearest \(nearest); \(taken)")
    }
}
