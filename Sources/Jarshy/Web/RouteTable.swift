/// Finds the route of a path. A word wins over a `{parameter}`; `{name*}` at the end takes the rest of the path.
struct RouteTable: Sendable {
    enum Match: Sendable {
        case route(Route, [String: String])
        /// The path exists, the method does not; these do.
        case otherMethods([String])
        case nothing
    }

    private final class Node: Sendable {
        let words: [String: Node]
        let parameter: Node?
        let routes: [String: Route]
        /// Routes that take the rest of the path, and the name they give it.
        let rest: [String: Route]

        init(_ routes: [(segments: ArraySlice<Substring>, route: Route)]) {
            var here: [String: Route] = [:]
            var rest: [String: Route] = [:]
            var words: [String: [(ArraySlice<Substring>, Route)]] = [:]
            var parameters: [(ArraySlice<Substring>, Route)] = []
            for (segments, route) in routes {
                guard let first = segments.first else {
                    precondition(here[route.method] == nil, "\(route.method) \(route.path) is registered twice")
                    here[route.method] = route
                    continue
                }
                if first.hasSuffix("*}") {
                    rest[route.method] = route
                } else if first.hasPrefix("{") {
                    parameters.append((segments.dropFirst(), route))
                } else {
                    words[String(first), default: []].append((segments.dropFirst(), route))
                }
            }
            self.routes = here
            self.rest = rest
            self.words = words.mapValues { Node($0) }
            self.parameter = parameters.isEmpty ? nil : Node(parameters)
        }
    }

    private let root: Node

    init(_ routes: [Route]) {
        root = Node(routes.map { (RouteTable.segments($0.path)[...], $0) })
    }

    func match(_ method: String, _ path: String) -> Match {
        // HEAD is GET without the body.
        let method = method == "HEAD" ? "GET" : method
        let segments = RouteTable.segments(path)
        var allowed: Set<String> = []
        if let route = find(root, segments[...], method, &allowed) {
            guard let parameters = RouteTable.parameters(route.path, segments) else { return .nothing }
            return .route(route, parameters)
        }
        return allowed.isEmpty ? .nothing : .otherMethods(allowed.sorted())
    }

    private func find(
        _ node: Node, _ segments: ArraySlice<Substring>, _ method: String, _ allowed: inout Set<String>
    ) -> Route? {
        guard let first = segments.first else {
            allowed.formUnion(node.routes.keys)
            return node.routes[method]
        }
        if let next = node.words[String(first)], let found = find(next, segments.dropFirst(), method, &allowed) {
            return found
        }
        if !first.isEmpty, let next = node.parameter, let found = find(next, segments.dropFirst(), method, &allowed) {
            return found
        }
        allowed.formUnion(node.rest.keys)
        return node.rest[method]
    }

    private static func segments(_ path: String) -> [Substring] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        return parts.count == 1 && parts.first == "" ? [] : Array(parts)
    }

    /// Nil when a part is not percent-encoded UTF-8.
    private static func parameters(_ template: String, _ segments: [Substring]) -> [String: String]? {
        var found: [String: String] = [:]
        for (index, part) in self.segments(template).enumerated() where part.hasPrefix("{") {
            let takesRest = part.hasSuffix("*}")
            let text = takesRest ? segments[index...].joined(separator: "/") : String(segments[index])
            guard let value = percentDecoded(text.utf8) else { return nil }
            found[String(part.dropFirst().dropLast(takesRest ? 2 : 1))] = value
        }
        return found
    }
}
