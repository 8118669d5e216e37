import JarshyKit

/// The summary table to take along: a workbook, a CSV, a text for the chat. Files hold every additive metric.
enum SummaryFiles {
    static func xlsx(_ view: SummaryView, words: Words) throws -> [UInt8] {
        let text = BoardText(words: words)
        let metrics = view.campaign.metrics.filter(\.additive)
        let lines = SummaryLine.all(view)
        let title = [
            words("summary.title", ["unit": text.title(view.unit, in: view.tree)]), view.campaign.names[words.language],
            text.asOf(view.cut),
        ].joined(separator: " · ")
        func sheet(_ name: String, _ pair: (SummaryLine) -> SummaryPair) -> Xlsx.Sheet {
            var rows: [[Xlsx.Cell]] = [[.text(title)]]
            rows.append([.text(words("summary.unit"))] + metrics.flatMap { [.text($0.names[words.language]), .empty] })
            rows.append(
                [.empty] + metrics.flatMap { _ in [.text(words("summary.day")), .text(words("summary.since"))] })
            for line in lines {
                let pair = pair(line)
                rows.append(
                    [.text(line.name(view, text))]
                        + metrics.flatMap { metric -> [Xlsx.Cell] in
                            [.integer(Int(pair.day.amounts[metric.slot])), .integer(Int(pair.start.amounts[metric.slot]))]
                        })
            }
            let merged = metrics.indices.map { Xlsx.Merge(rows: 1...1, columns: ($0 * 2 + 1)...($0 * 2 + 2)) }
            return Xlsx.Sheet(name: name, rows: rows, headerRows: 3, columnWidths: [34], merged: merged)
        }
        var sheets = [sheet(words("summary.here")) { $0.pair }]
        if lines.contains(where: { !$0.restated.isZero }) {
            sheets.append(sheet(words("summary.restated.sheet")) { $0.restated })
        }
        return try Xlsx(sheets: sheets).file()
    }

    static func csv(_ view: SummaryView, words: Words) -> [UInt8] {
        let text = BoardText(words: words)
        let metrics = view.campaign.metrics.filter(\.additive)
        let isFixed = view.fixed != nil
        var csv = CSVWriter(byteOrderMark: true)
        let spans = isFixed ? ["day", "start", "day_restated", "start_restated"] : ["day", "start"]
        csv.append(["code", "name"] + metrics.flatMap { metric in spans.map { "\(metric.code)_\($0)" } })
        for line in SummaryLine.all(view) {
            let cells = metrics.flatMap { metric -> [Int64] in
                let slot = metric.slot
                let told = [line.pair.day.amounts[slot], line.pair.start.amounts[slot]]
                return isFixed ? told + [line.restated.day.amounts[slot], line.restated.start.amounts[slot]] : told
            }
            csv.append([view.tree.code(of: line.unit), line.name(view, text)] + cells.map(String.init))
        }
        return csv.bytes
    }

    /// Short enough for a chat: the events of every part, then the other metrics of the whole.
    static func chat(_ view: SummaryView, words: Words) -> String {
        let text = BoardText(words: words)
        let metrics = view.sheetMetrics
        guard let first = metrics.first else { return "" }
        func line(_ name: String, _ pair: SummaryPair, _ slot: Int) -> String {
            words(
                "summary.chat.line",
                [
                    "unit": name, "day": text.number(pair.day.amounts[slot]), "since": text.number(pair.start.amounts[slot]),
                ])
        }
        func head(_ metric: Metric) -> String { words("summary.chat.head", ["metric": metric.names[words.language]]) }
        var parts = [
            words("summary.title", ["unit": text.title(view.unit, in: view.tree)]) + "\n" + text.asOf(view.cut),
            ([head(first)]
                + SummaryLine.all(view).filter { $0.kind == .total || $0.pair.start.amounts[first.slot] != 0 }
                    .map { line($0.name(view, text), $0.pair, first.slot) }).joined(separator: "\n"),
        ]
        if metrics.count > 1 {
            parts.append(
                ([words("summary.chat.others")]
                    + metrics.dropFirst().map { line($0.names[words.language], view.figures.whole, $0.slot) })
                    .joined(separator: "\n"))
        }
        return (parts + [words("board.attendances_note")]).joined(separator: "\n\n")
    }
}
