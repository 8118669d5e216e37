import JarshyKit
import Storage

/// One report as a page, and what may be done with it from there. Each form is one operation of the intake under the id
/// its hidden field carries, so pressing twice does a thing once.
enum ReportDeeds {
    enum Deed: String, Sendable {
        case correction, void, check, settlement
    }

    static func routes(_ site: inout Routes, intake: Intake) {
        site.get("/reports/{id}", .signedIn) { visit in try await page(visit, refused: nil) }
        for deed in [Deed.correction, .void, .check, .settlement] {
            site.post("/reports/{id}/\(deed.rawValue)", .signedIn) { visit in
                try await visit.attempt(
                    { try await perform(deed, visit, intake) },
                    again: { try await page(visit, refused: RefusedForm(deed: deed, problem: $0, form: visit.form)) })
            }
        }
        site.post("/checks", .signedIn) { visit in try await ReportChecks.perform(visit, intake) }
    }

    private static func page(_ visit: Visit, refused: RefusedForm?) async throws -> Reply {
        let (actor, today, id) = (try visit.require(), visit.today, visit.parameter("id"))
        let view = try await visit.read { db in try ReportView(id, actor: actor, today: today, in: db) }
        let page = ReportPage(
            view, actor: actor, now: visit.now, today: today, refused: refused, words: visit.words)
        return .page(
            "report", page,
            PageHead(page.heading, section: "reports", campaign: view.campaign.names[visit.language]))
    }

    private static func perform(_ deed: Deed, _ visit: Visit, _ intake: Intake) async throws -> Reply {
        let (actor, today, id) = (try visit.require(), visit.today, visit.parameter("id"))
        // Read first: outside the scope it is 404 whatever the form says, and the form asks only what this report asks.
        let view = try await visit.read { db in try ReportView(id, actor: actor, today: today, in: db) }
        let body =
            switch deed {
            case .correction: try correction(visit.form, view)
            case .void: try void(visit.form, view)
            case .check: try check(visit.form, view)
            case .settlement: try settlement(visit.form, view)
            }
        guard let operation = Operation(body, device: "", door: .form) else { throw FormOperation.missing }
        guard let outcome = try await intake.submit([operation], by: actor, at: visit.now).first else {
            throw FormOperation.missing
        }
        _ = try outcome.accepted()
        return .redirect("/reports/\(view.report.id)", flash: flash(deed, outcome, visit.words))
    }

    private static func flash(_ deed: Deed, _ outcome: Outcome, _ words: Words) -> Reply.Flash {
        let key =
            switch deed {
            case .correction: "report.corrected"
            case .void: "report.voided"
            case .check: "report.checked"
            case .settlement: "report.settled"
            }
        if outcome.isCompeting, deed == .correction || deed == .void {
            return .init(kind: .warn, text: words("report.corrected.competes"))
        }
        return .init(kind: .done, text: words(deed == .settlement ? key : "\(key).done"))
    }

    private static func correction(_ form: Fields, _ view: ReportView) throws -> Json {
        let typed = try TypedMetrics(form, of: view.campaign.metrics)
        var members = try FormOperation.head("report.correct", form, view.report.id)
        members += try reason(form)
        members.append(.init("base_rev", .integer(try version("base_rev", form))))
        members.append(.init("metrics", typed.json))
        // Everything the form says, whether or not it differs from what stands now: the same form sent again, when the
        // first has been applied, must be the same operation.
        members.append(.init("day", .text(try form.neededDay("day").description)))
        for name in ["audience", "channel"] {
            if let chosen = form.code(name) { members.append(.init(name, .text(chosen))) }
        }
        if form.has("place") { members.append(.init("place", form.code("place").map { .text($0) } ?? .null)) }
        if form["confirm"] == ConfirmCode.make(view.report.id.description, typed.values) {
            members.append(.init("confirmed", .bool(true)))
        }
        return .object(members)
    }

    private static func void(_ form: Fields, _ view: ReportView) throws -> Json {
        .object(
            try FormOperation.head("report.void", form, view.report.id) + reason(form)
                + [.init("base_rev", .integer(try version("base_rev", form)))])
    }

    private static func check(_ form: Fields, _ view: ReportView) throws -> Json {
        .object(
            try FormOperation.head("report.check", form, view.report.id)
                + [
                    .init("base_rev", .integer(try version("base_rev", form))),
                    .init("level", .text(form.text("level"))),
                ])
    }

    /// Whoever settles says which version is right; why it was written, its author has said.
    private static func settlement(_ form: Fields, _ view: ReportView) throws -> Json {
        .object(
            try FormOperation.head("report.settle", form, view.report.id)
                + [
                    .init("rev", .integer(try version("rev", form))), .init("decision", .text(form.text("decision"))),
                    .init("reason", .text(Reason.other.rawValue)),
                ])
    }

    private static func version(_ name: String, _ form: Fields) throws -> Int64 {
        guard let version = try form.wholeNumber(name) else {
            throw Problem.invalid([Problem.Fault(name, "missing", "'\(name)' is missing.")])
        }
        return version
    }

    private static func reason(_ form: Fields) throws -> [Json.Member] {
        guard let reason = Reason(rawValue: form.text("reason")) else {
            throw Problem.invalid([Problem.Fault("reason", "missing", "A reason is wanted.")])
        }
        let text = form.text("reason_text")
        guard reason != .other || !text.isEmpty else {
            throw Problem.invalid([Problem.Fault("reason_text", "missing", "Say in words what the other reason is.")])
        }
        return [.init("reason", .text(reason.rawValue))] + (text.isEmpty ? [] : [.init("reason_text", .text(text))])
    }
}

/// What every form's operation has.
enum FormOperation {
    static let missing = Problem.invalid([
        Problem.Fault("op", "missing", "The form carries no operation id; load the page anew and send again.")
    ])

    static func id(_ form: Fields, _ name: String = "op") throws -> OperationID {
        guard let id = OperationID(form.text(name)) else { throw missing }
        return id
    }

    static func head(_ kind: String, _ form: Fields, _ report: ReportID) throws -> [Json.Member] {
        [
            .init("op", .text(try id(form).description)), .init("kind", .text(kind)),
            .init("report", .text(report.description)),
        ]
    }
}
