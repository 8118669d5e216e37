import JarshyKit

/// A whole campaign as five text tables: what `jarshy import campaign` reads, and the demo its own from.
///
/// docs/operations.md tells the columns to whoever writes such files; bin/check holds the two together.
struct CampaignSheet: Sendable {
    /// As far as it could be read; only of use where there are no faults.
    let plan: CampaignPlan
    let faults: [CampaignFault]
    /// Where a thing stands ("metrics.attendees"), so that what is found wrong later can be told with its line.
    private let places: [String: (table: String, line: Int)]

    static let tables = ["campaign", "audiences", "channels", "metrics", "activities"]
    static let neededKeys = "code class name_kk name_ru name_en first_day last_day"
    static let otherKeys = "about_kk about_ru about_en vote_day quiet_from_day event_metric sample"
    static let termColumns = "code name_kk name_ru name_en"
    static let metricColumns =
        "code name_kk name_ru name_en unit_kk unit_ru_many unit_en_other additive about target min max"
    static let askColumns =
        "max_metric ask_over ask_over_metric ask_capacity ask_settlement_share ask_median_times ask_median_floor"
    static let activityColumns = "code name_kk name_ru name_en channels metrics"

    /// - Parameters:
    ///   - files: bytes by the table's name, without `.tsv`.
    ///   - demo: the demo's days, counted from today; its table of keys has more for its own reader. Nil: the days of the
    ///     table, and no key that is not known.
    static func read(_ files: [String: [UInt8]], demo: CampaignDays? = nil) -> CampaignSheet {
        var reader = CampaignReader()
        let head = reader.head(CampaignTable("campaign", files["campaign"], needed: ["key", "value"]), demo: demo)
        let audiences = reader.terms("audiences", files)
        let channels = reader.terms("channels", files)
        let metrics = reader.table("metrics", files, needed: metricColumns).map { reader.metric($0) }
        let activities = reader.table("activities", files, needed: activityColumns).map { reader.activity($0) }
        let plan = CampaignPlan(
            code: head.text("code"), isInformation: head.text("class") == "information", names: head.trio("name"),
            abouts: head.trio("about"), days: demo ?? reader.days(head),
            eventMetric: head.text("event_metric").isEmpty ? "events" : head.text("event_metric"),
            isSample: demo != nil || head.text("sample") == "1", audiences: audiences, channels: channels,
            metrics: metrics, activities: activities)
        let sheet = CampaignSheet(plan: plan, faults: reader.faults, places: reader.places)
        // What could not be read would be called missing or out of order once more.
        guard sheet.faults.isEmpty else { return sheet }
        return CampaignSheet(
            plan: plan, faults: plan.faults.map { sheet.fault($0.field, $0.detail) }, places: reader.places)
    }

    /// A fault with the line of what it is about: the longest known beginning of `place`.
    func fault(_ place: String, _ detail: String) -> CampaignFault {
        var parts = place.split(separator: ".").map(String.init)
        while !parts.isEmpty {
            if let known = places[parts.joined(separator: ".")] {
                return CampaignFault(table: known.table, line: known.line, detail: detail)
            }
            parts.removeLast()
        }
        let table = place.split(separator: ".").first.map(String.init) ?? ""
        return CampaignFault(table: Self.tables.contains(table) ? table : "", line: 0, detail: detail)
    }

    private init(plan: CampaignPlan, faults: [CampaignFault], places: [String: (table: String, line: Int)]) {
        (self.plan, self.faults, self.places) = (plan, faults, places)
    }
}

/// Reads the cells, and gathers what is wrong with them.
private struct CampaignReader {
    struct Head {
        var values: [String: String] = [:]

        func text(_ key: String) -> String { values[key] ?? "" }

        func trio(_ prefix: String) -> Trio {
            Trio(kk: text("\(prefix)_kk"), ru: text("\(prefix)_ru"), en: text("\(prefix)_en"))
        }
    }

    var faults: [CampaignFault] = []
    var places: [String: (table: String, line: Int)] = [:]

    mutating func refuse(_ row: CampaignTable.Row, _ table: String, _ detail: String) {
        faults.append(CampaignFault(table: table, line: row.line, detail: detail))
    }

    mutating func head(_ table: CampaignTable, demo: CampaignDays?) -> Head {
        faults += table.faults
        let needed = CampaignSheet.neededKeys.split(separator: " ").map(String.init)
        let known = Set(needed + CampaignSheet.otherKeys.split(separator: " ").map(String.init))
        var head = Head()
        for row in table.rows {
            let key = row["key"]
            // The names faults of a plan go by.
            let field = ["first_day": "first", "last_day": "last", "vote_day": "vote", "quiet_from_day": "quiet_from"][key] ?? key
            if demo == nil, !known.contains(key) { refuse(row, "campaign", "there is no key '\(key)'") }
            if head.values[key] != nil { refuse(row, "campaign", "the key '\(key)' stands twice") }
            head.values[key] = row["value"]
            places[field] = ("campaign", row.line)
            if key == "class", !["information", "campaigning"].contains(row["value"]) {
                refuse(row, "campaign", "the class is 'information' or 'campaigning', not '\(row["value"])'")
            }
            if key == "sample", !["", "0", "1"].contains(row["value"]) { refuse(row, "campaign", "sample is 0 or 1") }
        }
        if demo == nil, table.faults.isEmpty {
            for key in needed where head.text(key).isEmpty {
                faults.append(CampaignFault(table: "campaign", line: places[key]?.line ?? 0, detail: "no value for '\(key)'"))
            }
        }
        return head
    }

    mutating func days(_ head: Head) -> CampaignDays {
        func day(_ key: String, _ field: String) -> Day? {
            let text = head.text(key)
            if text.isEmpty { return nil }
            if let day = Day(text) { return day }
            faults.append(
                CampaignFault(
                    table: "campaign", line: places[field]?.line ?? 0, detail: "\(key): '\(text)' is no day; write YYYY-MM-DD"))
            return nil
        }
        let (first, last) = (day("first_day", "first"), day("last_day", "last"))
        return CampaignDays(
            first: first ?? Day(number: 0), last: last ?? Day(number: 0), vote: day("vote_day", "vote"),
            quietFrom: day("quiet_from_day", "quiet_from"))
    }

    mutating func table(_ name: String, _ files: [String: [UInt8]], needed: String) -> [CampaignTable.Row] {
        let table = CampaignTable(name, files[name], needed: needed.split(separator: " ").map(String.init))
        faults += table.faults
        for row in table.rows {
            let code = row["code"]
            places["\(name).\(code)"] = places["\(name).\(code)"] ?? (name, row.line)
            if let wrong = UnitCode.fault(code) { refuse(row, name, wrong) }
            for column in ["name_kk", "name_ru", "name_en"] {
                if let wrong = UnitSheet.fault(row[column]) { refuse(row, name, "\(column) \(wrong)") }
            }
        }
        return table.rows
    }

    mutating func terms(_ name: String, _ files: [String: [UInt8]]) -> [Campaign.Term] {
        table(name, files, needed: CampaignSheet.termColumns).map {
            Campaign.Term(code: $0["code"], names: $0.trio("name"))
        }
    }

    mutating func activity(_ row: CampaignTable.Row) -> Campaign.Activity {
        let channels = row.words("channels")
        if channels.isEmpty { refuse(row, "activities", "names no channel") }
        if row.words("metrics").isEmpty { refuse(row, "activities", "names no metric") }
        return Campaign.Activity(
            code: row["code"], names: row.trio("name"), channel: channels.first ?? "", metrics: row.words("metrics"),
            otherChannels: Array(channels.dropFirst()))
    }

    mutating func metric(_ row: CampaignTable.Row) -> Metric {
        func some(_ column: String) -> String? { row[column].isEmpty ? nil : row[column] }
        if !["work", "people"].contains(row["about"]) { refuse(row, "metrics", "about is 'work' or 'people', not '\(row["about"])'") }
        let share = row["ask_settlement_share"]
        let part = Double(share)
        if !share.isEmpty, !(part.map { $0 > 0 && $0 <= 100 } ?? false) {
            refuse(row, "metrics", "ask_settlement_share: '\(share)' is no share; write 0.5 for a half")
        }
        return Metric(
            code: row["code"], slot: 0, names: row.trio("name"),
            words: Trio(kk: row["unit_kk"], ru: row["unit_ru_many"], en: row["unit_en_other"]),
            additive: flag(row, "additive"), about: row["about"] == "people" ? .people : .work,
            mayHaveTarget: flag(row, "target"), lowest: number(row, "min") ?? 0, highest: number(row, "max") ?? 0,
            atMost: some("max_metric"), askAbove: number(row, "ask_over"), askAboveMetric: some("ask_over_metric"),
            askCapacity: flag(row, "ask_capacity"),
            askSettlementShare: part.flatMap { $0 > 0 && $0 <= 100 ? Int64(($0 * 100).rounded()) : nil },
            askHistoryTimes: number(row, "ask_median_times"), askHistoryAbove: number(row, "ask_median_floor"))
    }

    private mutating func flag(_ row: CampaignTable.Row, _ column: String) -> Bool {
        if !["", "0", "1"].contains(row[column]) { refuse(row, "metrics", "\(column) is 0 or 1, not '\(row[column])'") }
        return row[column] == "1"
    }

    private mutating func number(_ row: CampaignTable.Row, _ column: String) -> Int64? {
        let text = row[column]
        if text.isEmpty {
            if column == "min" || column == "max" { refuse(row, "metrics", "no value for '\(column)'") }
            return nil
        }
        // Far beyond any true number, and far from the edge of 64 bits when summed.
        guard let number = Int64(text), (0...1_000_000_000).contains(number) else {
            refuse(row, "metrics", "\(column): '\(text)' is no number from 0 to 1000000000")
            return nil
        }
        return number
    }
}
