import JarshyKit
import Storage

/// How a poster site was found on a day, with photos of the site if any; no photo of people.
///
/// It is never refused for what was found. Campaigning posters put up on a quiet day are written down as found, and flagged.
struct NoteSiteCondition: LedgerAction {
    static let kind = "site.condition"

    let campaign: String
    let site: PosterSiteID
    let day: Day
    let condition: PosterSite.Condition
    let note: String
    let files: [EvidencePromise]

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        campaign = fields.neededText("campaign")
        site = fields.neededID("site", of: PosterSiteMark.self)
        day = fields.neededDay("day")
        let told = fields.choice("condition", of: PosterSite.Condition.self)
        if told == .empty { fields.fault("condition", "not-listed", "A site is empty until somebody has looked.") }
        condition = told ?? .missing
        note = (fields.text("note") ?? "").trimmingSpaces()
        files = EvidencePromise.read(from: &fields)
        for (index, file) in files.enumerated() where file.role != .site {
            fields.fault("evidence[\(index)].role", "site-photo", "A photo of a poster site has the role 'site'.")
        }
        try fields.finish()
    }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        let db = books.db
        guard let campaign = books.campaigns.find(campaign),
            let site = try db.first(
                PosterSite.self, where: "FROM poster_site s WHERE s.id = \(site)\(SQL.forUpdate(db.dialect))"),
            site.campaign == campaign.no, actor.mayKnow(site.unit, in: books.tree, on: books.today)
        else { throw Problem.notFound("site") }
        let flags = try Authority.judge(.useMaterials, over: site.unit, organization: nil, operation, actor, books)
        if try db.first(OperationID.self, "SELECT id FROM site_condition WHERE id = \(operation.id)") != nil {
            throw Problem.conflict("id-taken", "Another entry has this id. Make a new one and send again.")
        }
        guard site.isOpen else { throw Problem.conflict("site-closed", "The site is no longer used.") }
        try check(site, today: books.today)
        let isNewlyUp = condition == .inPlace && !site.condition.isHanging
        let isQuiet = isNewlyUp && site.form.class == .campaigning && campaign.isQuiet(on: day)
        try db.run(
            """
            INSERT INTO site_condition (id, site, day, condition, note, quiet, author, at)
            VALUES (\(operation.id), \(site.id), \(day), \(condition), \(note), \(isQuiet), \(actor.person), \(books.now))
            """)
        if site.conditionDay.map({ $0 <= day }) ?? true {
            try db.run(
                """
                UPDATE poster_site SET condition = \(condition), condition_day = \(day), changed_at = \(books.now)
                WHERE id = \(site.id)
                """)
        }
        books.promise(files, of: .site(site.id), unit: site.unit, by: actor.person, operation)
        books.record(
            FeedLine("site-\(condition.rawValue)", "poster-site", site.id, unit: site.unit, detail: "day=\(day)"), by: actor)
        return .accepted(operation, "site", site.id, noting: flags.list + (isQuiet ? ["quiet-period"] : []))
    }

    /// Sites outlive the campaign, since posters come down after it; only the future cannot be told of.
    private func check(_ site: PosterSite, today: Day) throws {
        if day > today.advanced(by: 1) {
            throw Problem(
                "day-ahead", status: 422, "The day \(day) has not come yet (today is \(today)).",
                slots: ["day": "\(day)", "today": "\(today)"],
                errors: [Problem.Fault("day", "day-ahead", "Choose a day not after \(today.advanced(by: 1)).")])
        }
        let earliest = site.form.first.advanced(by: -Self.daysBefore)
        guard day >= earliest else {
            throw Problem.invalid([
                Problem.Fault(
                    "day", "before-permission", "The site is permitted from \(site.form.first).",
                    slots: ["day": "\(site.form.first)"])
            ])
        }
    }

    /// Somebody may look at the place before it is used.
    private static let daysBefore = 30
}
