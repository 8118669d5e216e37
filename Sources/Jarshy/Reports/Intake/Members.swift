import JarshyKit

/// Reads the members of an operation one by one, gathers every fault with its place, and refuses members nobody asked for:
/// an unknown key is a field we never meant to keep.
struct Members {
    private let members: [String: Json]
    private var asked: Set<String>
    private(set) var faults: [Problem.Fault] = []
    let at: String

    /// - Parameter common: keys every operation may carry, read elsewhere.
    init(_ json: Json, at: String = "", common: Set<String> = []) {
        self.members = Dictionary((json.members ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        self.asked = common
        self.at = at
        if json.members == nil { fault("", "not-an-object", "An object is wanted here.") }
    }

    private func place(_ key: String) -> String { at.isEmpty ? key : key.isEmpty ? at : "\(at).\(key)" }

    mutating func fault(_ key: String, _ slug: String, _ detail: String) {
        faults.append(Problem.Fault(place(key), slug, detail))
    }

    private mutating func take<Value>(_ key: String, _ what: String, _ read: (Json) -> Value?) -> Value? {
        asked.insert(key)
        guard let json = members[key], json != .null else { return nil }
        guard let value = read(json) else {
            fault(key, "wrong-type", "'\(place(key))' must be \(what).")
            return nil
        }
        return value
    }

    private mutating func needed<Value>(_ key: String, _ value: Value?, _ spare: Value) -> Value {
        if value == nil, !faults.contains(where: { $0.field == place(key) }) {
            fault(key, "missing", "'\(place(key))' is missing.")
        }
        return value ?? spare
    }

    func has(_ key: String) -> Bool { members[key].map { $0 != .null } ?? false }

    mutating func text(_ key: String, longest: Int = 200) -> String? {
        guard let text = take(key, "text", { $0.text }) else { return nil }
        if text.utf8.count > longest {
            fault(key, "too-long", "'\(place(key))' is longer than \(longest) bytes.")
            return nil
        }
        return text
    }

    mutating func neededText(_ key: String, longest: Int = 200) -> String { needed(key, text(key, longest: longest), "") }

    mutating func integer(_ key: String) -> Int64? { take(key, "a whole number", { $0.integer }) }
    mutating func neededInteger(_ key: String) -> Int64 { needed(key, integer(key), 0) }
    mutating func bool(_ key: String) -> Bool? { take(key, "true or false", { $0.bool }) }

    mutating func id<Of>(_ key: String, of _: Of.Type) -> ID<Of>? {
        take(key, "a UUID", { $0.text.flatMap { ID<Of>($0) } })
    }

    mutating func neededReport(_ key: String) -> ReportID {
        needed(key, id(key, of: ReportMark.self), ReportID(high: 0, low: 0))
    }

    mutating func day(_ key: String) -> Day? { take(key, "a day that exists, as YYYY-MM-DD", { $0.text.flatMap { Day($0) } }) }
    mutating func neededDay(_ key: String) -> Day { needed(key, day(key), Day(number: 0)) }

    mutating func object(_ key: String) -> [Json.Member]? { take(key, "an object", { $0.members }) }
    mutating func list(_ key: String) -> [Json]? { take(key, "a list", { $0.list }) }

    mutating func add(_ others: [Problem.Fault]) { faults.append(contentsOf: others) }

    /// Throws everything that was wrong at once, unknown keys included.
    mutating func finish() throws {
        for key in members.keys.sorted() where !asked.contains(key) {
            fault(key, "unknown-key", "'\(place(key))' is not a key of this operation.")
        }
        if !faults.isEmpty { throw Problem.invalid(Array(faults.prefix(Members.mostFaults))) }
    }

    /// A receipt is stored for ever: a thousand unknown keys are told by the first of them.
    static let mostFaults = 20
}
