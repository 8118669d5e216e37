import ArgumentParser
import Jarshy
import Storage

/// `jarshy demo`: migrates an empty database and fills it with the demo campaign.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Fill an empty database with the demo campaign.",
        discussion: """
            Migrates, fills, ends. Does nothing where its demo is already; refuses a database with other data. \
            Geography is real; the campaign, organisations, people and figures are invented.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var home: HomeOption

    @Option(help: "small (a few seconds) or country (3,500 primary organisations).")
    var scale = "small"

    func validate() throws {
        guard DemoRun.scales.contains(scale) else {
            throw ValidationError("There is no scale '\(scale)'; there are \(DemoRun.scales.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        guard let demo = DemoRun(home: try Home(home.home), scale: scale) else { return }
        let database = try Database.open(self.database.database)
        let bar = ProgressBar("operations")
        let report: DemoRun.Report
        do {
            report = try await demo.fill(database) { bar.show($0, of: $1) }
        } catch {
            bar.clear()
            try? await database.close()
            printError("demo: \(error)")
            throw ExitCode.failure
        }
        bar.clear()
        try await database.close()
        print(
            report.isNew
                ? "demo: \(report.units) units, \(report.operations) operations"
                : "demo: it is there already; nothing was changed")
        print("sign-ins, all with the password \(DemoRun.password):")
        for signIn in report.signIns {
            let space = String(repeating: " ", count: max(1, 14 - signIn.login.count))
            print("  \(signIn.login)\(space)\(signIn.role)")
        }
    }
}
