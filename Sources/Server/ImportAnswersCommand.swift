import ArgumentParser
import Foundation
import Jarshy
import Storage

struct ImportAnswersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answers", abstract: "Answers of the bank from a TSV.",
        discussion: """
            The TSV has the header: id lang question answer source, and no quoting. They are published at once in the \
            operator's name, and shown as imported. A source is 'title | link | day', where link or day may be missing. The same file again changes nothing. When a line is refused, nothing is \
            changed and the exit code is 1.
            """)

    @Argument(help: "The file.", completion: .file())
    var file: String

    @OptionGroup var database: DatabaseOption

    func run() async throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw ValidationError("Cannot read the file '\(file)'.")
        }
        let database = try Database.open(self.database.database)
        let report: AnswerImport.Report
        do {
            report = try await AnswerImport(file: Array(data)).apply(to: database)
        } catch {
            try? await database.close()
            printError("import: \(error); has the database been migrated (jarshy migrate)? Nothing was changed.")
            throw ExitCode.failure
        }
        try await database.close()
        for line in report.refused.prefix(50) { printError("refused: \(line)") }
        if !report.refused.isEmpty {
            printError("import: \(report.refused.count) lines are refused; nothing was changed.")
            throw ExitCode.failure
        }
        print("answers: \(report.added) added, \(report.changed) texts changed, \(report.same) as they were")
    }
}
