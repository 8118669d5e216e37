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
    /// Open original photos and scans, reject and delete those that show names or faces.
    case reviewEvidence
    /// Walk the doors of a list and say how it went.
    case canvass
    /// Draw up rounds, lists and teams, print them and enter what came back on paper.
    case manageCanvass
    /// Receive, hand out, count and pass on the stock of one's unit; photograph poster sites.
    case useMaterials
    /// Draw up materials and poster sites.
    case manageMaterials
    /// Approve what another drew up: a material, a class.
    case approveMaterials
    /// Draw up events and their rosters.
    case manageEvents
    /// Keep the register of speakers.
    case manageSpeakers
    /// Take down a question or proposal of a resident.
    case takeQuestions
    /// See the queue, group and send questions to experts.
    case routeQuestions
    /// Write answers to the questions sent to one.
    case answerQuestions
    /// Approve the answer another wrote, and publish it.
    case approveAnswers
    /// Hide or show what residents wrote, by the published code.
    case moderateQuestions
    /// Consider, accept and decline proposals.
    case decideProposals
    /// Keep official texts and sourced facts.
    case manageFacts
    /// Log what an organisation published.
    case publish
}
