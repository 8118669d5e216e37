import ArgumentParser
import Crypto
import Foundation
import Jarshy

struct MailInCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail-in", abstract: "Take one letter from the relay's pipe (standard input).",
        discussion: """
            A new question, more to an old one, or a bounce; what a machine sent is not taken. Exit 0: done with, the relay \
            forgets it. Exit 75: try again later, the relay keeps it. Exit 65: no letter. Exit 64: wrong options. The same \
            letter again changes nothing.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var home: HomeOption

    @Option(help: "The address people write to: answers@example.kz")
    var address: String

    @Option(help: "To whom the relay delivered it: ${original_recipient} of postfix.")
    var recipient: String?

    @Option(help: "Code of the campaign; without it the one that runs.")
    var campaign: String?

    func run() async throws {
        var options = Commands.MailInOptions(database: database.database, address: address)
        options.home = home.home
        options.recipient = recipient
        options.campaign = campaign ?? ""
        let (letter, mark) = Self.read()
        let (exit, line) = await Commands.takeMail(letter, mark: mark, options)
        FileHandle.standardError.write(Data("mail-in: \(line)\n".utf8))
        throw ExitCode(exit.rawValue)
    }

    /// All of standard input is read, so that the relay is never left with a broken pipe; only its beginning is kept.
    private static func read() -> (letter: [UInt8], mark: [UInt8]) {
        var (letter, hash) = ([UInt8](), SHA256())
        while let chunk = try? FileHandle.standardInput.read(upToCount: 1 << 16), !chunk.isEmpty {
            hash.update(data: chunk)
            let room = Commands.mostMailBytes - letter.count
            if room > 0 { letter += chunk.prefix(room) }
        }
        return (letter, Array(hash.finalize()))
    }
}
