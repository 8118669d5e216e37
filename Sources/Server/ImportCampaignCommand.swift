import ArgumentParser
import Jarshy
import Storage

struct ImportCampaignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaign", abstract: "A campaign from a folder of five TSV files.",
        discussion: """
            The folder holds campaign.tsv, audiences.tsv, channels.tsv, metrics.tsv and activities.tsv; docs/operations.md \
            tells their columns. A code that is not there yet makes a campaign; a known one is changed in what is safe: \
            names, days, questions about large values, wider bounds, new words. The same files again change nothing. When \
            a line is refused, nothing is changed and the exit code is 1.
            """)

    @Argument(help: "The folder.", completion: .directory)
    var folder: String

    @OptionGroup var database: DatabaseOption

    @Flag(help: "Say what would be created, changed and refused; change nothing.")
    var dryRun = false

    func run() async throws {
        let run = CampaignImportRun(folder: folder)
        let database = try Database.open(self.database.database)
        let report: CampaignImportRun.Changes
        do {
            report = dryRun ? try await run.rehearse(on: database) : try await run.apply(to: database)
        } catch {
            try? await database.close()
            printError("import: \(error); has the database been migrated (jarshy migrate)? Nothing was changed.")
            throw ExitCode.failure
        }
        try await database.close()
        report.details.forEach { print($0) }
        for line in report.refused { printError("refused: \(line)") }
        print(report.summary)
        if !report.isClean { throw ExitCode.failure }
    }
}
