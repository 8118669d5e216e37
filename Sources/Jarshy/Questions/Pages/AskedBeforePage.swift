import JarshyKit
import Storage

/// `GET /api/v1/asked`: what the forms for questions show while one is typed (`Static/js/asked.js`).
enum AskedBeforeApi {
    static func routes(_ site: inout Routes) {
        site.get("/api/v1/asked", .open, api: note) { visit in
            let (text, actor, now) = (visit.query.text("q"), visit.actor, visit.now)
            let before = try await visit.read { db in try AskedBefore.read(text, by: actor, at: now, in: db) }
            let results = before.lines.map { line -> Json in
                .object([
                    .init("language", .text(line.language)), .init("path", .text(line.path)), .init("text", .text(line.text)),
                ])
            }
            let notice = AskedView.notice(before, visit.words)
            return .json(
                Json.object([
                    .init("notice", .text(notice)), .init("results", .list(results)), .init("waiting", .integer(Int64(before.waiting))),
                ]).canonical())
        }
    }

    private static let note = ApiNote(
        summary: "Answers that may serve a question that is being typed; with a session also questions one may open",
        query: [.init(name: "q", about: "the question so far; fewer than \(AskedBefore.shortest) characters find nothing", required: true)],
        answer: """
            {"type":"object","required":["results","waiting","notice"],"properties":{"results":{"type":"array","items":
            {"type":"object","required":["path","text","language"],"properties":{"path":{"type":"string"},
            "text":{"type":"string"},"language":{"type":"string"}}}},"waiting":{"type":"integer"},"notice":{"type":"string"}}}
            """)

    /// What a form that was sent shows once more before it is taken: nil when it was shown, or when there is nothing alike.
    static func step(_ visit: Visit) async throws -> AskedBefore? {
        guard visit.form.text("seen") != "1" else { return nil }
        let (text, actor, now) = (visit.form.text("text"), visit.actor, visit.now)
        let before = try await visit.read { db in try AskedBefore.read(text, by: actor, at: now, in: db) }
        return before.isStep ? before : nil
    }
}

/// The part `asked_before` of the forms for questions.
struct AskedView: PageModel {
    let askedHeading: String
    let hasAsked: Bool
    /// It was sent and is asked once more.
    let isStep: Bool
    let askedLines: [AskedLine]
    let askedNotice: String
    let hasNotice: Bool
    /// 1: what may serve was shown, send it.
    let seen: String

    init(_ before: AskedBefore?, heading: String, form: Fields?, words: Words) {
        askedHeading = heading
        hasAsked = before != nil
        isStep = before != nil
        askedLines = (before?.lines ?? []).map { AskedLine(askedURL: $0.path, askedLang: $0.language, askedText: $0.text) }
        askedNotice = before.map { Self.notice($0, words) } ?? ""
        hasNotice = !askedNotice.isEmpty
        seen = before != nil || form?.text("seen") == "1" ? "1" : ""
    }

    static func notice(_ before: AskedBefore, _ words: Words) -> String {
        before.waiting == 0 ? "" : words.count("ask.asked_before.waiting", before.waiting)
    }
}

struct AskedLine: PageModel {
    let askedURL: String
    let askedLang: String
    let askedText: String
}
