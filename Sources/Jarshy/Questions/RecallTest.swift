import JarshyKit
public import Storage

/// How often the right answer is found: questions whose answers are known, asked of the bank as residents would.
///
/// A file of questions is TSV without quoting. Its header names the columns: `question`, and `targets` with the external ids
/// any of which is right, parted by bars; `group` (a spelling, a language) and `half` are free to be left out.
public struct RecallTest: Sendable {
    public struct Asked: Sendable {
        public let group: String
        public let half: String
        public let targets: Set<String>
        public let question: String
    }

    /// One group's figures; a rank is 1 when the first result was right.
    public struct Group: Sendable {
        public let name: String
        public var asked = 0
        public var first = 0
        public var fifth = 0

        /// Share of questions whose right answer came first.
        public var recallAt1: Double { asked == 0 ? 0 : Double(first) / Double(asked) }
        /// Share of questions whose right answer was among the first five.
        public var recallAt5: Double { asked == 0 ? 0 : Double(fifth) / Double(asked) }
    }

    public struct Miss: Sendable {
        public let asked: Asked
        /// Nil: not among the first five.
        public let rank: Int?
        public let found: String
        public let foundText: String
    }

    public struct Report: Sendable {
        public var groups: [Group] = []
        public var misses: [Miss] = []

        public subscript(name: String) -> Group? { groups.first { $0.name == name } }
    }

    /// A line of a file that cannot be read.
    public struct Fault: Error, CustomStringConvertible, Sendable {
        public let description: String
    }

    public let questions: [Asked]

    public init(_ questions: [Asked]) { self.questions = questions }

    /// - Throws: `Fault` for a missing column or a line that is no question.
    public init(file: [UInt8]) throws {
        let lines = String(decoding: file, as: UTF8.self).split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        let head = (lines.first ?? "").replacing("\u{FEFF}", with: "").split(separator: "\t").map(String.init)
        func place(_ names: String...) -> Int? { head.firstIndex { names.contains($0) } }
        guard let text = place("question"), let target = place("targets", "target", "id") else {
            throw Fault(description: "line 1: the header is to name the columns 'targets' and 'question'")
        }
        let (group, half) = (place("group"), place("half"))
        var questions: [Asked] = []
        for (number, line) in lines.enumerated().dropFirst() where !line.allSatisfy(\.isWhitespace) {
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).trimmingSpaces() }
            guard cells.count == head.count, !cells[text].isEmpty, !cells[target].isEmpty else {
                throw Fault(description: "line \(number + 1): \(cells.count) cells of \(head.count), or an empty one")
            }
            questions.append(
                Asked(
                    group: group.map { cells[$0] } ?? "all", half: half.map { cells[$0] } ?? "",
                    targets: Set(cells[target].split(separator: "|").map(String.init)), question: cells[text]))
        }
        self.questions = questions
    }

    /// The same with the questions of one half only.
    public func half(_ name: String) -> RecallTest { RecallTest(questions.filter { $0.half == name }) }

    /// Asks all of them, five results each.
    public func run(in database: Database, progress: @Sendable (Int) -> Void = { _ in }) async throws -> Report {
        var report = Report()
        for (number, asked) in questions.enumerated() {
            let hits = try await database.read { db in
                try SearchQuery(space: AnswerIndex.space, text: asked.question).run(in: db)
            }
            let rank = hits.firstIndex { asked.targets.contains($0.external) }.map { $0 + 1 }
            report.count(asked, rank)
            if rank != 1 {
                report.misses.append(
                    Miss(asked: asked, rank: rank, found: hits.first?.external ?? "", foundText: hits.first?.text ?? ""))
            }
            progress(number + 1)
        }
        return report
    }
}

extension RecallTest.Report {
    fileprivate mutating func count(_ asked: RecallTest.Asked, _ rank: Int?) {
        let at = groups.firstIndex { $0.name == asked.group } ?? groups.count
        if at == groups.count { groups.append(RecallTest.Group(name: asked.group)) }
        groups[at].asked += 1
        if rank == 1 { groups[at].first += 1 }
        if rank != nil { groups[at].fifth += 1 }
    }

    /// The figures, a line a group.
    public var table: [String] {
        let width = max(5, groups.map(\.name.count).max() ?? 0)
        func row(_ cells: [String]) -> String {
            cells[0] + String(repeating: " ", count: max(0, width - cells[0].count) + 2)
                + cells.dropFirst().map { String(repeating: " ", count: max(0, 10 - $0.count)) + $0 }.joined()
        }
        func share(_ value: Double) -> String {
            let thousandths = Int((value * 1000).rounded())
            let digits = String(thousandths % 1000)
            return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
        }
        return [row(["group", "asked", "recall@1", "recall@5"])]
            + groups.map { row([$0.name, String($0.asked), share($0.recallAt1), share($0.recallAt5)]) }
    }

    /// Questions whose right answer was not first, with what was.
    public var missLines: [String] {
        misses.map { miss in
            "\(miss.asked.group) \(miss.asked.targets.sorted().joined(separator: "|")) "
                + (miss.rank.map { "is \($0)." } ?? "is not among five") + " \(miss.asked.question)\n"
                + "    first: \(miss.found) \(miss.foundText.prefix(110))"
        }
    }
}
