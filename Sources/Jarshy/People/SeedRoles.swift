import JarshyKit
import Storage

/// Writes the roles the product ships with. A role that is there already keeps the rights the headquarters gave it.
/// Done by the operator, with every `jarshy migrate`.
struct SeedRoles: Action {
    /// - Returns: the codes of the roles added.
    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> [String] {
        guard actor.kind == .operator else { throw Problem.forbidden("operator") }
        let known = Set(try db.all(String.self, "SELECT code FROM role"))
        let missing = Role.shipped.filter { !known.contains($0.code) }
        guard !missing.isEmpty else { return [] }
        try db.insert(
            "INSERT INTO role (code, position, name_kk, name_ru, name_en) VALUES",
            rows: missing.map { role in
                [
                    .text(role.code), .integer(role.position), .text(role.names.kk), .text(role.names.ru),
                    .text(role.names.en),
                ]
            })
        try db.insert(
            "INSERT INTO role_right (role, name) VALUES",
            rows: missing.flatMap { role in
                role.rights.map(\.rawValue).sorted().map { [.text(role.code), .text($0)] }
            })
        try Feed.record(
            FeedLine("seed", "role", missing.map(\.code).joined(separator: " ")), by: actor, at: now, in: db)
        return missing.map(\.code)
    }
}
