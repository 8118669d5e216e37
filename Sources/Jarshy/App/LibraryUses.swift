/// What rests on the library: a line a feature.
enum LibraryUses {
    static let all = [AnswerUse.use, BriefUse.use]
}
