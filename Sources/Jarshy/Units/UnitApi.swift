import JarshyKit

/// A unit as JSON. Any code it ever held was asked with; `code` is today's.
enum UnitApi {
    static func json(_ view: UnitView) -> [UInt8] {
        let (tree, unit) = (view.tree, view.unit)
        func text(_ value: String) -> Json { .text(value) }
        func day(_ day: Day?) -> Json { day.flatMap { $0 <= UnitWrites.always ? nil : .text($0.description) } ?? .null }
        func number(_ value: Int64?) -> Json { value.map { .integer($0) } ?? .null }
        func trio(_ trio: Trio) -> Json {
            .object(Language.allCases.map { Json.Member($0.rawValue, text(trio[$0])) })
        }
        func code(_ unit: UnitNo?) -> Json { unit.map { text(tree.code(of: $0)) } ?? .null }
        return Json.object([
            .init("id", text(unit.id.description)),
            .init("code", text(tree.code(of: unit.no))),
            .init("kind", text(unit.kind)),
            .init("names", trio(unit.names)),
            .init("titles", trio(unit.titles)),
            .init("parent", code(tree.parent(of: unit.no))),
            .init("path", .list(tree.chain(of: unit.no).reversed().map { code($0) })),
            .init(
                "parents",
                .list(
                    (tree.edges[unit.no] ?? []).map { edge in
                        .object([
                            .init("parent", code(edge.parent)), .init("from", day(edge.from)),
                            .init("to", day(edge.to)),
                        ])
                    })),
            .init(
                "codes",
                .list(
                    view.codes.map { span in
                        .object([
                            .init("code", text(span.code)), .init("scheme", text(span.scheme)),
                            .init("from", day(span.from)), .init("to", day(span.to)),
                        ])
                    })),
            .init("children", .list(view.children.map { code($0) })),
            .init("opened", day(unit.opened)),
            .init("closed", day(unit.closed)),
            .init("successor", code(unit.succeededBy)),
            .init("population", number(unit.population)),
            .init("capacity", number(unit.capacity)),
        ]).canonical()
    }

    static let note = ApiNote(
        summary: "A unit by its id or by any code it ever held",
        answer: """
            {"type":"object","required":["id","code","kind","names","titles","parent","path","children"],"properties":{
            "id":{"type":"string","format":"uuid"},"code":{"type":"string"},"kind":{"type":"string"},
            "names":{"type":"object"},"titles":{"type":"object"},
            "parent":{"type":["string","null"]},"path":{"type":"array","items":{"type":"string"}},
            "parents":{"type":"array","items":{"type":"object"}},"codes":{"type":"array","items":{"type":"object"}},
            "children":{"type":"array","items":{"type":"string"}},
            "opened":{"type":["string","null"],"format":"date"},"closed":{"type":["string","null"],"format":"date"},
            "successor":{"type":["string","null"]},"population":{"type":["integer","null"]},
            "capacity":{"type":["integer","null"]}}}
            """)
}
