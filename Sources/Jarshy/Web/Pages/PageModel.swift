import Mustache

/// What a template may see: a struct whose properties are named in the comment at the top of its template.
///
/// Properties are `String`, `Int`, `Bool`, another `PageModel`, or an array of those. A name the template asks for and
/// nobody up the stack has is a fault, never an empty place. An optional that is nil counts as present and false.
///
/// Properties are read by reflection once a value. Rows of long tables conform to `HotRow`, which is several times
/// faster.
protocol PageModel: Sendable {}

/// A row of a long table: says itself what stands under a name; nil means there is no such name.
protocol HotRow: PageModel {
    func field(_ name: String) -> (any Sendable)?
}

/// Collects the names a page asked for and did not find, and remembers how names with dots fall apart.
final class PageFaults {
    private(set) var names: [String] = []
    private var parts: [String: [String]] = [:]

    func note(_ name: String) { if !names.contains(name) { names.append(name) } }

    func parts(of name: String) -> [String] {
        if let known = parts[name] { return known }
        let made = name.split(separator: "-").map(String.init)
        parts[name] = made
        return made
    }
}

/// A model as Mustache sees it. Names with dots arrive as `a-b` (see `TemplateSource`), so that a miss inside is seen
/// too.
final class PageNode: MustacheParent {
    private let model: any PageModel
    private let faults: PageFaults
    private let isRoot: Bool
    private lazy var fields: [String: Any] = PageNode.reflected(model)
    /// Wrapped values, so that a model asked for twice is reflected once.
    private var wrapped: [String: Any] = [:]
    private let extra: [String: any PageModel]

    init(_ model: any PageModel, faults: PageFaults, isRoot: Bool = false, extra: [String: any PageModel] = [:]) {
        self.model = model
        self.faults = faults
        self.isRoot = isRoot
        self.extra = extra
    }

    func child(named name: String) -> Any? {
        guard name.utf8.contains(UInt8(ascii: "-")) else { return value(name) ?? missed(name) }
        let parts = faults.parts(of: name)
        guard var at = value(parts[0]) else { return missed(name) }
        for part in parts.dropFirst() {
            guard let node = at as? PageNode, let next = node.value(part) else {
                faults.note(parts.joined(separator: "."))
                return ""
            }
            at = next
        }
        return at
    }

    private func missed(_ name: String) -> Any? {
        guard isRoot else { return nil }
        faults.note(name.split(separator: "-").joined(separator: "."))
        return ""
    }

    private func value(_ name: String) -> Any? {
        if let known = wrapped[name] { return known }
        let raw: Any
        if let extra = extra[name] {
            raw = extra
        } else if let hot = model as? any HotRow {
            guard let value = hot.field(name) else { return nil }
            raw = value
        } else {
            guard let value = fields[name] else { return nil }
            raw = value
        }
        let value = wrap(raw, name)
        wrapped[name] = value
        return value
    }

    private func wrap(_ raw: Any, _ name: String) -> Any {
        switch raw {
        case let text as String: return text
        case let flag as Bool: return flag
        case let number as Int: return number
        case let list as [any PageModel]: return list.map { PageNode($0, faults: faults) }
        case let list as [String]: return list
        case let model as any PageModel: return PageNode(model, faults: faults)
        default:
            let mirror = Mirror(reflecting: raw)
            if mirror.displayStyle == .optional {
                guard let inside = mirror.children.first else { return false }
                return wrap(inside.value, name)
            }
            faults.note("\(name): \(type(of: raw)) is no page value")
            return ""
        }
    }

    private static func reflected(_ model: any PageModel) -> [String: Any] {
        var fields: [String: Any] = [:]
        for child in Mirror(reflecting: model).children {
            if let label = child.label { fields[label] = child.value }
        }
        return fields
    }
}
