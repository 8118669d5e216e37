import JarshyKit
import Storage

/// `GET /api/v1/search`: the best documents of one space.
enum SearchApi {
    private static let most = 50

    static func answer(_ visit: Visit, _ spaces: [SearchSpaceRule]) async throws -> Reply {
        let query = visit.query
        let name = query.has("in") ? query.text("in") : "answers"
        guard let rule = spaces.first(where: { $0.space == name }) else {
            let known = spaces.map(\.space).joined(separator: ", ")
            throw Problem.invalid([Problem.Fault("in", "not-listed", "'in' is one of: \(known).")])
        }
        let asked = query.text("q")
        guard !asked.isEmpty else { throw Problem.invalid([Problem.Fault("q", "missing", "'q' is what to look for.")]) }
        let limit = query.has("limit") ? Int(query.text("limit")) ?? 0 : 5
        guard (1...most).contains(limit) else {
            throw Problem.invalid([Problem.Fault("limit", "out-of-range", "'limit' is from 1 to \(most).")])
        }
        var search = SearchQuery(space: rule.space, text: asked, limit: limit)
        var holder: Actor?
        if let right = rule.right {
            let actor = try visit.require()
            guard actor.holdsAnywhere(right, on: visit.today) else { throw Problem.forbidden(right.rawValue) }
            search.openOnly = false
            holder = actor
        }
        let today = visit.today
        let (prepared, right) = (search, rule.right)
        let hits = try await visit.read { [holder] db in
            var search = prepared
            if let holder, let right {
                let tree = try Tree.current(in: db)
                search.units = { holder.holds(right, over: $0, in: tree, on: today) }
            }
            return try search.run(in: db)
        }
        let results = hits.map { hit -> Json in
            .object([
                .init("id", .text(hit.document.description)),
                .init("external_id", hit.external.isEmpty ? .null : .text(hit.external)), .init("kind", .text(rule.kind)),
                .init("language", .text(hit.language)), .init("score", .number((hit.score * 1000).rounded() / 1000)), .init("text", .text(hit.text)),
            ])
        }
        return .json(Json.object([.init("results", .list(results))]).canonical())
    }

    static let note = ApiNote(
        summary: "Finds answers (anybody) or other things one may see, in Kazakh and Russian, whatever the spelling",
        query: [
            .init(name: "q", about: "what to look for, at most 500 characters count", required: true),
            .init(name: "in", about: "answers (default), questions"), .init(name: "limit", about: "1 to 50, default 5"),
        ],
        answer: """
            {"type":"object","required":["results"],"properties":{"results":{"type":"array","items":{"type":"object",
            "required":["id","kind","score","text"],"properties":{"id":{"type":"string","format":"uuid"},
            "external_id":{"type":["string","null"]},"kind":{"type":"string"},"language":{"type":"string"},
            "score":{"type":"number"},"text":{"type":"string"}}}}}}
            """)
}
