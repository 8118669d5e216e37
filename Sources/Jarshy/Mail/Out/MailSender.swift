import JarshyKit
import Logging
import ServiceLifecycle
import Storage

/// Sends what waits. One attempt is: take the letter, write it, ask the gate, send it, ask the gate again before its last
/// byte, note what the relay said.
struct MailSender: Sendable {
    let database: Database
    let relay: Relay
    let writers: [any LetterWriter]
    let words: @Sendable (Language) throws -> Words
    let clock: any JarshyKit.Clock
    let logger: Logger

    private var settings: MailSettings { relay.settings }

    /// Sends everything that is due; stops when nobody is there.
    /// - Returns: how many the relay accepted.
    @discardableResult
    func round() async throws -> Int {
        var sent = 0
        // Mostly there is nothing: then nothing is written either.
        guard try await database.read({ [clock] db in try MailQueue.isDue(at: clock.now, in: db) }) else { return 0 }
        try await database.write { [clock] db in try MailQueue.recover(at: clock.now, in: db) }
        while !Task.isCancelled {
            let message = try await database.write { [clock] db in try MailQueue.claim(at: clock.now, in: db) }
            guard let message else { break }
            let answer = try await attempt(message)
            if case .accepted = answer { sent += 1 }
            if case .unreachable(let why) = answer {
                logger.warning("the mail relay does not answer", metadata: ["reason": "\(why)"])
                break
            }
        }
        return sent
    }

    private struct Ready: Sendable {
        let letter: Letter
        let pass: Release.Pass
        let key: [UInt8]
    }

    private enum Written: Sendable {
        case ready(Ready)
        /// Nothing to say any more.
        case gone
        case refused(Problem)
        /// The address has had its letters of the day.
        case enough
    }

    private func attempt(_ message: MailMessage) async throws -> Relay.Verdict? {
        switch try await written(message) {
        case .gone:
            try await note(.stopped, "gone", message)
        case .enough:
            try await wait(message, "enough-today", at: clock.now.advanced(seconds: 6 * 3600))
        case .refused(let problem) where Release.Refusal.isPassing(problem):
            try await wait(message, problem.slug, at: clock.now.advanced(seconds: 600))
        case .refused(let problem):
            try await note(.stopped, problem.slug, message)
        case .ready(let ready):
            return try await send(ready, message)
        }
        return nil
    }

    private func written(_ message: MailMessage) async throws -> Written {
        guard let writer = writers.first(where: { $0.kinds.contains(message.kind) }) else { return .gone }
        let desk = LetterDesk(words: try words(message.language), site: settings.site)
        let clock = clock
        return try await database.read { db in
            guard let letter = try writer.letter(message, desk: desk, in: db), let key = try ContactKey.find(in: db) else {
                return .gone
            }
            let now = clock.now
            do {
                let pass = try ReleaseGate.pass(letter.item, at: now, in: db)
                let handed = try MailQueue.handed(to: message.mark, since: now.advanced(seconds: -86_400), in: db)
                return handed >= MailMessage.mostADay ? .enough : .ready(Ready(letter: letter, pass: pass, key: key))
            } catch let problem as Problem {
                return .refused(problem)
            }
        }
    }

    private func send(_ ready: Ready, _ message: MailMessage) async throws -> Relay.Verdict {
        let text = LetterText(
            letter: ready.letter, pass: ready.pass, message: message, settings: settings, key: ready.key,
            words: try words(message.language))
        let back = settings.from.tagged(LetterToken(message.id, .bounce).tag(key: ready.key))
        let envelope = Relay.Envelope(from: ready.letter.isReply ? nil : back, to: ready.letter.address)
        let (database, clock, item) = (database, clock, ready.letter.item)
        let answer = await relay.send(text.bytes(at: clock.now), envelope, with: ready.pass) {
            // The last moment: midnight may have come since, or the reader may have said stop.
            let done = try? await database.write { db -> Bool in
                try ReleaseGate.pass(item, at: clock.now, in: db)
                let now = clock.now
                try MailQueue.set(
                    .handed, next: now.advanced(seconds: MailMessage.leaseSeconds), of: message.id, at: now, in: db)
                return true
            }
            return done == true
        }
        try await note(answer, message)
        return answer
    }

    private func note(_ answer: Relay.Verdict, _ message: MailMessage) async throws {
        switch answer {
        case .accepted:
            let (now, writers) = (clock.now, writers)
            try await database.write { db in
                try MailQueue.set(.sent, of: message.id, at: now, in: db)
                for writer in writers where writer.kinds.contains(message.kind) { try writer.sent(message, at: now, in: db) }
            }
        case .later(let code): try await wait(message, String(code), at: message.next(after: clock.now))
        case .unreachable: try await wait(message, "unreachable", at: message.next(after: clock.now))
        // What held it back is told by the next attempt, which asks the gate first.
        case .heldBack: try await wait(message, "held-back", at: clock.now.advanced(seconds: 60))
        case .unsure: try await note(.unsure, "no-answer", message)
        case .no(let code, let recipient):
            let (now, mark) = (clock.now, message.mark)
            try await database.write { db in
                try MailQueue.set(.failed, String(code), of: message.id, at: now, in: db)
                if recipient, code == 550 || code == 551 || code == 553 { try mark.set(.bounced, at: now, in: db) }
            }
        }
    }

    private func note(_ state: MailMessage.State, _ reason: String, _ message: MailMessage) async throws {
        let now = clock.now
        try await database.write { db in try MailQueue.set(state, reason, of: message.id, at: now, in: db) }
    }

    private func wait(_ message: MailMessage, _ reason: String, at next: Instant?) async throws {
        let now = clock.now
        try await database.write { db in
            try MailQueue.set(next == nil ? .failed : .waiting, reason, next: next, of: message.id, at: now, in: db)
        }
    }
}

/// Sends every second, as long as the server runs.
struct MailClock: Service {
    let sender: MailSender
    let logger: Logger
    var pause = Duration.seconds(1)

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                let sent = try await sender.round()
                if sent > 0 { logger.info("letters sent", metadata: ["count": "\(sent)"]) }
            } catch {
                // What waits goes on waiting.
                logger.error("letters were not sent", metadata: ["error": "\(error)"])
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        }
    }
}
