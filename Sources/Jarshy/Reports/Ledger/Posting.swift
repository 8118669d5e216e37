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

    init(_ report: Report) {
        campaign = report.campaign
        path = report.path
        day = report.day
        cell = report.cell
        band = report.band
        evidenced = report.isEvidenced
        amounts = report.figures.amounts
        place = report.place
    }
}

/// What kind of deed an entry records.
enum EntryKind: String, Sendable {
    case file, correct, void, check, settle, move, structure, evidence
}
