import JarshyKit

/// The page of a poster site. Fields as in `site.mustache`.
struct SitePage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let marks: [StateMark]
    let hasErrors: Bool
    let errors: ErrorSummary
    let isQuiet: Bool
    let isOverdue: Bool
    let overdueText: String
    let facts: [MaterialFact]
    let hasMaterial: Bool
    let materialURL: String
    let materialName: String
    let canLook: Bool
    let lookOpen: Bool
    let lookAction: String
    let op: String
    let condition: TilesField
    let day: DateField
    let note: TextField
    let photo: FileField
    let manages: Bool
    let editURL: String
    let canClose: Bool
    let closeAction: String
    let hasFindings: Bool
    let findings: [FindingRow]
}

struct FindingRow: PageModel {
    let findingDay: String
    let findingNote: String
    let findingWho: String
    let marks: [StateMark]
    let hasPhotos: Bool
    let photos: [EvidenceCard]
}

extension SitePage {
    init(
        _ view: SiteView, form: Fields, refused: (deed: SitePages.Deed, problem: Problem)?, now: Instant, words: Words
    ) {
        let (site, text, today) = (view.site, MaterialText(words: words), view.today)
        let path = "/sites/\(site.id)"
        let wrong = FieldErrors(refused?.problem, words: words)
        trail = [TrailLink("/sites", words("sites.title"))]
        heading = site.form.address
        here = heading
        marks = text.marks(site, today: today)
        hasErrors = refused != nil
        errors = refused.map { ErrorSummary($0.problem, words: words) } ?? .none
        isQuiet = site.form.class == .campaigning && view.campaign.isQuiet(on: today)
        isOverdue = site.isOverdue(on: today)
        overdueText = words("site.overdue", ["day": site.form.takeDown.map(text.day) ?? ""])
        facts = Self.facts(view, text)
        hasMaterial = view.material != nil
        materialURL = view.material.map { "/materials/\($0.id)" } ?? ""
        materialName = view.material.map { "\($0.names[words.language]) · \(text.about($0))" } ?? ""
        canLook = view.uses && site.isOpen
        lookOpen = refused?.deed == .condition || (canLook && view.findings.isEmpty)
        lookAction = path + "/condition"
        op = OperationID.make(at: now).description
        condition = TilesField(
            "condition", words("site.condition"),
            choices: PosterSite.Condition.told.map { ($0.rawValue, text.condition($0)) }, chosen: form.text("condition"),
            error: wrong["condition"], required: true, layout: "tiles-two")
        day = DateField(
            "day", words("site.day"), value: form.code("day") ?? today.description, error: wrong["day"], required: true,
            max: today)
        note = TextField("note", words("stock.note"), value: form.text("note"), error: wrong["note"])
        photo = FileField(
            "photo", words("site.photo"), hint: words("site.photo.hint"), error: wrong["photo"], required: false,
            accept: "image/jpeg,image/png,image/webp")
        manages = view.manages && site.isOpen
        editURL = path + "/edit"
        canClose = view.manages && site.isOpen && !site.condition.isHanging
        closeAction = path + "/close"
        hasFindings = !view.findings.isEmpty
        findings = view.findings.map { finding in
            let cards = (view.photos[finding.id] ?? []).map { EvidenceCard($0, reviews: view.reviews, words) }
            return FindingRow(
                findingDay: text.day(finding.day), findingNote: finding.note,
                findingWho: view.names[finding.author] ?? words("report.operator"),
                marks: [text.mark(finding.condition)] + (finding.isQuiet ? [StateMark("flagged", words("site.quiet.mark"))] : []),
                hasPhotos: !cards.isEmpty, photos: cards)
        }
    }

    private static func facts(_ view: SiteView, _ text: MaterialText) -> [MaterialFact] {
        let (site, words) = (view.site, text.words)
        var facts = [
            MaterialFact(fact: words("site.unit"), factText: text.unit(site.unit, in: view.tree)),
            MaterialFact(fact: words("site.permission"), factText: text.permission(site.form)),
            MaterialFact(
                fact: words("site.class"),
                factText: text.class(site.form.class) + (site.form.isAtSchool ? " · " + words("site.school.short") : "")),
            MaterialFact(fact: words("site.capacity"), factText: text.number(site.form.capacity)),
            MaterialFact(fact: words("site.first"), factText: text.day(site.form.first)),
        ]
        facts.append(
            MaterialFact(fact: words("site.take_down"), factText: site.form.takeDown.map(text.day) ?? words("site.take_down.none")))
        return facts
    }
}
