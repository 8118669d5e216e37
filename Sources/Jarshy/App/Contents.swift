import JarshyKit

/// What routes need of the live parts.
struct ContentsParts: Sendable {
    let people: PeopleParts
    let intake: Intake
    let evidence: EvidenceStore
    let assets: Assets
    let migrations: Migrations
    /// The words of any language: a citation and a text for the chat are made in all of them.
    let words: @Sendable (Language) throws -> Words
}

/// The site's table of contents: every feature's routes, in the order of the layers.
enum Contents {
    static func routes(_ parts: ContentsParts) -> Routes {
        var site = Routes()
        site.feature = "App"
        HomePages.routes(&site)
        HealthRoutes.routes(&site, parts.assets, parts.migrations)
        site.feature = "Units"
        Units.routes(&site)
        site.feature = "People"
        People.routes(&site, parts.people)
        site.feature = "Campaigns"
        Campaigns.routes(&site)
        site.feature = "Search"
        Search.routes(&site, spaces: SearchSpaces.all)
        site.feature = "Release"
        Release.routes(&site)
        site.feature = "Mail"
        Mail.routes(&site, writers: LetterWriters.all)
        site.feature = "Reports"
        Reports.routes(&site, intake: parts.intake, people: parts.people, evidence: parts.evidence)
        site.feature = "Structure"
        Structure.routes(&site, parts.intake)
        site.feature = "Facts"
        Facts.routes(&site, store: parts.evidence.part("library"), uses: LibraryUses.all)
        site.feature = "Events"
        Events.routes(&site, intake: parts.intake, words: parts.words)
        site.feature = "Speakers"
        Speakers.routes(&site)
        site.feature = "Questions"
        Questions.routes(&site, intake: parts.intake)
        site.feature = "Proposals"
        Proposals.routes(&site, intake: parts.intake)
        site.feature = "Canvass"
        Canvass.routes(&site, intake: parts.intake)
        site.feature = "Materials"
        Materials.routes(&site, intake: parts.intake, store: parts.evidence)
        site.feature = "Publications"
        Publications.routes(&site, intake: parts.intake, store: parts.evidence.part("publications"))
        site.feature = "Field"
        Field.routes(&site, intake: parts.intake, parts: FieldParts.all, assets: parts.assets, words: parts.words)
        site.feature = "Board"
        Board.routes(&site, words: parts.words)
        site.feature = "App"
        let listed = site.list
        OpenApi.routes(&site, listed)
        return site
    }
}
