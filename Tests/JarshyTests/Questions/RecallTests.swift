import Foundation
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Recall over `Tests/Search`: 132 answers among 2,242 other passages, every question in every spelling, on both engines.
@Suite("Recall")
struct RecallTests {
    private static func file(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Search").standardized
        return Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    private static func bank(_ answers: String, _ dialect: Dialect) async throws -> TestDatabase {
        let test = try await TestDatabases.migrated(dialect, try MigrationFiles.all())
        for name in [answers, "distractors.tsv"] {
            let made = try await AnswerImport(file: try file(name)).apply(to: test.database)
            #expect(made.refused.isEmpty && made.added > 0, "\(made)")
        }
        return test
    }

    /// Least recall at 1 and at 5 by group. A spelling may lose 0.03 against the language it spells.
    private static let least: [(group: String, of: String?, first: Double, fifth: Double)] = [
        ("kk", nil, 0.93, 0.98), ("ru", nil, 0.93, 0.98),
        ("kk-plain", "kk", 0.90, 0.95), ("kk-latin-2021", "kk", 0.90, 0.95), ("kk-latin-older", "kk", 0.90, 0.95),
        ("kk-latin-chat", "kk", 0.90, 0.95), ("ru-latin", "ru", 0.90, 0.95), ("mixed", nil, 0.80, 0.95),
    ]

    @Test("the right answer is first for 93 of 100 questions, among five for 98, in whatever spelling", arguments: Dialect.allCases)
    func recall(_ dialect: Dialect) async throws {
        let test = try await Self.bank("answers.tsv", dialect)
        let questions = try RecallTest(file: try Self.file("questions.tsv"))
        let report = try await questions.run(in: test.database)
        let held = try await questions.half("held").run(in: test.database)
        print("Recall, all questions, \(dialect):", report.table.joined(separator: "\n"), separator: "\n")
        print("Recall, the held-out third, \(dialect):", held.table.joined(separator: "\n"), separator: "\n")
        if dialect == .sqlite { print(report.missLines.joined(separator: "\n")) }
        #expect(report["kk"]?.asked ?? 0 >= 60 && report["ru"]?.asked ?? 0 >= 60 && report["mixed"]?.asked ?? 0 >= 40)
        for row in Self.least {
            let group = try #require(report[row.group])
            #expect(group.recallAt1 >= row.first && group.recallAt5 >= row.fifth, "\(group)")
            if let whole = row.of.flatMap({ report[$0] }) {
                #expect(group.recallAt1 >= whole.recallAt1 - 0.03 && group.recallAt5 >= whole.recallAt5 - 0.03, "\(group)")
            }
        }
        try await test.close()
    }

    @Test("answers that say it in other words than the question are still among five for four of five")
    func reworded() async throws {
        let test = try await Self.bank("answers-reworded.tsv", .sqlite)
        let report = try await RecallTest(file: try Self.file("questions.tsv")).run(in: test.database)
        print("Recall, answers in other words:", report.table.joined(separator: "\n"), separator: "\n")
        for group in report.groups { #expect(group.recallAt1 >= 0.55 && group.recallAt5 >= 0.78, "\(group)") }
        try await test.close()
    }

    @Test("a file of questions says what is wrong with it")
    func faults() throws {
        #expect(throws: RecallTest.Fault.self) { try RecallTest(file: Array("a\tb\n1\t2\n".utf8)) }
        #expect(throws: RecallTest.Fault.self) { try RecallTest(file: Array("id\tquestion\nx\n".utf8)) }
        let read = try RecallTest(file: Array("id\tquestion\nx|y\tҚайда?\n\n".utf8))
        #expect(read.questions.map(\.targets) == [["x", "y"]] && read.questions.map(\.group) == ["all"])
    }
}
