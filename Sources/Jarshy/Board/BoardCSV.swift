import JarshyKit

/// The board's table as a file: one line a child, every additive metric by band. Codes stand beside names, so that a program
/// needs no words.
enum BoardCSV {
    static func bytes(_ view: BoardView, words: Words) -> [UInt8] {
        let metrics = view.campaign.metrics.filter(\.additive)
        let text = BoardText(words: words)
        var csv = CSVWriter(byteOrderMark: true)
        csv.append(
            ["code", "name", "reports", "last_day"]
                + metrics.flatMap { metric in
                    ["submitted", "district", "region", "total", "evidenced"].map { "\(metric.code)_\($0)" }
                })
        func line(_ code: String, _ name: String, _ sums: BandedSums, _ last: Day?) {
            let figures = metrics.flatMap { metric -> [Int64] in
                let figure = sums.figure(metric.slot)
                return [figure.submitted, figure.district, figure.region, figure.total, figure.evidenced]
            }
            csv.append([code, name, String(sums.total.reports), last?.description ?? ""] + figures.map(String.init))
        }
        for unit in view.parts {
            let isOwn = unit == view.unit
            line(
                view.tree.code(of: unit), isOwn ? words("board.own") : text.title(unit, in: view.tree),
                view.partSums[unit] ?? BandedSums(), isOwn ? nil : view.lastDays[unit])
        }
        line(view.scope.code, words("band.total"), view.total, nil)
        return csv.bytes
    }
}
