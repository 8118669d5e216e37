/// What an API token may do of what its person may.
enum TokenScope: String, CaseIterable, Sendable {
    /// Figures and reports, nothing written.
    case read
    /// The operations of `/api/v1/sync`: what a device in the field needs.
    case sync
    case full

    /// Nil: everything the person may.
    var allowed: Set<Right>? {
        switch self {
        case .read: [.viewFigures, .viewReports, .readSummary, .exportFigures]
        case .sync:
            [
                .fileReports, .correctReports, .voidReports, .settleReports, .checkDistrict, .checkRegion, .canvass,
                .useMaterials, .takeQuestions,
            ]
        case .full: nil
        }
    }

    /// The key of its words.
    var words: String {
        switch self {
        case .read: "tokens.scope.read"
        case .sync: "tokens.scope.sync"
        case .full: "tokens.scope.all"
        }
    }
}
