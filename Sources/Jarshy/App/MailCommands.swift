import Foundation
import JarshyKit
import Storage

extension Commands {
    /// The relay of `serve`, as it was typed.
    public struct MailOptions: Sendable {
        public var relay: String
        public var from: String
        public var site: String
        public var user: String?
        public var passwordFile: String?
        public var tls = "try"

        public init(relay: String, from: String, site: String) {
            self.relay = relay
            self.from = from
            self.site = site
        }

        /// - Throws: `Refused`, with what to type instead.
        func settings() throws -> MailSettings {
            guard relay.wholeMatch(of: #/smtps?:\/\/[A-Za-z0-9.\-\[\]:]+/#) != nil else {
                throw Refused("--smtp is smtp://host:port or smtps://host:port, not '\(relay)'")
            }
            guard let address = MailAddress(from) else { throw Refused("--mail-from is no mail address: '\(from)'") }
            guard site.wholeMatch(of: #/https?:\/\/[^\s\/]+/#) != nil else {
                throw Refused("--site is where residents open this server: https://answers.example.kz, not '\(site)'")
            }
            guard let tls = MailSettings.TLS(rawValue: tls) else { throw Refused("--smtp-tls is never, try or always") }
            var settings = MailSettings(relay: relay, from: address, site: site)
            settings.tls = tls
            settings.user = user
            if let passwordFile {
                guard let text = try? String(contentsOfFile: passwordFile, encoding: .utf8) else {
                    throw Refused("the file of --smtp-password-file cannot be read: \(passwordFile)")
                }
                settings.password = text.trimmingSpaces()
            }
            return settings
        }
    }

    public struct MailInOptions: Sendable {
        public var database: String
        public var home: String?
        /// The address people write to, without a tag.
        public var address: String
        /// To whom the relay delivered it.
        public var recipient: String?
        public var campaign = ""

        public init(database: String, address: String) {
            self.database = database
            self.address = address
        }
    }

    /// What a relay's pipe understands (sysexits.h).
    public enum MailInExit: Int32, Sendable {
        case taken = 0
        case usage = 64
        case data = 65
        /// Try again: the relay keeps the letter.
        case later = 75
    }

    /// Takes one letter.
    /// - Parameters:
    ///   - letter: its first `mostMailBytes` bytes.
    ///   - mark: SHA-256 of all of it.
    /// - Returns: the exit code, and a line for the relay's log without a word of the letter.
    public static func takeMail(_ letter: [UInt8], mark: [UInt8], _ options: MailInOptions) async -> (MailInExit, String) {
        guard let own = MailAddress(options.address) else { return (.usage, "--address is no mail address") }
        guard let mail = IncomingMail(letter) else { return (.data, "no letter came in") }
        let action = TakeMail(
            mail: mail, mark: Blob(mark), recipient: options.recipient.flatMap { MailAddress($0) }, own: own,
            campaign: options.campaign, writers: LetterWriters.all)
        do {
            let home = try Home(options.home)
            let database = try Database.open(options.database)
            do {
                let pending = try await Migrations(home).pending(database)
                guard pending.isEmpty else {
                    try? await database.close()
                    return (.later, "the database is not migrated")
                }
                let taken = try await database.run(action, by: .operator, at: SystemClock().now)
                try? await database.close()
                return (.taken, taken.isRepeat ? "taken before: \(taken.outcome.rawValue)" : taken.outcome.rawValue)
            } catch {
                try? await database.close()
                throw error
            }
        } catch {
            return (.later, "the letter was not taken: \(error)")
        }
    }

    /// The most of a letter that is kept in memory.
    public static let mostMailBytes = IncomingMail.mostBytes
}
