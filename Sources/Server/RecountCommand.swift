import ArgumentParser
import Jarshy

struct RecountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recount",
        abstract: "Recompute every stored total from the ledger; exit 0 when all agree, 1 when not.")

    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let (lines, isClean) = try await Commands.recount(database: database.database)
        for line in lines { print(line) }
        if !isClean { throw ExitCode(1) }
    }
}
