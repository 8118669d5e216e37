import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Mass mailings: what is near-identical, what is not, and what they cost the others.
@Suite("Mass proposals")
struct MassProposalTests {
    static let mass = """
        Біздің аудандағы Абай көшесіндегі балалар алаңын жөндеп, жаңа әткеншек пен жарық шамдар орнатуды, \
        кешкісін балалардың қауіпсіз ойнауына жағдай жасауды сұраймыз
        """

    /// The same text with words rotated, a word changed, an ending changed, plain letters.
    static func variants(_ text: String, _ random: inout Seeded) -> [String] {
        let words = text.split(separator: " ").map(String.init)
        let turn = 1 + Int(random.next() % UInt64(words.count - 1))
        let rotated = Array(words[turn...] + words[..<turn])
        var changed = words
        changed[Int(random.next() % UInt64(words.count))] = "өтінемін"
        return [
            rotated.joined(separator: " "), changed.joined(separator: " "), "Құрметті басшылық! " + text + " Рақмет.",
            text.replacing("қ", with: "к").replacing("ғ", with: "г").replacing("ң", with: "н").replacing("ө", with: "о"),
            rotated.dropLast(2).joined(separator: " "),
        ]
    }

    @Test("turned, shortened and plainly spelled texts are near; other texts on the same subject are not")
    func likeness() {
        let russian = RussianStemmer()
        let own = Likeness(Self.mass, russian: russian)
        for seed in 1...20 as ClosedRange<UInt64> {
            var random = Seeded(seed)
            for variant in Self.variants(Self.mass, &random) {
                let other = Likeness(variant, russian: russian)
                #expect(own.isNear(other), "seed \(seed) \(own.share(with: other)): \(variant)")
                #expect(!Set(own.bands).isDisjoint(with: other.bands), "seed \(seed): no band shared: \(variant)")
            }
        }
        let others = [
            "Абай көшесіне көше шамдарын орнату керек, түнде қараңғы, балалар мектептен кеш қайтады",
            "Балалар алаңы ескірген, жаңасын салып беріңіздер", "Ауылға автобус күніне екі рет келсе екен",
            "Просим отремонтировать детскую площадку на улице Абая",
        ]
        for text in others {
            let other = Likeness(text, russian: russian)
            #expect(!own.isNear(other), "\(own.share(with: other)): \(text)")
        }
        // Two words are alike by chance: nothing is near that says so little.
        #expect(!Likeness("Шам керек", russian: russian).isNear(Likeness("Шам керек", russian: russian)))
    }

    @Test("one text from 1,000 addresses is one proposal of 1,000 senders", arguments: Dialect.allCases)
    func addresses(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            for n in 0..<1000 {
                let action = ProposePublicly(
                    id: ProposalWorld.id(UInt64(n + 1)), campaign: "test", unit: "", language: .kk,
                    text: Self.mass + String(repeating: "!", count: n % 3), contact: "", isAdult: false,
                    address: "10.0.\(n / 250).\(n % 250)")
                _ = try await world.database.run(action, by: .resident, at: world.now)
            }
            #expect(try await world.database.read { db in
                try db.all(Int64.self, "SELECT senders FROM proposal WHERE head = id")
            } == [1000])
            #expect(try await world.faults() == [])
        }
    }

    @Test("1,000 posts from one address: a few are taken, staff are not held up", arguments: Dialect.allCases)
    func flood(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            let browser = world.site.browser()
            var taken = 0
            for n in 1...1000 {
                let form = [("proposal", Ops.id(UInt64(n))), ("text", "\(Self.mass) \(n)"), ("language", "kk")]
                let status = try await browser.post("/propose", form).status
                #expect(status == 200 || status == 429)
                if status == 200 { taken += 1 }
                world.site.clock.advance(seconds: 1)
                if n.isMultiple(of: 100) {
                    let outcome = try await world.submit(ProposalWorld.make(UInt64(5000 + n), "Қызметкер жазғаны \(n)"), by: world.activist)
                    #expect(outcome.status == .accepted)
                }
            }
            #expect(taken == 10)
            #expect(try await world.site.count("SELECT count(*) FROM proposal WHERE author IS NOT NULL") == 10)
        }
    }

    @Test("rotated text from one account: stopped at the day's limit, near-identical, gathered in one press", arguments: Dialect.allCases)
    func rotated(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            var random = Seeded(7)
            let head = try await world.proposal(1, Self.mass)
            var texts = Self.mass.split(separator: " ").map(String.init)
            var parked = 0
            for n in 2...130 as ClosedRange<UInt64> {
                texts.append(texts.removeFirst())
                texts[Int(random.next() % 6)] += "," // the words stay
                let outcome = try await world.submit(ProposalWorld.make(n, texts.joined(separator: " ") + " \(n)"), by: world.activist)
                if outcome.status == .parked { parked += 1 } else { #expect(outcome.status == .accepted, "\(outcome.receipt)") }
            }
            #expect(parked == 30)
            // Another account goes on all the while.
            let other = try await world.site.person("second", role: "activist", unit: "D11")
            #expect(try await world.submit(ProposalWorld.make(500, ProposalWorld.text(500)), by: other).status == .accepted)
            let near = try await world.database.read { db in
                try NearProposals.of(try ProposalRows.find(head, in: db)!, limit: 200, in: db).map(\.proposal.id)
            }
            #expect(near.count == 99 && !near.contains(ProposalWorld.id(500)))
            let gatherings = try await world.run(GatherProposals(target: head, proposals: near), by: world.secretary)
            #expect(try await world.find(head).senders == 100)
            #expect(try await world.faults() == [])
            for gathering in gatherings { try await world.run(UndoGathering(gathering: gathering), by: world.secretary) }
            #expect(try await world.find(head).senders == 1)
            // What a person told apart is not pointed at again.
            try await world.run(TellProposalsApart(proposal: head, other: near[0]), by: world.secretary)
            let left = try await world.database.read { db in
                try NearProposals.of(try ProposalRows.find(head, in: db)!, limit: 200, in: db).map(\.proposal.id)
            }
            #expect(left.count == 98 && !left.contains(near[0]))
        }
    }
}
