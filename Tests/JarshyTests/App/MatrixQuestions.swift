import JarshyKit
import Storage

@testable import Jarshy

extension MatrixDeed {
    static let questions: [MatrixDeed] = [
        MatrixDeed(
            "AskQuestion",
            operation: { world, place in QuestionWorld.ask(world.number(), "Сұрақ", unit: place.primary) }),
        MatrixDeed("ClarifiedQuestion", operation: { world, place in
            let id = try await world.question(place)
            try await world.site.database.run(AskBack(question: id, text: "Қай жер?"), by: .operator, at: world.now)
            return Ops.op([
                .init("op", .text(Ops.id(world.number()))), .init("kind", .text("question.clarified")),
                .init("question", .text(id.description)), .init("text", .text("Осы жер")),
            ])
        }),
        // Residents only: whoever has an account does not ask as one.
        MatrixDeed("AskPublicly") { world, _, _ in
            AskPublicly(
                id: QuestionID.make(at: world.now), campaign: "test", unit: "", topic: "", language: .kk, text: "Сұрақ",
                contact: "", isAdult: false, address: "10.0.0.1")
        },
        MatrixDeed("ClarifyByNumber") { world, _, place in
            let (id, number) = (try await world.question(place), TrackingNumber.make())
            try await world.site.database.run(AskBack(question: id, text: "Қай жер?"), by: .operator, at: world.now)
            try await world.site.database.write { db in
                try db.run(
                    """
                    INSERT INTO question_number (hash, question)
                    VALUES (\(number.hash(secret: try QuestionSecret.make(in: db))), \(id))
                    """)
            }
            return ClarifyByNumber(number: number, text: "Осы жер", address: "\(world.number())")
        },
        MatrixDeed("SortQuestion", question: { SortQuestion(question: $0, topic: "") }),
        MatrixDeed("SendQuestion") { world, _, place in
            SendQuestion(question: try await world.question(place), expert: try await world.answerer())
        },
        MatrixDeed("AskBack", question: { AskBack(question: $0, text: "Қай жер?") }),
        MatrixDeed("JoinQuestions") { world, _, place in
            JoinQuestions(question: try await world.question(place), target: try await world.question(place))
        },
        MatrixDeed("UndoJoining") { world, _, place in
            let joining = try await world.site.database.run(
                JoinQuestions(question: try await world.question(place), target: try await world.question(place)),
                by: .operator, at: world.now)
            return UndoJoining(joining: joining ?? JoiningID(high: 0, low: 0))
        },
        MatrixDeed("PartQuestion") { world, _, place in
            let id = try await world.question(place)
            _ = try await world.site.database.run(
                JoinQuestions(question: id, target: try await world.question(place)), by: .operator, at: world.now)
            return PartQuestion(question: id)
        },
        MatrixDeed("DeclineQuestion", question: { DeclineQuestion(question: $0, reason: "insult") }),
        MatrixDeed("RestoreQuestion") { world, _, place in
            let id = try await world.question(place)
            try await world.site.database.run(DeclineQuestion(question: id, reason: "insult"), by: .operator, at: world.now)
            return RestoreQuestion(question: id)
        },
        MatrixDeed("NoteQuestion", question: { NoteQuestion(question: $0, text: "Жазба") }),
        MatrixDeed("ReadContact") { world, _, place in
            let id = try await world.question(place)
            try await world.site.database.write { db in
                try db.run(
                    """
                    INSERT INTO question_contact (question, kind, value, organization, delete_day)
                    VALUES (\(id), 'email', 'a@b.kz', 0, 40000)
                    """)
            }
            return ReadContact(question: id)
        },
        // The question lies with nobody here: only its own expert answers it.
        MatrixDeed("WriteAnswer") { world, actor, place in
            let id = try await world.question(place)
            let person = actor.person
            try await world.site.database.write { db in
                try db.run("UPDATE question SET state = 'with_expert', expert = \(person) WHERE id = \(id)")
            }
            return WriteAnswer(question: id, title: "Сұрақ", body: "Жауап", sources: [NamedSource(title: "Ереже", url: "", day: Day("2026-01-12"))])
        },
        MatrixDeed("RewriteAnswer") { world, _, place in
            RewriteAnswer(
                answer: try await world.answer(place, approved: true), language: .ru, title: "Вопрос", body: "Ответ",
                reason: "")
        },
        MatrixDeed("ApproveAnswer") { world, _, place in
            ApproveAnswer(answer: try await world.answer(place, approved: false), language: .kk)
        },
        MatrixDeed("WithdrawAnswer") { world, _, place in
            WithdrawAnswer(answer: try await world.answer(place, approved: true), reason: "Деректе қате бар")
        },
        MatrixDeed("SendBackAnswer") { world, _, place in
            let answer = try await world.answer(place, approved: false)
            let question = try await world.site.database.read { db in try AnswerRows.find(answer, in: db)?.question }
            return SendBackAnswer(question: question!, note: "Дереккөзін қараңыз")
        },
        MatrixDeed("PressAnswer") { world, _, place in
            PressAnswer(answer: try await world.answer(place, approved: true), helped: true, address: "\(world.number())")
        },
        MatrixDeed(
            "ToldQuestion",
            operation: { world, place in
                let answer = try await world.answer(place, approved: true)
                let question = try await world.site.database.read { db in try AnswerRows.find(answer, in: db)?.question }
                return Ops.op([
                    .init("op", .text(Ops.id(world.number()))), .init("kind", .text("question.told")),
                    .init("question", .text(question!.description)), .init("version", .integer(1)),
                ])
            }),
        MatrixDeed("DeleteContacts") { _, _, _ in DeleteContacts() },
        MatrixDeed("SetDesk") { _, _, _ in
            SetDesk(campaign: "test", organization: "north", answerDays: 3, contactDays: 90)
        },
        MatrixDeed("SaveTopic") { _, _, _ in
            SaveTopic(campaign: "test", code: "where", names: Trio(kk: "Қ", ru: "Г", en: "W"))
        },
        MatrixDeed("AddExpert") { world, _, place in
            try await world.topic()
            _ = try await world.answerer()
            return AddExpert(campaign: "test", topic: "where", login: "answerer", unit: place.primary, languages: [.kk])
        },
        MatrixDeed("EndExpert") { world, _, place in
            try await world.topic()
            _ = try await world.answerer()
            try await world.site.database.run(
                AddExpert(campaign: "test", topic: "where", login: "answerer", unit: place.primary, languages: [.kk]),
                by: .operator, at: world.now)
            let unit = try await world.unitNo(place.primary)
            let expert = try await world.site.database.read { db in
                try db.first(ID<ExpertMark>.self, "SELECT id FROM expert WHERE unit = \(unit) AND ended_at IS NULL")
            }
            return EndExpert(expert: expert ?? ID(high: 0, low: 0))
        },
    ]

    /// A deed on a question somebody else took down.
    private init<Deed: Action>(_ action: String, question deed: @escaping @Sendable (QuestionID) -> Deed) {
        self.init(action) { world, _, place in deed(try await world.question(place)) }
    }
}

extension MatrixWorld {
    /// A question of a stranger in the place's primary organisation.
    func question(_ place: MatrixDeed.Place) async throws -> QuestionID {
        let n = number()
        // Another person each time: one account may not send hundreds a day.
        let taker = try await engine.actor(1000 + n)
        let outcome = try await site.app.intake.submit(
            [QuestionWorld.ask(n, "Сұрақ \(n)", unit: place.primary, reply: "activist")], by: taker, at: now)[0]
        guard outcome.status == .accepted else { throw StorageError.other("no question: \(outcome.receipt)") }
        return QuestionWorld.id(n)
    }

    /// An answer somebody else wrote, and a third person approved.
    func answer(_ place: MatrixDeed.Place, approved: Bool) async throws -> AnswerID {
        let id = try await question(place)
        let second = try await engine.actor(904)
        let expert = try await answerer()
        try await site.database.write { db in
            try db.run("UPDATE question SET state = 'with_expert', expert = \(expert) WHERE id = \(id)")
        }
        let expertActor = try await site.actor(expert)
        let answer = try await site.database.run(
            WriteAnswer(question: id, title: "Сұрақ", body: "Жауап", sources: [NamedSource(title: "Ереже", url: "", day: Day("2026-01-12"))]),
            by: expertActor, at: now)
        if approved { try await site.database.run(ApproveAnswer(answer: answer, language: .kk), by: second, at: now) }
        return answer
    }

    /// Somebody who may answer everywhere.
    func answerer() async throws -> PersonID {
        if let known = try await site.database.read({ db in try PersonRows.logins(["answerer"], in: db)["answerer"] }) {
            return known
        }
        return try await site.person("answerer", role: "expert", unit: "KZ")
    }

    func topic() async throws {
        try await site.database.run(
            SaveTopic(campaign: "test", code: "where", names: Trio(kk: "Қ", ru: "Г", en: "W")), by: .operator, at: now)
    }
}
