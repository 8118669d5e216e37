import JarshyKit
import Storage

/// `GET /api/v1/search`: the best documents of one space.
enum SearchApi {
    private static let most = 50

    static func answer(_ visit: Visit, _ spaces: [SearchSpaceRule]) async throws -> Reply {
        let query = visit.query
        let name = query.has("in") ? query.text("in") : "answers"
        if name == units { return try await found(visit, query) }
        guard let rule = spaces.first(where: { $0.space == name }) else {
            let known = (spaces.map(\.space) + [units]).joined(separator: ", ")
            throw Problem.invalid([Problem.Fault("in", "not-listed", "'in' is one of: \(known).")])
        }
        let (asked, limit) = try text(query)
        let search = SearchQuery(space: rule.space, text: asked, limit: limit)
        let scope = try SearchScope(rule, visit)
        let hits = try await visit.read { db in try scope.limit(search).run(in: db) }
        let results = hits.map { hit -> Json in
            .object([
                .init("id", .text(hit.document.description)),
                .init("external_id", hit.external.isEmpty ? .null : .text(hit.external)), .init("kind", .text(rule.kind)),
                .init("language", .text(hit.language)), .init("score", .number(hit.score)), .init("text", .text(hit.text)),
            ])
        }
        return .json(Json.object([.init("results", .list(results))]).canonical())
    }

    private static let units = "units"

    private static func text(_ query: Fields) throws -> (asked: String, limit: Int) {
        let asked = query.text("q")
        guard !asked.isEmpty else { throw Problem.invalid([Problem.Fault("q", "missing", "'q' is what to look for.")]) }
        let limit = query.has("limit") ? Int(query.text("limit")) ?? 0 : 5
        guard (1...most).contains(limit) else {
            throw Problem.invalid([Problem.Fault("limit", "out-of-range", "'limit' is from 1 to \(most).")])
        }
        return (asked, limit)
    }

    /// Units by name or code, for anybody who is signed in; their order is the score.
    private static func found(_ visit: Visit, _ query: Fields) async throws -> Reply {
        let ((asked, limit), _, language) = (try text(query), try visit.require(), visit.language)
        let results = try await visit.read { db -> [Json] in
            let tree = try Tree.current(in: db)
            let units = try UnitSearch.current(in: db, tree: tree).find(asked, in: tree).prefix(limit)
            return units.enumerated().compactMap { place, no -> Json? in
                guard let unit = tree[no] else { return nil }
                return .object([
                    .init("id", .text(unit.id.description)), .init("external_id", .text(tree.code(of: no))),
                    .init("kind", .text("unit")), .init("language", .text(language.rawValue)),
                    .init("score", .number(1 - Double(place) / 100)), .init("text", .text(unit.titles[language])),
                ])
            }
        }
        return .json(Json.object([.init("results", .list(results))]).canonical())
    }

    static let note = ApiNote(
        summary: "Finds answers (anybody) or other things one may see, in Kazakh and Russian, whatever the spelling",
        query: [
            .init(name: "q", about: "what to look for, at most 500 characters count", required: true),
            .init(name: "in", about: "answers (default), proposals, events; with a session questions, materials, units"),
            .init(name: "limit", about: "1 to 50, default 5"),
        ],
        answer: """
            {"type":"object","required":["results"],"properties":{"results":{"type":"array","items":{"type":"object",
            "required":["id","kind","score","text"],"properties":{"id":{"type":"string","format":"uuid"},
            "external_id":{"type":["string","null"]},"kind":{"type":"string"},"language":{"type":"string"},
            "score":{"type":"number"},"text":{"type":"string"}}}}}}
            """)
}
