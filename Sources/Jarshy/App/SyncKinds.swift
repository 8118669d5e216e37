/// Everything `/api/v1/sync` takes: the table of kinds, a line a feature.
enum SyncKinds {
    static let all = LedgerKinds.reports
        .adding([ReportEvent.self])
        .adding([AskQuestion.self, ClarifiedQuestion.self, ToldQuestion.self])
        .adding([MakeProposal.self])
        .adding(MaterialKinds.all)
        .adding([VisitDoor.self])
        .adding([LogPublication.self])
}
