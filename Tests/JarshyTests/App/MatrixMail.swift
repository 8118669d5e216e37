import JarshyKit
import Storage

@testable import Jarshy

extension MatrixDeed {
    static let mail: [MatrixDeed] = [
        MatrixDeed("SetImprint") { _, _, _ in QuestionWorld.imprint("south") },
        MatrixDeed("BarContact") { _, _, _ in BarContact(address: "a@b.kz") },
        MatrixDeed("RepeatMail") { world, _, _ in RepeatMail(message: try await world.letter(.failed)) },
        MatrixDeed("DropMail") { world, _, _ in DropMail(message: try await world.letter(.failed)) },
        // Whoever holds the letter.
        MatrixDeed("StopMail") { world, _, _ in
            StopMail(token: try await world.token(try await world.letter(.sent)), writers: LetterWriters.all)
        },
        MatrixDeed("ResumeMail") { world, _, _ in
            ResumeMail(token: try await world.token(try await world.letter(.sent)))
        },
        MatrixDeed("TakeMail") { world, _, _ in
            TakeMail(
                mail: IncomingMail(Array("From: a@b.kz\r\n\r\nҚайда дауыс беремін?\r\n".utf8))!,
                mark: Blob((0..<32).map { UInt8($0) }), recipient: nil, own: MailAddress("answers@example.kz")!, campaign: "test",
                writers: LetterWriters.all)
        },
    ]
}

extension MatrixWorld {
    func letter(_ state: MailMessage.State) async throws -> MailID {
        let (about, now) = (LetterSubjectID(high: 7, low: number()), now)
        return try await site.database.write { db in
            try MailQueue.put(
                [
                    NewMessage(
                        kind: "question.taken", campaign: CampaignNo(1), organization: OrganizationNo(1), about: about, version: 0,
                        language: .kk, address: "a@b.kz")
                ], at: now, in: db)
            let id = try db.value("SELECT id FROM mail_message WHERE about = \(about)", as: MailID.self)
            try MailQueue.set(state, of: id, at: now, in: db)
            return id
        }
    }

    func token(_ message: MailID) async throws -> String {
        try await site.database.write { db in LetterToken(message, .stop).text(key: try ContactKey.make(in: db)) }
    }
}
