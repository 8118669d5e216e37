import JarshyKit
import Storage

enum CitationMark {}
typealias CitationID = ID<CitationMark>

/// A figure somebody cited: the sentence as it was said, in three languages, and the choice that makes it again. Never changed.
struct Citation: Sendable {
    let id: CitationID
    let campaign: CampaignNo
    let unit: UnitNo
    /// The choice as an address writes it, with the organisations it was narrowed to.
    let query: String
    let texts: Trio
    /// The positions in the ledger, as `AsOf.json` writes them.
    let asOf: String
    let value: Int64
    let metric: String
    let createdAt: Instant

    static func find(_ id: CitationID, in db: any Reading) throws -> Citation? {
        try db.first(
            """
            SELECT id, campaign, unit, query, text_kk, text_ru, text_en, as_of, value, metric, created_at
            FROM citation WHERE id = \(id)
            """
        ) { row in
            Citation(
                id: try row.next(), campaign: try row.next(), unit: try row.next(), query: try row.next(),
                texts: try Trio(&row), asOf: try row.next(), value: try row.next(), metric: try row.next(),
                createdAt: try row.next())
        }
    }
}

/// Freezes a figure as a sentence. Needs to see the figure, nothing more; a representative cites own figures only.
struct CiteFigure: Action {
    let unit: String
    let fields: Fields
    /// Words of every language the sentence is kept in.
    let words: [Language: Words]

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> CitationID {
        let today = Zone.kazakhstan.day(at: now)
        let tree = try Tree.current(in: db)
        let scope = try FiguresScope.find(unit, actor: actor, today: today, in: tree)
        let all = try Organization.all(in: db)
        var choice = try FiguresChoice(fields, campaigns: try Campaigns.current(in: db), organizations: all, today: today)
        if let seen = scope.organizations {
            let own = choice.organizations.isEmpty ? all : choice.organizations
            choice.organizations = own.filter { seen.contains($0.no) }
            guard !choice.organizations.isEmpty else { throw Problem.notFound("unit") }
        }
        let query = choice.query(scope).with { $0.slots = [choice.metric.slot] }
        let figure = try Rollups(db, tree).total(query).figure(choice.metric.slot)
        let asOf = try AsOf.read(of: scope.unit.no, in: tree, db)
        func sentence(_ language: Language) -> String {
            words[language].map {
                CitedWords.sentence(
                    unit: scope.unit, choice: choice, metric: choice.metric, figure: figure, at: now, words: $0)
            } ?? ""
        }
        let id = CitationID.make(at: now)
        let asOfText = String(decoding: asOf.json(in: tree).canonical(), as: UTF8.self)
        let address = choice.fields.setting("metric", choice.metric.code).encoded
        try db.run(
            """
            INSERT INTO citation (id, campaign, unit, query, text_kk, text_ru, text_en, as_of, value, metric, created_at,
                created_by)
            VALUES (\(id), \(choice.campaign.no), \(scope.unit.no), \(address), \(sentence(.kk)), \(sentence(.ru)),
                \(sentence(.en)), \(asOfText), \(figure.total), \(choice.metric.code), \(now), \(actor.person))
            """)
        try Feed.record(
            FeedLine("cite", "figure", id, unit: scope.unit.no, detail: "\(choice.metric.code)=\(figure.total)"),
            by: actor, at: now, in: db)
        return id
    }
}

/// How a figure is said as a sentence: unit, metric with what it is narrowed to, value, evidence, moment.
enum CitedWords {
    static func sentence(
        unit: Unit, choice: FiguresChoice, metric: Metric, figure: BandedFigure, at now: Instant, words: Words
    ) -> String {
        let text = BoardText(words: words)
        let hasDays = choice.from != nil || choice.to != nil
        let extent = (hasDays ? [text.period(choice)] : []) + text.terms(choice)
        let name = metric.names[words.language]
        return words(
            "cite.sentence",
            [
                "unit": unit.titles[words.language],
                "metric": extent.isEmpty ? name : "\(name) (\(extent.joined(separator: "; ")))",
                "value": text.number(figure.total),
                "evidence": words.format.shareWithBase(Int(figure.evidenced), of: Int(figure.total)),
                "day": text.day(Zone.kazakhstan.day(at: now)), "time": text.time(now),
            ])
    }
}
