import ArgumentParser
import Logging

/// The command line, `jarshy`: one file a command.
@main
struct Main: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jarshy",
        abstract: "Figures of a campaign, from the field to the board.",
        subcommands: [
            Serve.self, Migrate.self, Token.self, RoutesCommand.self, ImportCommand.self, DemoCommand.self, RecountCommand.self,
            MailInCommand.self, BenchCommand.self, SearchTestCommand.self, ReindexCommand.self,
        ])
}

/// Options that every command on a database shares.
struct DatabaseOption: ParsableArguments {
    @Option(help: "sqlite:PATH or postgres://user:password@host:port/name")
    var database: String
}

/// Where templates, words, styles and migrations lie.
struct HomeOption: ParsableArguments {
    @Option(help: "The folder with Static, Migrations and Sources/Jarshy; found by itself in a checkout.")
    var home: String?
}

/// Logs go to standard error, so that what a command prints can be piped.
func startLogging(_ level: Logger.Level) -> Logger {
    LoggingSystem.bootstrap { label in StreamLogHandler.standardError(label: label) }
    var logger = Logger(label: "jarshy")
    logger.logLevel = level
    return logger
}
