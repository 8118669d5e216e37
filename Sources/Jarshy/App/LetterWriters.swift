/// Who writes letters: a line a feature.
enum LetterWriters {
    static let all: [any LetterWriter] = [QuestionLetters(), ProposalLetters()]
}
