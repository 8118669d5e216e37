/// What a role may allow. Roles are data (`role`, `role_right`); this list is the vocabulary they choose from.
enum Right: String, CaseIterable, Sendable, Hashable {
    /// See totals of a unit and those below.
    case viewFigures
    /// Open single reports and their revisions.
    case viewReports
    case fileReports
    case correctReports
    case voidReports
    /// Choose between two corrections of one report.
    case settleReports
    /// Check figures for a district-level unit (submitted → district).
    case checkDistrict
    /// Check figures for a region (→ region).
    case checkRegion
    /// Fix and read the summary table.
    case readSummary
    /// Take figures out as files.
    case exportFigures
    /// Open, rename, move, merge, split and close units.
    case manageUnits
    case managePeople
    case viewPeople
    case manageCampaigns
    case manageOrganizations
    /// See the feed of deeds.
    case viewFeed
}
