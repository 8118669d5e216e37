/// What can be searched: a line a feature.
enum SearchSpaces {
    static let all = [
        SearchSpaceRule(space: AnswerIndex.space, kind: "answer", right: nil),
        SearchSpaceRule(space: ProposalIndex.space, kind: "proposal", right: nil),
    ]
}
