import JarshyKit

/// Days, moments, numbers and addresses as the pages of this feature write them.
struct BoardText: Sendable {
    let words: Words
    var language: Language { words.language }

    func number(_ value: Int64) -> String { words.format.number(Int(value)) }
    func signed(_ value: Int64) -> String { words.format.signed(Int(value)) }

    func day(_ day: Day, _ style: Format.DateStyle = .long) -> String {
        let (year, month, date) = day.parts
        return words.format.date(year: year, month: month, day: date, style: style)
    }

    func minute(_ minute: Int) -> String { words.format.time(hour: minute / 60, minute: minute % 60) }
    func time(_ at: Instant) -> String { minute(Zone.kazakhstan.minuteOfDay(at: at)) }

    /// "2026 ж. 20 қараша, 18:05 жағдайы бойынша"
    func asOf(_ at: Instant) -> String {
        words("as_of", ["day": day(Zone.kazakhstan.day(at: at)), "time": time(at)])
    }

    func title(_ unit: UnitNo, in tree: Tree) -> String { tree[unit]?.titles[language] ?? "" }

    func positions(_ asOf: AsOf, in tree: Tree) -> [LogPosition] {
        asOf.streams.map { stream in
            LogPosition(
                logName: stream.unit == tree.root
                    ? words("log.root") : words("log.region", ["name": title(stream.unit, in: tree)]),
                seq: number(stream.seq))
        }
    }

    /// "68 % (34 / 50)" said as a sentence.
    func evidence(_ figure: BandedFigure) -> String {
        words(
            "board.evidence",
            [
                "share": share(figure.evidenced, of: figure.total), "n": number(figure.evidenced),
                "m": number(figure.total),
            ])
    }

    func share(_ part: Int64, of base: Int64) -> String { words.format.share(Int(part), of: Int(base)) }

    /// What is chosen, in words: the days, then the vocabulary.
    func period(_ choice: FiguresChoice) -> String {
        if choice.from == nil && choice.to == nil { return words("filters.whole") }
        let from = choice.from ?? choice.campaign.first
        let to = choice.to ?? choice.campaign.last
        return from == to ? day(from) : words("filters.days", ["from": day(from), "to": day(to)])
    }

    func terms(_ choice: FiguresChoice) -> [String] {
        var terms: [String] = []
        if let code = choice.activity, let found = choice.campaign.activity(code) { terms.append(found.names[language]) }
        if let code = choice.audience, let found = choice.campaign.audience(code) { terms.append(found.names[language]) }
        if let code = choice.channel, let found = choice.campaign.channel(code) { terms.append(found.names[language]) }
        return terms + choice.organizations.map { $0.names[language] }
    }

    /// The campaign's own name, or that of a metric with what it is narrowed to.
    func metric(_ metric: Metric, _ choice: FiguresChoice) -> String {
        let terms = terms(choice)
        return terms.isEmpty ? metric.names[language] : "\(metric.names[language]) (\(terms.joined(separator: "; ")))"
    }
}

struct LogPosition: PageModel {
    let logName: String
    let seq: String
}

/// Where figures lead: a child's to its board, a unit's own to the reports it is made of.
struct BoardLinks: Sendable {
    let choice: FiguresChoice
    /// Without the right to open reports a figure leads to the board that divides it further.
    let opensReports: Bool

    static func board(_ code: String, _ fields: Fields) -> String {
        "/board/\(percentEncoded(code))" + (fields.isEmpty ? "" : "?\(fields.encoded)")
    }

    func board(_ code: String, _ change: (inout Fields) -> Void = { _ in }) -> String {
        var fields = choice.fields
        change(&fields)
        return BoardLinks.board(code, fields)
    }

    /// What a unit's figure consists of.
    ///
    /// - Parameter metric: the figure's; only reports that told it are listed. Nil: all of the unit's reports.
    func made(_ code: String, of metric: Metric? = nil, _ change: (inout Fields) -> Void = { _ in }) -> String {
        var fields = opensReports ? Fields([("unit", code)] + choice.filterFields.list.map { ($0.name, $0.value) }) : choice.fields
        if let metric { fields = fields.setting("metric", metric.code) }
        change(&fields)
        return opensReports ? "/reports?\(fields.encoded)" : BoardLinks.board(code, fields)
    }
}
