import Foundation
import JarshyKit
import Storage

extension Commands {
    /// Measures how often search finds the right answer.
    ///
    /// - Parameters:
    ///   - answers: files as `jarshy import answers` takes them.
    ///   - questions: files of `RecallTest`.
    ///   - database: filled with these answers first; nil: a database of its own, thrown away afterwards.
    /// - Returns: the table, then the misses.
    /// - Throws: `Refused` for a file that cannot be read or a line that is refused.
    public static func searchTest(
        answers: [String], questions: [String], database url: String?, home: String?,
        progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> (table: [String], misses: [String]) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("jarshy-recall-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try Database.open(url ?? "sqlite:" + folder.appendingPathComponent("recall.sqlite").path)
        do {
            if url == nil { _ = try await Migrations(try Home(home)).apply(to: database, at: SystemClock().now) }
            for path in answers {
                let report = try await AnswerImport(file: try bytes(path)).apply(to: database)
                if let line = report.refused.first { throw Refused("\(path): \(line)") }
            }
            let test = RecallTest(
                try questions.flatMap { path in
                    do { return try RecallTest(file: try bytes(path)).questions } catch let fault as RecallTest.Fault {
                        throw Refused("\(path): \(fault)")
                    }
                })
            let report = try await test.run(in: database) { progress($0, test.questions.count) }
            try await database.close()
            return (report.table, report.missLines)
        } catch {
            try? await database.close()
            throw error
        }
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { throw Refused("cannot read '\(path)'") }
        return Array(data)
    }
}
