import JarshyKit

/// One side of an entry: a figure that leaves (-1) or enters (+1) its place in the totals.
struct Posting: Sendable, Hashable {
    let campaign: CampaignNo
    let path: PathNo
    let day: Day
    let cell: CellNo
    let band: Band
    let evidenced: Bool
    let amounts: Amounts
    let place: UnitNo?
    /// How many reports this stands for: one, or those of a group when only the structure around them changes.
    let reports: Int64

    init(_ report: Report) {
        campaign = report.campaign
        path = report.path
        day = report.day
        cell = report.cell
        band = report.band
        evidenced = report.isEvidenced
        amounts = report.figures.amounts
        place = report.place
        reports = 1
    }

    init(
        campaign: CampaignNo, path: PathNo, day: Day, cell: CellNo, band: Band, evidenced: Bool, amounts: Amounts, reports: Int64
    ) {
        self.campaign = campaign
        self.path = path
        self.day = day
        self.cell = cell
        self.band = band
        self.evidenced = evidenced
        self.amounts = amounts
        self.place = nil
        self.reports = reports
    }
}

/// What kind of deed an entry records.
enum EntryKind: String, Sendable {
    case file, correct, void, check, settle, move, structure, evidence
}
