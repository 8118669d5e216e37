import JarshyKit

/// Where a summary table's figures open: each to what it is made of, never to figures of another hour.
///
/// A part divides further on its own table: of a live one the live table, of a fixed one the part's table fixed for the same
/// hour. Where there is none, and for the unit itself, the reports are listed by the ledger's time, which the table is about.
/// A figure nothing of its hour can be opened for is no link.
struct SummaryLinks {
    private let line: SummaryLine
    private let view: SummaryView
    private let code: String
    private let campaign: String

    init(_ line: SummaryLine, _ view: SummaryView) {
        self.line = line
        self.view = view
        code = percentEncoded(view.tree.code(of: line.unit))
        campaign = "campaign=\(percentEncoded(view.campaign.code))"
    }

    private var board: String { "/board/\(code)?\(campaign)" }
    private var edition: String? { line.kind == .part ? view.partEditions[line.unit].map { "/summary/\(code)/\($0)" } : nil }

    /// The name's own address.
    var row: String { edition ?? board }

    func day(_ metric: Metric) -> String {
        if let edition { return edition }
        let isDivided = line.kind == .part && !view.tree.children(of: line.unit).isEmpty
        if view.fixed == nil, isDivided { return "/summary/\(code)?\(campaign)" }
        return reports(metric, after: view.cut.advanced(seconds: -SummaryReader.daySeconds))
    }

    func start(_ metric: Metric) -> String {
        if let edition { return edition }
        if view.fixed == nil, line.kind == .part { return "\(board)&metric=\(percentEncoded(metric.code))" }
        return reports(metric, after: nil)
    }

    /// A part that moved here brought reports along which count where it stood then, and not here.
    private var hasStoodElsewhere: Bool {
        line.kind == .part && view.tree.parentsEver(of: line.unit).contains { $0 != view.scope.unit.no }
    }

    /// The list whose sum is the figure. A live table's own is of now, as the list is. A unit's own line has no list of its
    /// own: everything below it would be counted too.
    private func reports(_ metric: Metric, after: Instant?) -> String {
        guard view.opensReports, line.kind != .own, !hasStoodElsewhere else { return "" }
        var url = "/reports?unit=\(code)&\(campaign)&metric=\(percentEncoded(metric.code))"
        if let after { url += "&entered_after=\(after.milliseconds)" }
        if after != nil || view.fixed != nil { url += "&entered_until=\(view.cut.milliseconds)" }
        return url
    }
}
