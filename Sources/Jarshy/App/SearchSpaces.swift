/// What can be searched: a line a feature.
enum SearchSpaces {
    static let all = [
        SearchSpaceRule(kind: "answer", path: "/answers/", AnswerIndex.source),
        SearchSpaceRule(kind: "event", path: "/meetings/", EventIndex.source),
        SearchSpaceRule(kind: "proposal", path: "/proposals/", ProposalIndex.source),
        SearchSpaceRule(kind: "question", path: "/questions/", rights: QuestionScope.working, QuestionIndex.source),
    ]
}
