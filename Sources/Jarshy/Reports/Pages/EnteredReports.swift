import JarshyKit
import Storage

/// Reports by when the ledger took them in, and what it moved then: what a summary table's figure is made of.
///
/// A correction counts by what it changed, a void takes off. Checks and verdicts on evidence move no total.
extension ReportRows {
    /// Within a span every report of which something entered; up to a moment those that stood then.
    func entered(_ span: ReportFilter.Entered) -> [SQL] {
        guard span.after != nil else {
            return ["filed_at <= \(span.until)", "NOT (voided AND changed_at <= \(span.until))"]
        }
        return ["id IN (SELECT entry.report FROM entry WHERE \(moving(span)))"]
    }

    /// A corrected report may have told the metric before.
    func told(_ metric: Metric) -> SQL {
        filter.entered == nil
            ? SlotColumns.all[metric.slot] + " IS NOT NULL" : "(" + SlotColumns.all[metric.slot] + " IS NOT NULL OR rev > 1)"
    }

    /// Of the whole list from the ledger alone, so that it is to the last report the figure of the table; narrowed by what a
    /// report is now, of the reports listed.
    func enteredTotal(_ span: ReportFilter.Entered) throws -> (reports: Int64, amounts: Amounts) {
        let count = try countRows()
        let isWhole =
            filter.author == nil && filter.flag == nil && filter.below == nil && filter.band == nil && filter.state == .all
        if isWhole, span.after == nil {
            let later = try moved(.init(after: span.until, until: Instant(milliseconds: .max)), "")
            return (count, try storedTotal().amounts &- later)
        }
        var listed: SQL = ""
        if !isWhole { listed = " AND entry.report IN (SELECT id \(try from()))" }
        return (count, try moved(span, listed))
    }

    /// What entered of each of these reports within the span.
    func moved(_ span: ReportFilter.Entered, of reports: [ReportID]) throws -> [ReportID: Amounts] {
        var moved: [ReportID: Amounts] = [:]
        for chunk in Padded.chunks(reports) {
            try db.rows(
                """
                SELECT entry.report, \(AmountColumns.sums) FROM entry
                WHERE \(moving(span)) AND entry.report IN \(chunk) GROUP BY entry.report
                """
            ) { row in
                moved[try row.next()] = try Amounts.reading(&row)
                return true
            }
        }
        return moved
    }

    private func moved(_ span: ReportFilter.Entered, _ condition: SQL) throws -> Amounts {
        var sql: SQL = "SELECT \(AmountColumns.sums) FROM entry WHERE entry.campaign = \(filter.campaign.no) AND "
        sql += moving(span) + condition
        if !filter.isRoot { sql += " AND entry.path IN (SELECT path FROM path_member WHERE unit = \(filter.unit.no))" }
        if let from = filter.from { sql += " AND entry.day >= \(from)" }
        if let to = filter.to { sql += " AND entry.day <= \(to)" }
        if filter.hasCellCondition { sql += " AND entry.cell IN \(cellsAsked)" }
        return try db.first(sql) { row in try Amounts.reading(&row) } ?? Amounts()
    }

    private func moving(_ span: ReportFilter.Entered) -> SQL {
        var sql: SQL = "entry.kind NOT IN ('check', 'evidence') AND entry.side <> 0 AND entry.at <= \(span.until)"
        if let after = span.after { sql += " AND entry.at > \(after)" }
        return sql
    }
}
