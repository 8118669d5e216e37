import ArgumentParser
import Jarshy

struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print an API token with all rights of a sign-in name, and nothing else.")

    @OptionGroup var database: DatabaseOption

    @Option(help: "The sign-in name.")
    var login: String

    @Option(help: "How many days it works.")
    var days = 365

    func run() async throws {
        guard (1...3650).contains(days) else { throw ValidationError("--days is 1 to 3650.") }
        print(try await Commands.token(database: database.database, login: login, days: days))
    }
}
