import JarshyKit

/// What a form of these pages says, sent as the operation a phone would send.
enum MaterialDeed {
    /// - Throws: the problem that refused it. What would wait for another operation on a phone is refused to a form.
    @discardableResult
    static func submit(
        _ kind: String, _ campaign: Campaign, _ members: [Json.Member], _ visit: Visit, _ intake: Intake
    ) async throws -> Outcome {
        let head: [Json.Member] = [
            .init("op", .text(try FormOperation.id(visit.form).description)), .init("kind", .text(kind)),
            .init("campaign", .text(campaign.code)),
        ]
        guard let operation = Operation(.object(head + members), device: "", door: .form),
            let outcome = try await intake.submit([operation], by: try visit.require(), at: visit.now).first
        else { throw FormOperation.missing }
        guard outcome.status == .accepted else {
            throw outcome.problem ?? Problem("refused", status: 422, "The operation was refused.")
        }
        return outcome
    }
}

extension Fields {
    /// A member of an operation from a field; nothing typed is no member.
    func member(_ name: String) -> [Json.Member] {
        text(name).isEmpty ? [] : [.init(name, .text(text(name)))]
    }

    /// - Throws: 422 for what is no whole number.
    func number(_ name: String) throws -> [Json.Member] {
        try wholeNumber(name).map { [.init(name, .integer($0))] } ?? []
    }
}

/// One deed of a page: a form that opens under its heading. Fields as in `material_deed.mustache`.
struct DeedForm: PageModel {
    let deedAction: String
    /// The operation's id: the same form sent twice counts once; a form that was refused gets a new one.
    let deedOp: String
    let deedName: String
    let deedButton: String
    let deedOpen: Bool
    let deedHint: String
    let hasHint: Bool
    var numbers: [NumberField] = []
    var selects: [SelectField] = []
    var days: [DateField] = []
    var texts: [TextField] = []

    init(_ action: String, name: String, button: String, hint: String = "", open: Bool, at now: Instant) {
        deedAction = action
        deedOp = OperationID.make(at: now).description
        deedName = name
        deedButton = button
        deedOpen = open
        deedHint = hint
        hasHint = !hint.isEmpty
    }
}

/// A file to choose. Fields as in `material_file_field.mustache`.
struct FileField: PageModel {
    let id: String
    let name: String
    let label: String
    let hasHint: Bool
    let hint: String
    let hasError: Bool
    let error: String
    let required: Bool
    let described: Bool
    let describedBy: String
    let accept: String

    init(_ name: String, _ label: String, hint: String, error: String = "", required: Bool, accept: String) {
        id = name
        self.name = name
        self.label = label
        hasHint = !hint.isEmpty
        self.hint = hint
        hasError = !error.isEmpty
        self.error = error
        self.required = required
        let described = Described(name, hint: hint, error: error)
        self.described = described.any
        describedBy = described.ids
        self.accept = accept
    }
}
