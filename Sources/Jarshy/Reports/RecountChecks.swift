import JarshyKit
import Storage

/// What else must hold besides the totals: presence, gapless numbers, and reports that are what their versions say.
extension Recount {
    static func checkPresence(_ campaigns: Campaigns, _ db: any Reading, _ finding: inout Finding) throws {
        struct PresenceKey: Hashable {
            let campaign: CampaignNo
            let path: PathNo
            let place: UnitNo
        }
        var counted: [PresenceKey: (reports: Int64, events: Int64)] = [:]
        try db.rows(
            "SELECT campaign, path, coalesce(place, 0), count(*), \(AmountColumns.sums) FROM report WHERE NOT voided GROUP BY 1, 2, 3"
        ) { row in
            let key = PresenceKey(campaign: try row.next(), path: try row.next(), place: try row.next())
            let reports = try row.next(Int64.self)
            let amounts = try Amounts.reading(&row)
            counted[key] = (reports, campaigns.find(key.campaign)?.eventSlot.map { amounts[$0] } ?? 0)
            return true
        }
        var differences: [Difference] = []
        try db.rows("SELECT campaign, path, place, reports, events FROM presence") { row in
            let key = PresenceKey(campaign: try row.next(), path: try row.next(), place: try row.next())
            let (reports, events) = (try row.next(Int64.self), try row.next(Int64.self))
            let wanted = counted.removeValue(forKey: key) ?? (0, 0)
            if (reports, events) != wanted {
                differences.append(
                    Difference(
                        table: "presence", key: "path \(key.path) place \(key.place)",
                        detail: "stored \(reports) reports, \(events) events; counted \(wanted)"))
            }
            return true
        }
        for (key, wanted) in counted {
            differences.append(Difference(table: "presence", key: "path \(key.path) place \(key.place)", detail: "missing; counted \(wanted)"))
        }
        finding.differences += differences
    }

    /// Each stream's numbers run from 1 to its last without a gap.
    static func checkSequences(_ db: any Reading, _ finding: inout Finding) throws {
        var differences: [Difference] = []
        var entries = 0
        try db.rows(
            """
            SELECT stream.unit, stream.seq, count(DISTINCT entry.seq), coalesce(min(entry.seq), 1), coalesce(max(entry.seq), 0)
            FROM stream LEFT JOIN entry ON entry.stream = stream.unit GROUP BY stream.unit, stream.seq
            """
        ) { row in
            let (stream, seq) = (try row.next(UnitNo.self), try row.next(Int64.self))
            let (count, first, last) = (try row.next(Int64.self), try row.next(Int64.self), try row.next(Int64.self))
            entries += Int(count)
            if seq != last || count != last || first != 1 {
                differences.append(
                    Difference(table: "entry", key: "stream \(stream)", detail: "at \(seq), holds \(count) from \(first) to \(last)"))
            }
            return true
        }
        finding.entries = entries
        finding.differences += differences
    }

    /// Every report is what its applied version says, and its versions form one chain.
    static func checkReports(_ db: any Reading, _ finding: inout Finding) throws {
        var differences: [Difference] = []
        try db.rows(
            """
            SELECT report.id FROM report LEFT JOIN revision ON revision.report = report.id AND revision.rev = report.rev
                AND revision.state = 'applied'
            WHERE revision.rev IS NULL OR report.voided <> (revision.kind = 'void')
                OR (NOT report.voided AND (report.day <> revision.day OR report.cell <> revision.cell
                    OR report.m0 IS DISTINCT FROM revision.m0 OR report.m1 IS DISTINCT FROM revision.m1
                    OR report.m2 IS DISTINCT FROM revision.m2 OR report.m3 IS DISTINCT FROM revision.m3
                    OR report.m4 IS DISTINCT FROM revision.m4 OR report.m5 IS DISTINCT FROM revision.m5
                    OR report.m6 IS DISTINCT FROM revision.m6 OR report.m7 IS DISTINCT FROM revision.m7
                    OR report.m8 IS DISTINCT FROM revision.m8 OR report.m9 IS DISTINCT FROM revision.m9
                    OR report.m10 IS DISTINCT FROM revision.m10 OR report.m11 IS DISTINCT FROM revision.m11
                    OR report.m12 IS DISTINCT FROM revision.m12 OR report.m13 IS DISTINCT FROM revision.m13
                    OR report.m14 IS DISTINCT FROM revision.m14 OR report.m15 IS DISTINCT FROM revision.m15))
            """
        ) { row in
            let id = try row.next(ReportID.self)
            differences.append(Difference(table: "report", key: "\(id)", detail: "is not what its applied version says"))
            return true
        }
        try db.rows(
            """
            SELECT report.id, report.competing, count(revision.rev) FROM report LEFT JOIN revision
                ON revision.report = report.id AND revision.state = 'competing'
            WHERE report.last_rev > 1 GROUP BY report.id, report.competing HAVING report.competing <> count(revision.rev)
            """
        ) { row in
            let (id, kept, counted) = (try row.next(ReportID.self), try row.next(Int64.self), try row.next(Int64.self))
            differences.append(
                Difference(table: "report", key: "\(id)", detail: "says \(kept) versions compete, \(counted) do"))
            return true
        }
        // Of the applied versions of a report, each builds on the one applied before it.
        try db.rows(
            """
            SELECT report, rev, base_rev, previous FROM (
                SELECT report, rev, base_rev, lag(rev) OVER (PARTITION BY report ORDER BY rev) AS previous
                FROM revision WHERE state = 'applied') AS chain
            WHERE base_rev <> coalesce(previous, 0)
            """
        ) { row in
            let (report, rev) = (try row.next(ReportID.self), try row.next(Int64.self))
            differences.append(
                Difference(table: "revision", key: "\(report) rev \(rev)", detail: "does not build on the version applied before it"))
            return true
        }
        finding.differences += differences
    }
}
