import JarshyKit
import Storage

/// Entering what came back on paper: a column of the sheet at a time, a digit a door, with the keyboard alone.
///
/// Each row becomes the operation a phone would have sent for that visit, under the same id; what a phone has told already
/// counts once and is shown as known.
enum PaperEntry {
    static func routes(_ site: inout Routes, intake: Intake) {
        site.get("/canvass/lists/{id}/enter", .right(.manageCanvass)) { visit in
            page(visit, try await ListPages.view(visit), problem: nil)
        }
        site.post("/canvass/lists/{id}/enter", .right(.manageCanvass)) { visit in
            try await visit.attempt(
                { try await take(visit, intake) },
                again: { problem in page(visit, try await ListPages.view(visit), problem: problem) })
        }
    }

    /// What is typed for an outcome: its place in the list of nine.
    static func digit(_ outcome: DoorOutcome) -> String {
        String((DoorOutcome.allCases.firstIndex(of: outcome) ?? 0) + 1)
    }

    private static func take(_ visit: Visit, _ intake: Intake) async throws -> Reply {
        let (actor, form) = (try visit.require(), visit.form)
        let view = try await ListPages.view(visit)
        let operations = try Sheet(form, view).operations()
        var (applied, known) = (0, 0)
        for start in stride(from: 0, to: operations.count, by: SyncApi.mostOperations) {
            let some = Array(operations[start..<min(start + SyncApi.mostOperations, operations.count)])
            for outcome in try await intake.submit(some, by: actor, at: visit.now) {
                guard outcome.status == .accepted else {
                    throw outcome.problem ?? Problem("refused", status: 422, "A visit was refused.")
                }
                if outcome.receipt.contains("\"effect\":\"applied\"") { applied += 1 } else { known += 1 }
            }
        }
        var told = visit.words.count("canvass.enter.done", applied)
        if known > 0 { told += " " + visit.words.count("canvass.enter.known", known) }
        let again = Fields([("attempt", form.text("attempt")), ("day", form.text("day"))]).encoded
        return .redirect("/canvass/lists/\(view.list.id)/enter?\(again)", flash: .init(kind: .done, text: told))
    }

    private static func page(_ visit: Visit, _ view: ListView, problem: Problem?) -> Reply {
        let fields = visit.method == "POST" ? visit.form : visit.query
        let page = PaperEntryPage(view, fields: fields, problem: problem, words: visit.words)
        return .page(
            "canvass_enter", page,
            PageHead(page.heading, section: "canvass", campaign: view.campaign.names[visit.language]))
    }

    /// One column of the paper as it was typed.
    private struct Sheet {
        let view: ListView
        let form: Fields
        let attempt: Int64
        let day: Day
        let secret: [UInt8]

        init(_ form: Fields, _ view: ListView) throws {
            var faults: [Problem.Fault] = []
            let attempt = Int64(form.text("attempt")).flatMap { VisitID.attempts.contains($0) ? $0 : nil }
            if attempt == nil { faults.append(Problem.Fault("attempt", "not-listed", "'attempt' is 1, 2 or 3.")) }
            let day = Day(form.text("day"))
            if day == nil { faults.append(Problem.Fault("day", "not-day", "'day' is no day.")) }
            guard let attempt, let day else { throw Problem.invalid(faults) }
            guard let secret = view.list.secret else {
                throw Problem.conflict("round-closed", "The round ended long ago; no visit of it is taken any more.")
            }
            (self.view, self.form, self.attempt, self.day, self.secret) = (view, form, attempt, day, secret)
        }

        /// An operation a row that says how it went.
        func operations() throws -> [Operation] {
            var faults: [Problem.Fault] = []
            var operations: [Operation] = []
            for door in view.doors {
                let outcome = form.text("o_\(door.row)")
                let leaflets = form.text("l_\(door.row)")
                guard !outcome.isEmpty else { continue }
                let count = leaflets.isEmpty ? 0 : Int64(leaflets) ?? -1
                if !(0...VisitDoor.mostLeaflets).contains(count) {
                    faults.append(.bounds("l_\(door.row)", 0, VisitDoor.mostLeaflets))
                }
                guard let operation = operation(door.row, outcome, leaflets: count, question: form["q_\(door.row)"] == "1") else {
                    continue
                }
                operations.append(operation)
            }
            if operations.isEmpty, faults.isEmpty {
                faults.append(Problem.Fault("o_\(view.doors.first?.row ?? 1)", "nothing-entered", "No row says how it went."))
            }
            guard faults.isEmpty else { throw Problem.invalid(faults) }
            return operations
        }

        private func operation(_ row: Int64, _ outcome: String, leaflets: Int64, question: Bool) -> Operation? {
            var random = SystemRandomNumberGenerator()
            let salt = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
            let id = VisitID.make(list: view.list.id, row: row, attempt: attempt, secret: secret)
            var members: [Json.Member] = [
                .init("op", .text(id.description)), .init("kind", .text(VisitDoor.kind)),
                .init("campaign", .text(view.campaign.code)), .init("list", .text(view.list.id.description)),
                .init("row", .integer(row)), .init("attempt", .integer(attempt)), .init("day", .text(day.description)),
                .init("outcome", .text(outcome)), .init("salt", .text(Base64URL.encoded(salt))),
            ]
            if leaflets > 0 { members.append(.init("leaflets", .integer(leaflets))) }
            if question { members.append(.init("question", .bool(true))) }
            return Operation(.object(members), device: "", door: .form)
        }
    }
}

struct PaperEntryPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let action: String
    let attempt: SelectField
    let day: DateField
    let rows: [EnteredDoor]

    init(_ view: ListView, fields: Fields, problem: Problem?, words: Words) {
        let (list, text) = (view.list, CanvassText(words: words))
        let wrong = FieldErrors(problem, words: words)
        let path = "/canvass/lists/\(list.id)"
        trail = [
            TrailLink("/canvass", words("canvass.title")),
            TrailLink("/canvass/\(view.round.id)", view.round.names[words.language]),
            TrailLink(path, words("canvass.list.number", ["n": text.number(list.number)])),
        ]
        here = words("canvass.enter")
        heading = here
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        action = path + "/enter"
        let attempt = Int64(fields.text("attempt")).flatMap { VisitID.attempts.contains($0) ? $0 : nil } ?? 1
        self.attempt = SelectField(
            "attempt", words("canvass.attempt"),
            options: VisitID.attempts.map { ("\($0)", words("canvass.attempt.\($0)")) }, chosen: "\(attempt)",
            hint: words("canvass.attempt.hint"), error: wrong["attempt"], required: true)
        day = DateField(
            "day", words("canvass.day"), value: fields.code("day") ?? min(view.today, list.until).description,
            error: wrong["day"], required: true, min: view.round.first, max: view.today)
        let outcomes = DoorOutcome.allCases.map { ($0.rawValue, "\(PaperEntry.digit($0)) \(text.outcome($0))") }
        rows = view.doors.map { door in
            EnteredDoor(door, attempt: attempt, fields: fields, outcomes: outcomes, wrong: wrong, text)
        }
    }
}

struct EnteredDoor: PageModel {
    let row: String
    let address: String
    let mark: StateMark
    /// This visit is known already, from a phone or from paper.
    let isKnown: Bool
    let outcomeID: String
    let outcomeLabel: String
    let options: [FieldOption]
    let leafletsID: String
    let leafletsLabel: String
    let leaflets: String
    let wrongLeaflets: Bool
    let leafletsError: String
    let questionID: String
    let questionLabel: String
    let hasQuestion: Bool

    init(
        _ door: CanvassDoor, attempt: Int64, fields: Fields, outcomes: [(String, String)], wrong: FieldErrors, _ text: CanvassText
    ) {
        let words = text.words
        row = text.number(door.row)
        address = door.state == .doNotVisit ? "—" : text.address(door.address)
        mark = text.mark(door.state)
        isKnown = door.visits & VisitID.bit(attempt) != 0
        outcomeID = "o_\(door.row)"
        leafletsID = "l_\(door.row)"
        questionID = "q_\(door.row)"
        let of = ["row": row, "address": address]
        outcomeLabel = words("canvass.enter.outcome", of)
        leafletsLabel = words("canvass.enter.leaflets", of)
        questionLabel = words("canvass.enter.question", of)
        let chosen = fields.text(outcomeID)
        options = ([("", "")] + outcomes).map { FieldOption(optionValue: $0.0, optionLabel: $0.1, selected: $0.0 == chosen) }
        leaflets = fields[leafletsID] ?? ""
        leafletsError = wrong[leafletsID]
        wrongLeaflets = !leafletsError.isEmpty
        hasQuestion = fields[questionID] == "1"
    }
}
