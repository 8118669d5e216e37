import JarshyKit
import Storage

/// What a phone pulls for whoever manages people: phones whose numbers have gaps, so that lost work is known while there is
/// somebody to ask. Two statements, whatever the number of phones.
///
/// A phone's credential may only send, so its scope alone would tell nothing: this one fact is told by the person's own
/// rights. A token of any other narrower scope is told by that scope.
enum DevicesField {
    /// The newest phones looked at, and the most told.
    static let looked = 200
    static let most = 20

    static func part(for actor: Actor, on day: Day, in db: any Reading) throws -> [Json.Member] {
        let isPhone = actor.allowed == TokenScope.sync.allowed
        let head = Actor(
            kind: actor.kind, person: actor.person, name: actor.name, language: actor.language, grants: actor.grants,
            organizations: actor.organizations, allowed: isPhone ? nil : actor.allowed)
        guard head.holdsAnywhere(.managePeople, on: day) else { return [] }
        let scope = PeopleScope(head, tree: try Tree.current(in: db), today: day)
        let phones = try Device.list(scope.cover, before: nil, limit: looked, in: db)
        let gaps = try DeviceGaps.of(phones.map(\.device.id), in: db)
        let lacking = phones.compactMap { phone -> Json? in
            guard let found = gaps[phone.device.id], !found.missing.isEmpty else { return nil }
            return .object([
                .init("id", .text(phone.device.id.description)), .init("name", .text(phone.device.name)),
                .init("owner", .text(phone.owner)), .init("count", .integer(found.missingCount)),
                .init("numbers", .text(found.text)),
            ])
        }
        return [.init("phones", .list(Array(lacking.prefix(most))))]
    }
}
