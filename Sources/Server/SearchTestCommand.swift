import ArgumentParser
import Jarshy

struct SearchTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search-test", abstract: "How often the right answer is found: recall at 1 and at 5.",
        discussion: """
            Answers are files as 'jarshy import answers' takes them (id lang question answer source). Questions are TSV files \
            with the columns 'targets' (ids of right answers, parted by bars) and 'question'; with a column 'group' there is a \
            line of figures for each group. Without --database a database of its own is filled and thrown away. \
            Tests/Search/README.md tells more.
            """)

    @Option(name: .long, parsing: .upToNextOption, help: "Files of answers.", completion: .file())
    var answers: [String] = []

    @Option(name: .long, parsing: .upToNextOption, help: "Files of questions.", completion: .file())
    var questions: [String]

    @Option(help: "A database to fill with the answers and ask: sqlite:PATH or postgres://…")
    var database: String?

    @Flag(help: "Also print each question whose answer was not first.")
    var misses = false

    @OptionGroup var home: HomeOption

    func run() async throws {
        let bar = ProgressBar("questions")
        let report: (table: [String], misses: [String])
        do {
            report = try await Commands.searchTest(
                answers: answers, questions: questions, database: database, home: home.home
            ) { done, all in bar.show(done, of: all) }
        } catch let refused as Commands.Refused {
            bar.clear()
            printError("search-test: \(refused)")
            throw ExitCode.failure
        }
        bar.clear()
        for line in misses ? report.misses + report.table : report.table { print(line) }
    }
}
