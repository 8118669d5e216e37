import JarshyKit
import Storage

extension Books {
/// Writes everything the group changed, in an order the foreign keys accept.
    func flush() throws {
        try flushReports()
        try flushLedger()
        try deltas.flush(in: db)
        try flushPresence()
        try db.insert(
            "INSERT INTO inbox (author, op, sha256, received_at, device, device_n, receipt) VALUES", rows: receipts)
        try db.insert("INSERT INTO inbox_again (device, device_n, op, sha256) VALUES", rows: again, "ON CONFLICT DO NOTHING")
        try db.insert(
            "INSERT INTO inbox_mismatch (author, op, sha256, received_at) VALUES", rows: mismatches, "ON CONFLICT DO NOTHING")
        try db.insert("INSERT INTO device_fork (device, op, n, at) VALUES", rows: forks, "ON CONFLICT DO NOTHING")
        try Feed.record(feed, in: db)
    }

    private func flushReports() throws {
        try db.insert(
            "INSERT INTO report (\(Report.columns)) VALUES", rows: newReports.compactMap { reports[$0]?.binds })
        for id in changedReports.subtracting(newReports).sorted() {
            guard let report = reports[id] else { continue }
            let figures = report.figures
            try db.run(
                """
                UPDATE report SET path = \(report.path), day = \(report.day), cell = \(report.cell), place = \(report.place),
                    estimated = \(report.estimated), band = \(report.band), rev = \(report.rev), last_rev = \(report.lastRev),
                    voided = \(report.isVoided), evidenced = \(report.isEvidenced), competing = \(report.competing),
                    flags = \(report.flags.text), changed_at = \(report.changedAt),
                    m0 = \(figures[0]), m1 = \(figures[1]), m2 = \(figures[2]), m3 = \(figures[3]), m4 = \(figures[4]),
                    m5 = \(figures[5]), m6 = \(figures[6]), m7 = \(figures[7]), m8 = \(figures[8]), m9 = \(figures[9]),
                    m10 = \(figures[10]), m11 = \(figures[11]), m12 = \(figures[12]), m13 = \(figures[13]),
                    m14 = \(figures[14]), m15 = \(figures[15])
                WHERE id = \(id)
                """)
        }
        try db.insert("INSERT INTO revision (\(Revision.columns)) VALUES", rows: revisions.map(\.binds))
        for mark in settled {
            try db.run(
                "UPDATE revision SET state = \(mark.state), settled_by = \(mark.op) WHERE report = \(mark.report) AND rev = \(mark.rev)")
        }
        try db.insert("INSERT INTO credit (report, position, unit, organization, role) VALUES", rows: credits)
        try db.insert(
            """
            INSERT INTO evidence (id, subject_kind, subject, sha256, role, bytes, unit, author, op, promised_at, decision, reason)
            VALUES
            """, rows: evidence, "ON CONFLICT (subject, sha256) DO NOTHING")
    }

    private func flushLedger() throws {
        for stream in changedStreams.sorted() {
            try db.run("UPDATE stream SET seq = \(streams[stream] ?? 0) WHERE unit = \(stream)")
        }
        try db.insert(
            """
            INSERT INTO entry (stream, seq, side, kind, campaign, report, rev, path, day, cell, band, evidenced, reports,
                author, op, at, \(AmountColumns.list)) VALUES
            """, rows: entries)
    }

    private func flushPresence() throws {
        let rows = presence.sorted { ($0.key.path, $0.key.place) < ($1.key.path, $1.key.place) }.map { key, delta -> [Bind] in
            [
                key.campaign.bind, key.path.bind, key.place.bind, delta.reports.bind, delta.events.bind, delta.lastDay.bind,
                delta.lastAt.bind,
            ]
        }
        try db.insert(
            "INSERT INTO presence AS t (campaign, path, place, reports, events, last_day, last_at) VALUES", rows: rows,
            """
            ON CONFLICT (campaign, path, place) DO UPDATE SET reports = t.reports + excluded.reports,
                events = t.events + excluded.events,
                last_day = CASE WHEN excluded.last_day > t.last_day THEN excluded.last_day ELSE t.last_day END,
                last_at = CASE WHEN excluded.last_at > t.last_at THEN excluded.last_at ELSE t.last_at END
            """)
    }
}
