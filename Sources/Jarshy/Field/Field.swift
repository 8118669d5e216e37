import JarshyKit
import Storage

/// The field app: work without network on a cheap phone.
///
/// The app is a page and modules that lie on the phone (`Static/field`). It writes sealed operations into its outbox and sends
/// them to `/api/v1/sync` when there is a network; what it needs to know it asks for in one piece, the **pull**: campaigns
/// with their quiet days, places, the person's own reports, and what later features add (`FieldPart`).
///
///     GET /api/v1/field     the pull, with an ETag
///     GET, POST /field-import    what a courier brings of another's phone (`HandOver`)
enum Field {
    static func routes(
        _ site: inout Routes, intake: Intake, parts: [FieldPart], assets: Assets,
        words: @escaping @Sendable (Language) throws -> Words
    ) {
        FieldPage.routes(&site, assets, words: words)
        HandOver.routes(&site, intake: intake)
        site.get("/api/v1/field", .bearer, api: FieldApi.note) { visit in try await FieldApi.answer(visit, parts) }
    }
}

/// A feature's members of the pull: `canvass`, `materials`.
typealias FieldPart = @Sendable (_ actor: Actor, _ day: Day, _ db: any Reading) throws -> [Json.Member]
