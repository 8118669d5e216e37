import Crypto
import JarshyKit

/// The shell of the field app: a page without personal data, which the phone keeps and opens without network.
///
///     GET /field                       the shell; also for people who are not signed in
///     GET /field/words/{language}      the app's words: `kk.json`, `ru.json`, `en.json`, with an ETag
///     GET /field/worker.js             the service worker; its scope is `/field`
///
/// A bad network decides the order: the page itself holds the sign-in form and its few words, so that one may type at
/// once; the scripts of the form come next (`first`), then those that sign in, then what the first screens need, and only
/// after the sign-in the other screens and languages (`rest`). The page as the phone keeps it (`?kept`) has no form: who is
/// signed in should not see one, even for a moment.
///
/// The worker's text begins with the version (a hash of all assets and words) and the lists of what is to be kept, so a
/// change of either is a new worker, and the app says "a new version is ready".
enum FieldPage {
    static func routes(_ site: inout Routes, _ assets: Assets, words: @escaping @Sendable (Language) throws -> Words) {
        site.get("/field", .open) { visit in
            let base = assets.base
            let model = Shell(
                base: base, entry: "\(base)/\(entry)",
                modules: first.filter { $0 != entry }.map { Module(url: "\(base)/\($0)") },
                hasForm: !visit.query.has("kept"),
                signWords: String(decoding: json(try words(visit.language), only: isForSigningIn), as: UTF8.self))
            return .page("field_app", model, PageHead("")).header("cache-control", "no-cache")
        }
        site.get("/field/words/{language}", .anonymous) { visit in
            let name = visit.parameter("language")
            guard name.hasSuffix(".json"), let language = Language(rawValue: String(name.dropLast(5))) else {
                throw Problem.notFound("file")
            }
            let bytes = json(try words(language))
            let tag = "\"\(hash(bytes))\""
            if visit.head["if-none-match"] == tag { return Reply(status: 304, body: .bytes([])).header("etag", tag) }
            return Reply(
                status: 200,
                headers: [("content-type", "application/json"), ("etag", tag), ("cache-control", "no-cache")],
                body: .bytes(bytes))
        }
        site.get("/field/worker.js", .anonymous) { _ in try worker(assets, words) }
    }

    private static func worker(_ assets: Assets, _ words: (Language) throws -> Words) throws -> Reply {
        guard let rules = assets.file("field/worker.js") else { throw Problem.notFound("file") }
        let languages = Language.allCases
        let all = assets.paths(below: "field/").filter { $0 != "field/worker.js" }
        let files = ["/field"] + all.filter { !isLater($0) }.map { "\(assets.base)/\($0)" }
        let rest =
            languages.map { "/field/words/\($0.rawValue).json" }
            + (all.filter(isLater) + assets.paths(below: "icons/field")).map { "\(assets.base)/\($0)" }
        let texts = try languages.map { json(try words($0)) }
        let head: [Json.Member] = [
            .init("version", .text(hash(Array(assets.base.utf8) + texts.joined()))),
            .init("files", .list(files.map(Json.text))), .init("rest", .list(rest.map(Json.text))),
        ]
        let bytes = Array("const KEPT = ".utf8) + Json.object(head).canonical() + Array(";\n".utf8) + rules.bytes
        return Reply(
            status: 200,
            headers: [
                ("content-type", "text/javascript; charset=utf-8"), ("cache-control", "no-cache"),
                ("service-worker-allowed", "/field"), ("etag", "\"\(hash(bytes))\""),
            ],
            body: .bytes(bytes))
    }

    private static let entry = "field/ui/main.js"

    /// What draws the sign-in form; the page asks for all of it at once.
    private static let first = ["main", "dom", "frame", "signin"].map { "field/ui/\($0).js" }

    /// What is asked for only when it is needed, and kept after the sign-in.
    private static func isLater(_ path: String) -> Bool {
        let core = ["photo", "handover", "qr", "visits", "questions", "stock"].map { "field/core/\($0).js" }
        let screens = [
            "queue", "leave", "agenda", "own", "more", "fields", "hand", "picture", "doors", "door", "questions", "ask", "stock",
            "deed", "sites", "event",
        ]
        return core.contains(path) || screens.contains { path == "field/ui/\($0).js" } || path.hasSuffix(".webmanifest")
    }

    private static func isForSigningIn(_ key: String) -> Bool {
        key.hasPrefix("sign") || ["app", "language", "password", "others", "nothing_can_be_saved"].contains(key)
            || key.hasPrefix("phone_")
    }

    /// The catalogue's `field.` keys, without that word, and why the server may refuse something (`problem.`).
    private static func json(_ words: Words, only: (String) -> Bool = { _ in true }) -> [UInt8] {
        let told = words.catalog.keys.filter { $0.hasPrefix("field.") || ($0.hasPrefix("problem.") && !$0.hasSuffix(".todo")) }
        let names = told.map { key in (key, key.hasPrefix("field.") ? String(key.dropFirst("field.".count)) : key) }
        return Json.object(
            names.filter { only($0.1) }.map { key, name in .init(name, .text(words.catalog.text(key) ?? "")) }
        ).canonical()
    }

    private static func hash(_ bytes: [UInt8]) -> String {
        Hex.encoded(Array(SHA256.hash(data: bytes).prefix(8)))
    }

    struct Shell: PageModel {
        /// `/static/{hash}`
        let base: String
        let entry: String
        let modules: [Module]
        let hasForm: Bool
        /// JSON
        let signWords: String
    }

    struct Module: PageModel {
        let url: String
    }
}
