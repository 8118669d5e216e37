/// What each feature adds to what a phone is told: a line a feature.
enum FieldParts {
    static let all: [FieldPart] = [
        QuestionsField.part(for:on:in:),
        ProposalsField.part(for:on:in:),
    ]
}
