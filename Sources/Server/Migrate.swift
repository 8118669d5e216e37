import ArgumentParser
import Jarshy

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring a database up to date; does nothing when it is.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var home: HomeOption

    func run() async throws {
        let applied = try await Commands.migrate(database: database.database, home: home.home)
        for name in applied { print("applied \(name)") }
        if applied.isEmpty { print("up to date") }
    }
}
