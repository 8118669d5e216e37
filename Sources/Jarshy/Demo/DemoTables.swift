import JarshyKit

/// A table of the folder `Demo/`: tab-separated, comments on top, cells by column name (see `Demo/README.md`).
struct DemoTable: Sendable {
    struct Row: Sendable {
        fileprivate let columns: Columns
        fileprivate let row: DelimitedRow

        /// The cell; "" when it is empty.
        subscript(_ column: String) -> String { columns[column, row] }

        func integer(_ column: String) -> Int64? { Int64(self[column]) }

        func flag(_ column: String) -> Bool { self[column] == "1" }

        func words(_ column: String) -> [String] { self[column].split(separator: " ").map(String.init) }

        /// `name_kk name_ru name_en` for "name".
        func trio(_ prefix: String) -> Trio {
            Trio(kk: self["\(prefix)_kk"], ru: self["\(prefix)_ru"], en: self["\(prefix)_en"])
        }
    }

    let rows: [Row]

    /// - Throws: `Home.Fault` when the file is not there, `DelimitedError` when it is no text table.
    init(_ name: String, home: Home) throws {
        let lines = try Delimited.tsv(try home.bytes("Demo/\(name).tsv")).drop { $0.fields[0].hasPrefix("#") }
        guard let header = lines.first else { throw Home.Fault.unreadable("Demo/\(name).tsv") }
        let columns = Columns(header)
        rows = lines.dropFirst().map { Row(columns: columns, row: $0) }
    }
}

/// Everything the demo is made from, as read from `Demo/`.
struct DemoData: Sendable {
    let units: DemoTable
    let villages: DemoTable
    let neighbourhoods: DemoTable
    let subgroups: DemoTable
    let activities: DemoTable
    let figures: DemoTable
    let organisations: DemoTable
    let people: DemoTable
    let posts: DemoTable
    let names: DemoTable
    let campaign: [String: String]
    /// The campaign's five tables as they are, for the reader every installation uses.
    let campaignFiles: [String: [UInt8]]

    init(_ home: Home) throws {
        campaignFiles = Dictionary(
            uniqueKeysWithValues: try CampaignSheet.tables.map { ($0, try home.bytes("Demo/\($0).tsv")) })
        units = try DemoTable("units", home: home)
        villages = try DemoTable("villages", home: home)
        neighbourhoods = try DemoTable("neighbourhoods", home: home)
        subgroups = try DemoTable("subgroups", home: home)
        activities = try DemoTable("activities", home: home)
        figures = try DemoTable("figures", home: home)
        organisations = try DemoTable("organisations", home: home)
        people = try DemoTable("people", home: home)
        posts = try DemoTable("posts", home: home)
        names = try DemoTable("names", home: home)
        campaign = Dictionary(
            try DemoTable("campaign", home: home).rows.map { ($0["key"], $0["value"]) },
            uniquingKeysWith: { first, _ in first })
    }

    /// English names by KATO code, for an import of the classifier, which has none.
    static func english(_ home: Home) throws -> [String: String] {
        let rows = try DemoTable("units", home: home).rows + (try DemoTable("villages", home: home)).rows
        return Dictionary(rows.map { ($0["code"], $0["name_en"]) }, uniquingKeysWith: { first, _ in first })
    }
}
