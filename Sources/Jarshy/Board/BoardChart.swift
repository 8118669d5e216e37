import JarshyKit

/// The chosen figure through time, as bars stacked by band. Fields as in `timechart.mustache`.
struct TimeChart: PageModel {
    let title: String
    let sentence: String
    let plots: [ChartPlot]
    let labels: TimeChartLabels
    let table: [DayRow]
}

struct ChartPlot: PageModel {
    let plotClass: String
    let plotWidth: String
    let plotHeight: String
    let left: String
    let right: String
    let top: String
    let base: String
    let grid: [GridLine]
    let bands: [ChartBand]
    let days: [ChartDay]
    let ticks: [DayTick]
    let hasVote: Bool
    let vote: VoteLine
}

struct GridLine: PageModel {
    let y: String
    let tickLabel: String
    let labelX: String
    let labelY: String
}

/// The bars of one band, all days in one path: a third of the elements, and of the bytes, of a rectangle each.
struct ChartBand: PageModel {
    let fill: String
    let shape: String
}

struct ChartDay: HotRow {
    let url: String
    let words: String
    /// The whole column, for the finger and the pointer.
    let hit: String

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "dayURL": url
        case "dayWords": words
        case "dayHit": hit
        default: nil
        }
    }
}

struct DayTick: PageModel {
    let tickX: String
    let tickY: String
    let tickText: String
}

struct VoteLine: PageModel {
    let voteX: String
    let textX: String
    let textY: String
    let word: String
    let anchor: String
}

struct TimeChartLabels: PageModel {
    let day: String
    let submitted: String
    let district: String
    let region: String
    let total: String
}

struct DayRow: HotRow {
    let url: String
    let day: String
    let figure: BandedFigure
    let text: BoardText

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "rowURL": url
        case "rowDay": day
        case "submitted": text.number(figure.submitted)
        case "district": text.number(figure.district)
        case "region": text.number(figure.region)
        case "total": text.number(figure.total)
        default: nil
        }
    }
}

extension TimeChart {
    init(_ view: BoardView, _ links: BoardLinks, _ text: BoardText) {
        let words = text.words
        let series = DaySeries(view)
        let name = text.metric(view.metric, view.choice)
        title = words("board.chart", ["metric": name])
        let peak = series.peak
        sentence = words(
            "board.chart.sentence",
            [
                "from": text.day(series.from), "to": text.day(series.to),
                "total": text.number(series.steps.reduce(0) { $0 + $1.figure.total }),
                "peak": text.number(peak?.figure.total ?? 0), "day": peak.map { series.name($0, text) } ?? "–",
            ])
        plots = [
            ChartPlot("chart-wide", width: 960, height: 240, steps: series.steps, series, view, links, text),
            ChartPlot("chart-narrow", width: 360, height: 220, steps: series.latest, series, view, links, text),
        ]
        labels = TimeChartLabels(
            day: words("board.chart.head.day"), submitted: words("band.submitted"), district: words("band.district"),
            region: words("band.region"), total: words("band.total"))
        table = series.steps.reversed().filter { $0.figure != BandedFigure() }.map { step in
            DayRow(
                url: series.url(step, view, links), day: series.name(step, text), figure: step.figure, text: text)
        }
    }
}

/// The days of a chart, gathered into weeks or months where they would be too thin to see.
struct DaySeries {
    enum Step: Sendable { case day, week, month }

    struct Bar {
        let from: Day
        let to: Day
        var figure: BandedFigure
    }

    let from: Day
    let to: Day
    let step: Step
    let steps: [Bar]
    /// What a phone shows: the newest bars up to today.
    let latest: [Bar]

    init(_ view: BoardView) {
        let told = view.days.keys
        // A filter narrows the campaign and never widens it: what is drawn is bounded whatever the address says.
        let campaign = view.campaign
        let from = min(max(view.choice.from ?? campaign.first, campaign.first), told.min() ?? campaign.last, campaign.last)
        let to = max(min(view.choice.to ?? campaign.last, campaign.last), told.max() ?? from, from)
        self.from = from
        self.to = to
        let length = from.distance(to: to) + 1
        let step: Step = length <= 120 ? .day : length <= 800 ? .week : .month
        self.step = step
        func start(_ day: Day) -> Day {
            switch step {
            case .day: day
            case .week: day.weekStart
            case .month: day.monthStart
            }
        }
        var bars: [Bar] = []
        for day in from...to {
            let figure = view.days[day] ?? BandedFigure()
            if let last = bars.last, start(last.from) == start(day) {
                bars[bars.count - 1] = Bar(from: last.from, to: day, figure: last.figure + figure)
            } else {
                bars.append(Bar(from: day, to: day, figure: figure))
            }
        }
        steps = bars
        let end = bars.lastIndex { $0.from <= max(view.today, told.max() ?? view.today) } ?? bars.count - 1
        latest = Array(bars[max(0, end - 27)...end])
    }

    var peak: Bar? { steps.max { $0.figure.total < $1.figure.total }.flatMap { $0.figure.total > 0 ? $0 : nil } }

    func name(_ bar: Bar, _ text: BoardText) -> String {
        bar.from == bar.to
            ? text.day(bar.from, .dayMonth)
            : text.words("time.span", ["from": text.day(bar.from, .dayMonth), "to": text.day(bar.to, .dayMonth)])
    }

    func url(_ bar: Bar, _ view: BoardView, _ links: BoardLinks) -> String {
        links.made(view.scope.code, of: view.metric) { fields in
            fields = fields.setting("from", bar.from.description).setting("to", bar.to.description)
        }
    }
}

extension BandedFigure {
    static func + (left: BandedFigure, right: BandedFigure) -> BandedFigure {
        BandedFigure(
            submitted: left.submitted + right.submitted, district: left.district + right.district,
            region: left.region + right.region, evidenced: left.evidenced + right.evidenced)
    }
}

extension ChartPlot {
    init(
        _ plotClass: String, width: Int, height: Int, steps: [DaySeries.Bar], _ series: DaySeries, _ view: BoardView,
        _ links: BoardLinks, _ text: BoardText
    ) {
        let (leftEdge, rightEdge, topEdge) = (52.0, Double(width) - 8, 22.0)
        let baseLine = Double(height) - 26
        let most = Draw.roundedUp(max(1, steps.map(\.figure.total).max() ?? 1))
        let column = (rightEdge - leftEdge) / Double(max(1, steps.count))
        let scale = (baseLine - topEdge) / Double(most)
        func y(_ value: Int64) -> Double { baseLine - Double(value) * scale }
        self.plotClass = plotClass
        plotWidth = String(width)
        plotHeight = String(height)
        left = Draw.number(leftEdge)
        right = Draw.number(rightEdge)
        top = Draw.number(topEdge)
        base = Draw.number(baseLine)
        grid = (most > 1 ? [most, most / 2] : [most]).map { value in
            GridLine(
                y: Draw.number(y(value)), tickLabel: text.number(value), labelX: Draw.number(leftEdge - 6),
                labelY: Draw.number(y(value) + 4))
        }
        bands = ChartPlot.bands(steps, from: leftEdge, column: column, y)
        days = steps.enumerated().compactMap { index, bar in
            // A day without figures is no link: there is nothing it is made of.
            guard bar.figure.total != 0 else { return nil }
            let x = leftEdge + Double(index) * column
            return ChartDay(
                url: series.url(bar, view, links),
                words: text.words("board.chart.day", ["day": series.name(bar, text), "n": text.number(bar.figure.total)]),
                hit: Draw.box(x: x, y: topEdge, width: column, height: baseLine - topEdge))
        }
        let every = max(1, steps.count / (width > 500 ? 8 : 4))
        ticks = steps.indices.filter { $0 % every == every / 2 }.map { index in
            DayTick(
                tickX: Draw.number(leftEdge + (Double(index) + 0.5) * column), tickY: Draw.number(baseLine + 17),
                tickText: text.day(steps[index].from, .short))
        }
        let votes = view.campaign.vote.flatMap { day in steps.firstIndex { $0.from <= day && day <= $0.to } }
        hasVote = votes != nil
        let voteX = leftEdge + (Double(votes ?? 0) + 0.5) * column
        let isRight = voteX > (leftEdge + rightEdge) / 2
        vote = VoteLine(
            voteX: Draw.number(voteX), textX: Draw.number(voteX + (isRight ? -6 : 6)), textY: Draw.number(topEdge - 8),
            word: text.words("board.chart.vote"), anchor: isRight ? "chart-end" : "chart-start")
    }

    /// What was checked highest stands lowest, so that the honest part is seen.
    private static func bands(
        _ steps: [DaySeries.Bar], from left: Double, column: Double, _ y: (Int64) -> Double
    ) -> [ChartBand] {
        var shapes = ["", "", ""]
        for (index, step) in steps.enumerated() {
            let x = left + (Double(index) + 0.12) * column
            var below: Int64 = 0
            for (band, value) in [step.figure.region, step.figure.district, step.figure.submitted].enumerated() where value > 0 {
                let (bottom, top) = (y(below), y(below + value))
                below += value
                shapes[band] += Draw.box(x: x, y: top, width: column * 0.76, height: bottom - top)
            }
        }
        return zip(["band-region", "band-district", "band-submitted"], shapes).compactMap { fill, shape in
            shape.isEmpty ? nil : ChartBand(fill: fill, shape: shape)
        }
    }
}
