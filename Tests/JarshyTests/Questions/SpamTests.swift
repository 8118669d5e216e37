import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Floods by every door of questions: what they cost the others, and whether the groups are right. The public page's are in
/// `AskPageTests`, those of proposals in `MassProposalTests`.
@Suite("Floods of questions")
struct SpamTests {
    static let mass = "Біздің ауылдағы мектептің жылу қазандығын қашан жөндейсіздер, балалар тоңып отыр"

    @Test("rotated text from one account stops at the day's limit; others go on; nothing is joined that differs", arguments: Dialect.allCases)
    func rotated(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            var words = Self.mass.split(separator: " ").map(String.init)
            let turns = words.count
            var (taken, parked) = (0, 0)
            for n in 1...300 as ClosedRange<UInt64> {
                words.append(words.removeFirst())
                // Every round of turns spells it otherwise: capitals, marks, spaces change no words.
                let text = words.joined(separator: n > 100 ? "  " : " ") + (n > 200 ? "?!" : "")
                let outcome = try await world.submit(QuestionWorld.ask(n, n.isMultiple(of: 2) ? text : text.uppercased()), by: world.activist)
                switch outcome.status {
                case .accepted: taken += 1
                case .parked: parked += 1
                default: Issue.record("\(outcome.receipt)")
                }
                if n.isMultiple(of: 50) {
                    let staff = try await world.submit(QuestionWorld.ask(1000 + n, "Қызметкердің өз сұрағы \(n)", unit: "D11", way: "office"), by: world.secretary)
                    #expect(staff.status == .accepted, "\(staff.receipt)")
                }
            }
            #expect(taken == AskQuestion.mostInADay && parked == 100)
            // As many groups as orders of words; each holds those of one order and no other.
            let groups = try await world.database.read { db in
                try db.all("SELECT asked FROM question WHERE head = id AND author = \(world.activist) ORDER BY asked, id") { row in try row.next(Int64.self) }
            }
            #expect(groups.count == turns && groups.reduce(0, +) == 200, "\(groups)")
            #expect(groups.last! - groups.first! <= 1)
            #expect(try await world.faults() == [])
            // The next day the rest is taken.
            world.site.clock.advance(seconds: 86_401)
            #expect(try await world.submit(QuestionWorld.ask(299, Self.mass), by: world.activist).status == .accepted)
        }
    }

    @Test("1,000 letters from one address: steps, and staff is not held up; 1,000 addresses: one line of the queue", arguments: Dialect.allCases)
    func letters(_ dialect: Dialect) async throws {
        try await LetterWorld.run(dialect) { world in
            var outcomes: [TakeMail.Outcome: Int] = [:]
            for n in 0..<1000 {
                let outcome = try await world.take(LetterWorld.letter(from: "flood@mail.kz", "Сұрақ мәтіні № \(n), қашан?")).outcome
                outcomes[outcome, default: 0] += 1
                if n.isMultiple(of: 250) {
                    let staff = try await world.world.submit(QuestionWorld.ask(UInt64(7000 + n), "Қызметкер \(n)"), by: world.world.activist)
                    #expect(staff.status == .accepted)
                }
            }
            // No time passes here: the first step is the one that holds.
            #expect(outcomes == [.question: 5, .limited: 995])
            // The queue writes to nobody more than the taken ones.
            #expect(try await world.messages().count == 5)
            world.world.site.clock.advance(seconds: 601)
            for n in 0..<1000 {
                let text = "Бір мәтін, мың мекенжай" + String(repeating: "!", count: n % 3)
                #expect(try await world.take(LetterWorld.letter(from: "p\(n)@mail.kz", text, ["X-N: \(n)"])).outcome == .question)
            }
            let heads = try await world.database.read { db in
                try db.all(Int64.self, "SELECT asked FROM question WHERE head = id AND asked > 1")
            }
            #expect(heads == [1000])
            #expect(try await world.world.faults() == [])
            // To one address at most so many letters a day leave, whoever puts it into forms.
            #expect(try await world.messages().count == 1005)
        }
    }
}
