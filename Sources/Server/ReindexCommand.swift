import ArgumentParser
import Jarshy

struct ReindexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reindex", abstract: "Build the search index anew, beside the one that answers.",
        discussion: """
            May run beside a server: it answers from the old index until the new one is whole. Interrupted, it goes on where it \
            stood when it is run again. Run it after an update that says so.
            """)

    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let bar = ProgressBar("documents")
        do {
            let lines = try await Commands.reindex(database: database.database) { done, all in bar.show(done, of: all) }
            bar.clear()
            for line in lines { print(line) }
        } catch {
            bar.clear()
            printError("reindex: \(error); run it again, it goes on where it stood.")
            throw ExitCode.failure
        }
    }
}
