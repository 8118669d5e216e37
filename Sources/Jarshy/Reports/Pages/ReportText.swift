import JarshyKit

/// Reports in the reader's words: figures, days, states, reasons. Numbers from data stand after a colon, so that no
/// language has to bend them.
struct ReportText: Sendable {
    let words: Words
    let tree: Tree
    let campaign: Campaign

    var language: Language { words.language }
    private var plain: UnitText { UnitText(words: words) }

    func day(_ day: Day) -> String { plain.day(day) }
    func moment(_ at: Instant) -> String { plain.moment(at) }
    func number(_ value: Int64) -> String { plain.number(value) }

    func dayMonth(_ day: Day) -> String {
        let (year, month, date) = day.parts
        return words.format.date(year: year, month: month, day: date, style: .dayMonth)
    }

    func unit(_ no: UnitNo) -> String { tree[no].map(plain.title) ?? "" }
    func unit(_ no: UnitNo?) -> String { no.map(unit) ?? words("form.none") }
    func kind(_ no: UnitNo) -> String { tree[no].flatMap { tree.kinds[$0.kind]?.names[language] } ?? "" }

    func activity(_ code: String) -> String { campaign.activity(code)?.names[language] ?? code }
    func audience(_ code: String) -> String { campaign.audience(code)?.names[language] ?? code }
    func channel(_ code: String) -> String { campaign.channel(code)?.names[language] ?? code }
    func metric(_ code: String) -> String { campaign.metric(code)?.names[language] ?? code }

    /// "Іс-шара саны: 1 · Қатысу саны: 57": what was told, in the campaign's order.
    func figures(_ figures: Figures) -> String {
        campaign.metrics.compactMap { metric in
            figures[metric.slot].map { "\(metric.names[language]): \(number($0))" }
        }.joined(separator: " · ")
    }

    /// The changes of one ledger entry, signed; empty for an entry that moves no figure.
    func deltas(_ amounts: Amounts) -> String {
        campaign.metrics.filter { amounts[$0.slot] != 0 }.map { metric in
            "\(metric.names[language]): \(words.format.signed(Int(amounts[metric.slot])))"
        }.joined(separator: " · ")
    }

    /// The sums of metrics that add up and are not zero.
    func sums(_ amounts: Amounts) -> String {
        campaign.metrics.filter { $0.additive && amounts[$0.slot] != 0 }.map { metric in
            "\(metric.names[language]): \(number(amounts[metric.slot]))"
        }.joined(separator: " · ")
    }

    func reason(_ reason: Reason?, _ text: String) -> String {
        guard let reason else { return "" }
        return reason == .other ? text : words("reason.\(reason.rawValue)")
    }

    /// Links down to a unit, each to the reports there; the campaign's root first.
    func trail(above unit: UnitNo) -> [TrailLink] {
        tree.chain(of: unit).dropFirst().reversed().map { link($0) }
    }

    /// A unit's reports.
    func link(_ unit: UnitNo) -> TrailLink {
        let query = Fields([("unit", tree.code(of: unit)), ("campaign", campaign.code)])
        return TrailLink("/reports?\(query.encoded)", self.unit(unit))
    }

    /// Shape, word and colour of what a report is: its band, or that it is void; then evidence; then what to look at.
    ///
    /// - Parameter full: says too that there is no evidence yet; for a single report.
    func marks(_ report: Report, full: Bool = false) -> [StateMark] {
        var marks: [StateMark] = []
        if report.isVoided {
            marks.append(StateMark("voided", words: words))
        } else {
            marks.append(band(report.band, unit: report.unit))
            if report.isEvidenced { marks.append(StateMark("evidenced", words: words)) }
            if !report.isEvidenced, full { marks.append(StateMark("unevidenced", words: words)) }
        }
        if report.competing > 0 { marks.append(StateMark("competing", words: words)) }
        if report.rev > 1, !report.isVoided { marks.append(StateMark("corrected", words: words)) }
        if report.flags.contains(.late) { marks.append(StateMark("late", words: words)) }
        for flag in [Flags.review, .unusual, .equal] where report.flags.contains(flag) {
            marks.append(StateMark("flagged", words("report.flag.\(flag.text)")))
        }
        return marks
    }

    func band(_ band: Band, unit: UnitNo) -> StateMark {
        guard band == .district else { return StateMark(band.name, words: words) }
        let city = tree.districtLevel(on: tree.chain(of: unit)).flatMap { tree[$0]?.kind } == "city_administration"
        return StateMark("district", words(city ? "state.district.city" : "state.district"))
    }

    /// The ledger a stream's entries stand in.
    func log(_ stream: UnitNo) -> String {
        stream == tree.root ? words("log.root") : words("log.region", ["name": unit(stream)])
    }
}

/// Problems of reports in terms of the page: slots the words of the site expect, names instead of codes.
enum ReportProblem {
    static func told(_ problem: Problem, _ text: ReportText) -> Problem {
        Problem(
            problem.slug, status: problem.status, problem.detail, slots: slots(problem.slots, text),
            errors: problem.errors.map { fault in
                Problem.Fault(fault.field, fault.slug, fault.detail, slots: slots(fault.slots, text))
            })
    }

    private static func slots(_ slots: [String: String], _ text: ReportText) -> [String: String] {
        var slots = slots
        for (ours, theirs) in [("lowest", "min"), ("highest", "max")] {
            if let value = slots[ours] { slots[theirs] = Int64(value).map(text.number) ?? value }
        }
        if let other = slots["other"] { slots["other"] = text.metric(other) }
        if let most = slots["most"] { slots["most"] = Int64(most).map(text.number) ?? most }
        for key in ["day", "first", "last", "today"] {
            if let day = slots[key].flatMap({ Day($0) }) { slots[key] = text.day(day) }
        }
        if slots["max"] == nil { slots["max"] = text.number(2000) }
        return slots
    }
}

/// "Is it right?" with the reasons it is asked; see `quick.mustache`.
struct ConfirmPanel: PageModel {
    let items: [ConfirmItem]
    let name: String
    let confirmValue: String

    static let none = ConfirmPanel(items: [], name: "confirm", confirmValue: "")
}

struct ConfirmItem: PageModel {
    let question: String
    let because: String
}

extension ConfirmPanel {
    /// The questions of an `unusual` problem about one unit's figures.
    static func items(
        _ faults: [Problem.Fault], unit: UnitNo, place: UnitNo?, text: ReportText, named: Bool = false
    ) -> [ConfirmItem] {
        faults.compactMap { fault in
            guard let code = fault.field.split(separator: ".").last.map(String.init),
                let metric = text.campaign.metric(code)
            else { return nil }
            let value = fault.slots["value"].flatMap { Int64($0) } ?? 0
            let limit = fault.slots["limit"].flatMap { Int64($0) } ?? 0
            let said = "\(metric.names[text.language]): \(text.number(value))."
            return ConfirmItem(
                question: named ? "\(text.unit(unit)). \(said)" : said,
                because: because(fault.slug, metric, limit, unit: unit, place: place, text: text))
        }
    }

    private static func because(
        _ slug: String, _ metric: Metric, _ limit: Int64, unit: UnitNo, place: UnitNo?, text: ReportText
    ) -> String {
        let words = text.words
        switch slug {
        case "above-capacity": return words("quick.unusual.capacity", ["n": text.number(limit)])
        case "above-settlement":
            let people = Warnings.people(around: place ?? unit, in: text.tree) ?? limit
            return words("quick.unusual.people", ["n": text.number(people)])
        case "above-history": return words("quick.unusual.median", ["n": text.number(limit)])
        case "above-other":
            return words(
                "quick.unusual.other", ["metric": text.metric(metric.askAboveMetric ?? ""), "n": text.number(limit)])
        default: return words("quick.unusual.limit", ["n": text.number(limit)])
        }
    }
}
