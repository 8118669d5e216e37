import ArgumentParser
import Jarshy
import Logging

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve the site and the API.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var home: HomeOption

    @Option(help: "HOST:PORT; [::1]:8080 for IPv6.")
    var listen = "127.0.0.1:8080"

    @Option(help: "Folder for photos and scans; without it, beside the database (x.sqlite.files), or ./jarshy-files.")
    var files: String?

    @Option(help: "Days after a campaign's end until originals of photos are deleted.")
    var evidenceDays = 180

    @Flag(help: "Read templates, words and styles again when they change.")
    var dev = false

    @Flag(help: "The site is reached over TLS: cookies are Secure, browsers are told to insist.")
    var https = false

    @Flag(help: "Believe X-Forwarded-For, -Proto and -Host. Only behind a proxy that sets them.")
    var behindProxy = false

    @OptionGroup var mail: MailOutOptions

    @Option(help: "debug, info, notice, warning or error.")
    var log = "info"

    func run() async throws {
        guard let level = Logger.Level(rawValue: log) else { throw ValidationError("'\(log)' is no log level.") }
        let (host, port) = try address()
        var options = Commands.ServeOptions(database: database.database)
        options.host = host
        options.port = port
        options.home = home.home
        options.reload = dev
        options.https = https
        options.files = files
        options.evidenceDays = Int64(evidenceDays)
        options.behindProxy = behindProxy
        options.mail = try mail.options()
        try await Commands.serve(options, logger: startLogging(level))
    }

    private func address() throws -> (String, Int) {
        guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]),
            (0...65_535).contains(port)
        else { throw ValidationError("--listen is HOST:PORT, not '\(listen)'.") }
        let host = listen[..<colon].filter { $0 != "[" && $0 != "]" }
        return (host.isEmpty ? "0.0.0.0" : host, port)
    }
}
