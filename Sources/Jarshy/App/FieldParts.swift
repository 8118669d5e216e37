import JarshyKit

/// What each feature adds to what a phone is told: a line a feature.
enum FieldParts {
    static let all: [FieldPart] = [
        ProposalsField.part(for:on:in:),
        MaterialsField.part,
        { actor, day, db in [.init("questions", .object(try QuestionsField.part(for: actor, on: day, in: db)))] },
        CanvassField.part,
        EventsField.part,
        DevicesField.part,
    ]
}
