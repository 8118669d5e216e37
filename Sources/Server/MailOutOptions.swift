import ArgumentParser
import Jarshy

/// How `serve` sends letters. Without a relay they wait in the queue.
struct MailOutOptions: ParsableArguments {
    @Option(help: "The relay that carries letters on: smtp://host:port or smtps://host:port.")
    var smtp: String?

    @Option(help: "The address letters come from; what comes to it and to NAME+…@ is piped into 'jarshy mail-in'.")
    var mailFrom: String?

    @Option(help: "Where residents open this server, for links in letters: https://answers.example.kz")
    var site: String?

    @Option(help: "The relay's user, where it asks for one.")
    var smtpUser: String?

    @Option(help: "A file with the relay's password; no other user should be able to read it.")
    var smtpPasswordFile: String?

    @Option(help: "TLS with smtp://: never, try (when the relay offers it) or always.")
    var smtpTls = "try"

    func options() throws -> Commands.MailOptions? {
        guard let smtp else { return nil }
        guard let mailFrom, let site else { throw ValidationError("--smtp wants --mail-from and --site too.") }
        var options = Commands.MailOptions(relay: smtp, from: mailFrom, site: site)
        options.user = smtpUser
        options.passwordFile = smtpPasswordFile
        options.tls = smtpTls
        return options
    }
}
