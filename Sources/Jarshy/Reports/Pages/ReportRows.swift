import JarshyKit
import Storage

/// Every SELECT of the list of reports.
///
/// A list is ordered by day and id, newest first, and paged by that pair, so that reports that arrive meanwhile neither
/// shift nor repeat a row. A unit with few reports is read by its paths and sorted; a large one is read along the order
/// of `report_day` until the page is full. With n of T reports, the first costs n rows and the second about T/n for
/// each row shown, so the first is taken while n² is below T × page.
struct ReportRows {
    static let pageSize = 50
    static let mostExported = 50_000

    /// A place in the list.
    struct Cursor: Sendable, Hashable {
        let day: Day
        let id: ReportID

        init(_ report: Report) {
            day = report.day
            id = report.id
        }

        /// `2026-11-20.<id>`; nil for anything else.
        init?(_ text: String) {
            let halves = text.split(separator: ".", maxSplits: 1)
            guard halves.count == 2, let day = Day(halves[0]), let id = ReportID(halves[1]) else { return nil }
            self.day = day
            self.id = id
        }

        var text: String { "\(day).\(id)" }
    }

    struct Page: Sendable {
        var reports: [Report] = []
        var hasNewer = false
        var hasOlder = false
    }

    let filter: ReportFilter
    let db: any Reading

    func page(after: Cursor?, before: Cursor?) throws -> Page {
        let size = Self.pageSize
        var page = Page()
        if let before {
            let newer: SQL = " AND (day, id) > (\(before.day), \(before.id)) ORDER BY day, id LIMIT \(size + 1)"
            let found = try db.all(Report.self, where: try from() + newer)
            page.reports = found.prefix(size).reversed()
            page.hasNewer = found.count > size
            page.hasOlder = true
        } else {
            var older: SQL = ""
            if let after { older += " AND day <= \(after.day) AND (day, id) < (\(after.day), \(after.id))" }
            let found = try db.all(
                Report.self, where: try from() + older + " ORDER BY day DESC, id DESC LIMIT \(size + 1)")
            page.reports = Array(found.prefix(size))
            page.hasNewer = after != nil
            page.hasOlder = found.count > size
        }
        return page
    }

    /// Hands over every report of the filter, newest first, without holding them.
    func each(_ body: (Report) throws -> Void) throws {
        try db.rows(
            "SELECT \(Report.columns) \(try from()) ORDER BY day DESC, id DESC LIMIT \(Self.mostExported)"
        ) { row in
            try body(try Report(&row))
            return true
        }
    }

    /// How many reports the filter holds, and what those of them that count add up to: the figure of a board, opened.
    func total() throws -> (reports: Int64, amounts: Amounts) {
        if let entered = filter.entered { return try enteredTotal(entered) }
        if filter.isTotalled {
            let total = try storedTotal()
            if filter.metric == nil { return total }
            return (try countRows(), total.amounts)
        }
        let from = try from()
        let count = try db.value("SELECT count(*) \(from)", as: Int64.self)
        let amounts = try db.first("SELECT \(AmountColumns.sums) \(from) AND NOT voided") { row in
            try Amounts.reading(&row)
        }
        return (count, amounts ?? Amounts())
    }

    /// The cells of these reports, by number.
    static func cells(_ ids: some Sequence<CellNo>, in db: any Reading) throws -> [CellNo: Cell] {
        var cells: [CellNo: Cell] = [:]
        for chunk in Padded.chunks(Set(ids).sorted()) {
            try db.rows("SELECT id, campaign, activity, audience, channel, organization FROM cell WHERE id IN \(chunk)")
            { row in
                cells[try row.next()] = try Interned.cell(&row)
                return true
            }
        }
        return cells
    }

    /// Every cell of a campaign; for files, which may hold them all.
    static func cells(of campaign: CampaignNo, in db: any Reading) throws -> [CellNo: Cell] {
        var cells: [CellNo: Cell] = [:]
        try db.rows(
            "SELECT id, campaign, activity, audience, channel, organization FROM cell WHERE campaign = \(campaign)"
        ) { row in
            cells[try row.next()] = try Interned.cell(&row)
            return true
        }
        return cells
    }

    static func names(_ people: some Sequence<PersonID>, in db: any Reading) throws -> [PersonID: String] {
        var names: [PersonID: String] = [:]
        for chunk in Padded.chunks(Set(people).sorted()) {
            try db.rows("SELECT id, name FROM person WHERE id IN \(chunk)") { row in
                names[try row.next()] = try row.next(String.self)
                return true
            }
        }
        return names
    }
}

extension ReportRows {
    func countRows() throws -> Int64 { try db.value("SELECT count(*) \(try from())") }

    /// FROM and WHERE of the filter. `campaign + 0` keeps an engine from walking the whole campaign where paths or an
    /// author lead to few rows.
    func from() throws -> SQL {
        var conditions: [SQL] = []
        if let author = filter.author {
            // Own reports by the receipts of own operations: a report's id is that of the operation that filed it.
            conditions.append("author = \(author) AND id IN (SELECT op FROM inbox WHERE author = \(author))")
            conditions.append("campaign + 0 = \(filter.campaign.no)")
            if !filter.isRoot { conditions.append(onPath) }
        } else if filter.isRoot {
            // A span of the ledger leads to few rows; a campaign to all of them.
            conditions.append(
                filter.entered?.after == nil
                    ? "campaign = \(filter.campaign.no)" : "campaign + 0 = \(filter.campaign.no)")
        } else if try isSmall() {
            conditions.append("path IN (SELECT path FROM path_member WHERE unit = \(filter.unit.no))")
            conditions.append("campaign + 0 = \(filter.campaign.no)")
        } else {
            conditions.append("campaign = \(filter.campaign.no)")
            conditions.append(onPath)
        }
        if let from = filter.from { conditions.append("day >= \(from)") }
        if let to = filter.to { conditions.append("day <= \(to)") }
        if filter.hasCellCondition { conditions.append("cell IN \(cellsAsked)") }
        if let band = filter.band { conditions.append("band = \(band)") }
        // Said as the index `report_attention` says it, so that it can be used.
        if filter.state == .competing || filter.flag.map({ $0 != .late }) ?? false {
            conditions.append("(competing > 0 OR flags NOT IN ('', 'late'))")
        }
        if let below = filter.below { conditions.append("band < \(below)") }
        if let metric = filter.metric { conditions.append(told(metric)) }
        if let entered = filter.entered { conditions += self.entered(entered) }
        if let flag = filter.flag { conditions.append("flags LIKE \("%" + flag.text + "%")") }
        switch filter.state {
        case .standing: conditions.append("NOT voided")
        case .evidenced: conditions.append("NOT voided AND evidenced")
        case .corrected: conditions.append("NOT voided AND rev > 1")
        case .competing: conditions.append("competing > 0")
        case .voided: conditions.append("voided")
        case .all: break
        }
        return "FROM report WHERE " + SQL.joined(conditions, " AND ")
    }

    private var onPath: SQL {
        "EXISTS (SELECT 1 FROM path_member m WHERE m.unit = \(filter.unit.no) AND m.path = report.path)"
    }

    var cellsAsked: SQL {
        var conditions: [SQL] = ["c.campaign = \(filter.campaign.no)"]
        if let activity = filter.activity { conditions.append("c.activity = \(activity)") }
        if let audience = filter.audience { conditions.append("c.audience = \(audience)") }
        if let channel = filter.channel { conditions.append("c.channel = \(channel)") }
        if !filter.hosts.isEmpty { conditions.append("c.organization IN \(filter.hosts.map(\.no))") }
        if let organizations = filter.organizations { conditions.append("c.organization IN \(organizations.sorted())") }
        return "(SELECT c.id FROM cell c WHERE " + SQL.joined(conditions, " AND ") + ")"
    }

    private func isSmall() throws -> Bool {
        let (few, all) = (try reports(of: filter.unit.no), try reports(of: filter.tree.root ?? .none))
        return few * few <= all * Int64(Self.pageSize)
    }

    private func reports(of unit: UnitNo) throws -> Int64 {
        try db.value(
            """
            SELECT CAST(coalesce(sum(reports), 0) AS bigint) FROM total_unit
            WHERE campaign = \(filter.campaign.no) AND basis = 0 AND \(rows(of: unit)) AND layer < 3
            """)
    }

    /// The stored rows that make up a unit: under each parent it ever had; the root is the sum of its children and
    /// itself.
    private func rows(of unit: UnitNo) -> SQL {
        if unit == filter.tree.root { return "parent IN \([unit, UnitNo.none])" }
        return "parent IN \(filter.tree.parentsEver(of: unit)) AND unit = \(unit)"
    }

    func storedTotal() throws -> (reports: Int64, amounts: Amounts) {
        var conditions: [SQL] = ["campaign = \(filter.campaign.no) AND basis = 0", rows(of: filter.unit.no)]
        if let from = filter.from { conditions.append("day >= \(from)") }
        if let to = filter.to { conditions.append("day <= \(to)") }
        if filter.hasCellCondition { conditions.append("cell IN \(cellsAsked)") }
        let evidencedOnly = filter.state == .evidenced
        if let band = filter.band {
            conditions.append("layer = \(band)")
        } else {
            conditions.append(evidencedOnly ? "layer = 3" : "layer < 3")
        }
        let table: SQL =
            switch (filter.hasCellCondition, filter.from != nil || filter.to != nil) {
            case (false, false): "total_unit"
            case (false, true): "total_unit_day"
            case (true, false): "total_cell"
            case (true, true): "total_cell_day"
            }
        let head: SQL = "SELECT CAST(coalesce(sum(reports), 0) AS bigint), \(AmountColumns.sums) FROM \(table) WHERE "
        return try db.first(head + SQL.joined(conditions, " AND ")) { row in
            (try row.next(Int64.self), try Amounts.reading(&row))
        } ?? (0, Amounts())
    }
}
