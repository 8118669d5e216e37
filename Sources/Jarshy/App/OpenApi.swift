import JarshyKit

/// `/api/openapi.json`: the OpenAPI 3.1 document, assembled from the notes beside the routes.
enum OpenApi {
    static func routes(_ site: inout Routes, _ listed: [Route]) {
        let text = document(listed)
        site.get("/api/openapi.json", .anonymous) { _ in
            .json(text).header("cache-control", "public, max-age=300")
        }
    }

    static func document(_ routes: [Route]) -> String {
        let noted = routes.filter { $0.api != nil }
        var paths: [String] = []
        var seen: Set<String> = []
        for route in noted where seen.insert(route.path).inserted {
            let operations = noted.filter { $0.path == route.path }.map(operation)
            paths.append(Json.quoted(route.path) + ":{" + operations.joined(separator: ",") + "}")
        }
        return """
            {"openapi":"3.1.0","info":{"title":"Jarshy","version":"1","description":"\
            Errors are application/problem+json (RFC 9457) with a stable type."},\
            "paths":{\(paths.joined(separator: ","))},\
            "components":{"securitySchemes":{"token":{"type":"http","scheme":"bearer"}},\
            "schemas":{"Problem":\(problem)}}}
            """
    }

    private static let problem = """
        {"type":"object","required":["type","title","status","detail"],"properties":{"type":{"type":"string"},\
        "title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},"instance":{"type":"string"},\
        "errors":{"type":"array","items":{"type":"object","properties":{"field":{"type":"string"},\
        "type":{"type":"string"},"detail":{"type":"string"}}}}}}
        """

    private static func operation(_ route: Route) -> String {
        guard let note = route.api else { return "" }
        var parts = ["\"summary\":" + Json.quoted(note.summary), "\"tags\":[\(Json.quoted(route.feature))]"]
        let parameters =
            route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part -> String in
                let name = part.dropFirst().prefix { $0 != "}" && $0 != "*" }
                return parameter(String(name), in: "path", about: "", required: true)
            } + note.query.map { parameter($0.name, in: "query", about: $0.about, required: $0.required) }
        if !parameters.isEmpty { parts.append("\"parameters\":[\(parameters.joined(separator: ","))]") }
        if let body = note.body {
            parts.append("\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":\(body)}}}")
        }
        parts.append(
            """
            "responses":{"200":{"description":"Done","content":{"application/json":{"schema":\(note.answer ?? "{}")}}},\
            "default":{"description":"Refused","content":{"application/problem+json":\
            {"schema":{"$ref":"#/components/schemas/Problem"}}}}}
            """)
        let isOpen = route.policy == .open || route.policy == .anonymous
        if !isOpen { parts.append("\"security\":[{\"token\":[]}]") }
        return "\"\(route.method.lowercased())\":{\(parts.joined(separator: ","))}"
    }

    private static func parameter(_ name: String, in place: String, about: String, required: Bool) -> String {
        let description = about.isEmpty ? "" : ",\"description\":\(Json.quoted(about))"
        return
            "{\"name\":\(Json.quoted(name)),\"in\":\"\(place)\",\"required\":\(required)\(description),\"schema\":{\"type\":\"string\"}}"
    }
}
