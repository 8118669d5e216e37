import Crypto
import JarshyKit

/// The shell of the field app: a page without personal data, which the phone keeps and opens without network.
///
///     GET /field                       the shell; also for people who are not signed in
///     GET /field/words/{language}      the app's words: `kk.json`, `ru.json`, `en.json`, with an ETag
///     GET /field/worker.js             the service worker; its scope is `/field`
///
/// The worker's text begins with the version (a hash of all assets and words) and the list of what is to be kept, so a
/// change of either is a new worker, and the app says "a new version is ready".
enum FieldPage {
    static func routes(_ site: inout Routes, _ assets: Assets, words: @escaping @Sendable (Language) throws -> Words) {
        site.get("/field", .open) { _ in
            let (base, scripts) = (assets.base, assets.paths(below: "field/"))
            let first = scripts.filter { $0.hasSuffix(".js") && !isLazy($0) && $0 != entry }
            let model = Shell(
                base: base, entry: "\(base)/\(entry)", modules: first.map { Module(url: "\(base)/\($0)") })
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
        site.get("/field/worker.js", .anonymous) { _ in
            guard let rules = assets.file("field/worker.js") else { throw Problem.notFound("file") }
            let languages = Language.allCases
            let texts = try languages.map { json(try words($0)) }
            let files =
                ["/field"] + languages.map { "/field/words/\($0.rawValue).json" }
                + assets.paths(below: "field/").filter { $0 != "field/worker.js" }.map { "\(assets.base)/\($0)" }
                + assets.paths(below: "icons/field").map { "\(assets.base)/\($0)" }
            let head: [Json.Member] = [
                .init("version", .text(hash(Array(assets.base.utf8) + texts.joined()))),
                .init("files", .list(files.map(Json.text))),
            ]
            let bytes = Array("const KEPT = ".utf8) + Json.object(head).canonical() + Array(";\n".utf8) + rules.bytes
            return Reply(
                status: 200,
                headers: [
                    ("content-type", "text/javascript; charset=utf-8"), ("cache-control", "no-cache"),
                    ("service-worker-allowed", "/field"),
                ],
                body: .bytes(bytes))
        }
    }

    private static let entry = "field/ui/main.js"

    /// What the first screen does not need is asked for when it is needed.
    private static func isLazy(_ path: String) -> Bool {
        ["core/photo.js", "core/handover.js", "core/qr.js", "ui/hand.js", "field/worker.js"].contains { path.hasSuffix($0) }
    }

    /// The catalogue's `field.` keys, without that word.
    private static func json(_ words: Words) -> [UInt8] {
        let keys = words.catalog.keys.filter { $0.hasPrefix("field.") }
        return Json.object(
            keys.map { .init(String($0.dropFirst("field.".count)), .text(words.catalog.text($0) ?? "")) }
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
    }

    struct Module: PageModel {
        let url: String
    }
}
