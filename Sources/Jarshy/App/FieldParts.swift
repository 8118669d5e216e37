/// What each feature adds to what a phone is told: a line a feature.
enum FieldParts {
    static let all: [FieldPart] = [
        MaterialsField.part,
    ]
}
