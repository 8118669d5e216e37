/// What can be searched: a line a feature.
enum SearchSpaces {
    static let all = [
        SearchSpaceRule(kind: "answer", path: "/answers/", AnswerIndex.source),
        SearchSpaceRule(kind: "proposal", path: "/proposals/", ProposalIndex.source),
        SearchSpaceRule(
            kind: "event", path: "/events/", publicPath: "/meetings/", EventIndex.source,
            standing: EventIndex.standing, opens: EventIndex.opens),
        SearchSpaceRule(
            kind: "question", path: "/questions/", isForAnybody: false, QuestionIndex.source, opens: QuestionIndex.opens),
        SearchSpaceRule(
            kind: "material", path: "/materials/", isForAnybody: false, MaterialIndex.source, opens: MaterialIndex.opens),
    ]
}
