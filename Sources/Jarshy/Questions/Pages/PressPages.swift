import JarshyKit

/// Where residents press whether their question was answered: on an answer, and on a public event that was held.
enum PressPages {
    static func routes(_ site: inout Routes) {
        site.post("/answers/{id}/press", .open) { visit in
            guard let id = AnswerID(visit.parameter("id")) else { throw Problem.notFound("answer") }
            return try await press(
                PressAnswer(answer: id, helped: visit.form.text("helped") == "1", address: visit.address), "/answers/\(id)", visit)
        }
        site.post("/meetings/{id}/press", .open) { visit in
            guard let id = EventID(visit.parameter("id")) else { throw Problem.notFound("event") }
            return try await press(
                PressEvent(event: id, helped: visit.form.text("helped") == "1", address: visit.address), "/meetings/\(id)", visit)
        }
    }

    private static func press(_ action: some Action, _ path: String, _ visit: Visit) async throws -> Reply {
        let (actor, now) = (visit.actor ?? .resident, visit.now)
        try await visit.write { db in _ = try action.perform(by: actor, at: now, in: db) }
        return .redirect(path, flash: .init(kind: .done, text: visit.words("answer.pressed")))
    }
}
