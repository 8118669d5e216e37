import Foundation
import Testing

@testable import Jarshy

/// Every way out asks the gate. The signs of a way out are looked for in the sources, so that a new one cannot be forgotten.
@Suite("Ways out")
struct WaysOutTests {
    /// What a file that lets something out cannot do without.
    static let signs = [
        "state = 'published'", "relay.send(", "curl_easy_perform", "application/atom+xml", "text/calendar",
        "INSERT INTO publication (", "state = 'announced'",
    ]

    /// Files that carry a sign and need not ask, with the reason.
    static let excused = [
        "Questions/AnswerRows.swift": "reads the bank",
        "Questions/AnswerUse.swift": "reads the bank",
        "Questions/Pages/": "pages of what was published through the gate",
        "Questions/QuestionRows.swift": "reads",
        "Questions/AnswerIndex.swift": "indexes what is published",
        "Questions/QuestionsField.swift": "reads",
        "Questions/ImportAnswers.swift": "an operator's file belongs to no campaign; it is shown as the operator's",
        "Events/Pages/CalendarPages.swift": "one's own work, read with one's own rights; a public event's file asks in PublicEvents",
        "Events/Feeds/": "writes bytes; asks nothing and sends nothing",
        "Mail/Out/Relay.swift": "takes a pass as an argument",
    ]

    static func unasked(_ files: [(path: String, text: String)]) -> [String] {
        files.filter { file in
            // What only reads says the sign behind WHERE or AND.
            let writes = file.text.replacing(#/(WHERE|AND)\s[^"\n]*state = '(published|announced)'/#, with: "")
            return signs.contains { writes.contains($0) } && !["ReleaseGate", "AnswerRelease.pass", "EventRelease."].contains { file.text.contains($0) }
                && !excused.keys.contains { file.path.hasPrefix($0) }
        }.map(\.path)
    }

    @Test func `every file that lets something out asks the gate`() throws {
        let home = try Home()
        let root = home.root.appendingPathComponent("Sources/Jarshy")
        let urls = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        let files = try urls.filter { $0.pathExtension == "swift" }.map { url in
            (path: String(url.path.dropFirst(root.path.count + 1)), text: try String(contentsOf: url, encoding: .utf8))
        }
        #expect(files.count > 200, "the sources were not found")
        #expect(Self.unasked(files) == [])
        // The scan finds what it is for: a way out that forgot to ask, and one that asks.
        let planted = "try db.run(\"UPDATE event SET state = 'announced'\")"
        #expect(Self.unasked([("Events/Planted.swift", planted)]) == ["Events/Planted.swift"])
        #expect(Self.unasked([("Events/Planted.swift", planted + "\ntry ReleaseGate.pass(item, at: now, in: db)")]) == [])
        // At least the ways of this day are seen.
        let seen = files.filter { file in Self.signs.contains { file.text.contains($0) } }.map(\.path)
        #expect(seen.contains("Questions/Actions/ApproveAnswer.swift") && seen.contains("Mail/Out/MailSender.swift"))
    }

    @Test func `nothing but the gate makes a pass`() throws {
        let root = try Home().root.appendingPathComponent("Sources/Jarshy")
        let urls = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        for url in urls where url.pathExtension == "swift" && url.lastPathComponent != "ReleaseGate.swift" {
            let text = try String(contentsOf: url, encoding: .utf8)
            #expect(!text.contains("Release.Pass("), "\(url.lastPathComponent)")
        }
    }
}
