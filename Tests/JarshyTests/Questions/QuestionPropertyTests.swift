import class Foundation.ProcessInfo
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Random work on questions against a plain model: what is joined to what, what is undone, and in which states things stand.
@Suite("Question properties")
struct QuestionPropertyTests {
    static let seeds: [UInt64] = Array(1...(ProcessInfo.processInfo.environment["JARSHY_SEEDS"].flatMap { UInt64($0) } ?? 8))

    @Test("states follow the table, and every open state can end")
    func states() {
        for state in Question.State.allCases {
            let next = Question.Step.allCases.compactMap { Question.state(after: $0, from: state, hasExpert: true) }
            #expect(!next.isEmpty, "\(state) leads nowhere")
        }
        // Nothing is published but what was approved, nothing approved but what was checked.
        for step in Question.Step.allCases {
            for state in Question.State.allCases {
                let next = Question.state(after: step, from: state, hasExpert: false)
                if next == .published { #expect(state == .answered && step == .publish) }
                if next == .answered { #expect(state == .checking && step == .approve) }
                if next == .checking { #expect(state == .withExpert && step == .submit) }
            }
        }
    }

    @Test("any history of joining and undoing keeps groups right, and everybody's own words", arguments: Dialect.allCases)
    func grouping(_ dialect: Dialect) async throws {
        for seed in Self.seeds { try await QuestionHistory(seed: seed).run(dialect) }
    }
}

private struct QuestionHistory: Sendable {
    let seed: UInt64
    static let questions = 12
    static let steps = 60

    /// Heads as the model has them, and joinings that stand: question, what it moved.
    private struct Model {
        var head: [Int]
        var joinings: [(id: JoiningID, question: Int, moved: [Int], undone: Bool)] = []

        func members(_ head: Int) -> [Int] { self.head.indices.filter { self.head[$0] == head } }
    }

    func run(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            var random = Seeded(seed)
            var model = Model(head: Array(0..<Self.questions))
            @Sendable func id(_ index: Int) -> QuestionID { QuestionWorld.id(UInt64(index + 1)) }
            for index in 0..<Self.questions {
                let prepared = index.isMultiple(of: 5) ? [Json.Member("prepared", .bool(true))] : []
                try await world.question(UInt64(index + 1), "Сұрақ мәтіні № \(index)", prepared)
            }
            for step in 0..<Self.steps {
                let (a, b) = (Int(random.next() % 12), Int(random.next() % 12))
                let mark = "seed \(seed) step \(step)"
                switch random.next() % 4 {
                case 0, 1:
                    let refused = try await world.refusal(JoinQuestions(question: id(a), target: id(b)), by: world.secretary)
                    let allowed = model.head[a] == a && model.head[b] != a
                    #expect((refused == nil) == allowed, "\(mark): \(refused ?? "done")")
                    guard refused == nil else { continue }
                    let moved = model.members(a)
                    let joining = try await world.database.read { db in
                        try db.first(JoiningID.self, "SELECT id FROM question_join WHERE question = \(id(a)) ORDER BY at DESC, id DESC LIMIT 1")
                    }!
                    for member in moved { model.head[member] = model.head[b] }
                    model.joinings.append((joining, a, moved, false))
                case 2:
                    guard !model.joinings.isEmpty else { continue }
                    let at = Int(random.next() % UInt64(model.joinings.count))
                    let joining = model.joinings[at]
                    let refused = try await world.refusal(UndoJoining(joining: joining.id), by: world.secretary)
                    let from = model.head[joining.question]
                    let allowed = !joining.undone && from != joining.question
                    #expect((refused == nil) == allowed, "\(mark): \(refused ?? "done")")
                    guard refused == nil else { continue }
                    for member in joining.moved where model.head[member] == from { model.head[member] = joining.question }
                    model.joinings[at].undone = true
                default:
                    let refused = try await world.refusal(PartQuestion(question: id(a)), by: world.secretary)
                    #expect((refused == nil) == (model.head[a] != a), "\(mark): \(refused ?? "done")")
                    guard refused == nil else { continue }
                    model.head[a] = a
                    for at in model.joinings.indices where model.joinings[at].question == a { model.joinings[at].undone = true }
                }
                world.site.clock.advance(seconds: 1)
                #expect(try await world.faults() == [], "\(mark)")
                for index in 0..<Self.questions {
                    let question = try await world.find(id(index))
                    #expect(question.head == id(model.head[index]), "\(mark): question \(index)")
                    #expect(question.body == "Сұрақ мәтіні № \(index)", "\(mark)")
                }
            }
        }
    }
}
