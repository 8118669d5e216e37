import ArgumentParser
import Foundation
import Jarshy
import Storage

/// `jarshy import …`: brings files into the database, all of a file or nothing of it.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Bring files into the database.",
        subcommands: [ImportUnitsCommand.self, ImportCampaignCommand.self, ImportAnswersCommand.self])
}

struct ImportUnitsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "units", abstract: "Units from a TSV or from the official KATO CSV.",
        discussion: """
            The TSV has the header: code parent kind name_kk name_ru [name_en]. The classifier (kato, level, name_ru, \
            name_kk …) is known by its header; its root KZ is made if missing. The same file again changes nothing. \
            When a line is refused, nothing is changed and the exit code is 1.
            """)

    @Argument(help: "The file.", completion: .file())
    var file: String

    @OptionGroup var database: DatabaseOption
    @OptionGroup var home: HomeOption

    @Flag(help: "Say what would be created, changed and refused; change nothing.")
    var dryRun = false

    @Option(help: "TSV with the header 'old new [day]': new codes of known units.", completion: .file())
    var succession: String?

    func run() async throws {
        let bytes = try Self.bytes(file)
        let succession = try self.succession.map(Self.bytes)
        // Better names than a romanisation, where this installation has the folder Demo.
        let english = (try? Home(home.home)).flatMap { try? DemoRun.englishNames($0) } ?? [:]
        let bar = ProgressBar("units")
        let run = UnitImportRun(file: bytes, succession: succession, english: english) { bar.show($0, of: $1) }
        let database = try Database.open(self.database.database)
        let report: UnitImportRun.Changes
        do {
            report = dryRun ? try await run.rehearse(on: database) : try await run.apply(to: database)
        } catch {
            bar.clear()
            try? await database.close()
            printError("import: \(error); has the database been migrated (jarshy migrate)? Nothing was changed.")
            throw ExitCode.failure
        }
        bar.clear()
        try await database.close()
        if dryRun { report.details.forEach { print($0) } }
        for line in report.refused { printError("refused: \(line)") }
        print(report.summary)
        if !report.isClean { throw ExitCode.failure }
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ValidationError("Cannot read the file '\(path)'.")
        }
        return Array(data)
    }
}
