import JarshyKit
import Storage

enum PostMark {}

/// A post a person holds, inside or outside the organisations of the campaign.
struct Post: Sendable, Hashable {
    let id: ID<PostMark>
    let person: PersonID
    let name: String
    /// Its holder may explain but not campaign while holding it.
    let isPublicOffice: Bool
    let from: Day
    let to: Day?

    static let longest = 160

    func holds(on day: Day) -> Bool { from <= day && to.map { day <= $0 } ?? true }

    /// Posts of these people, the oldest first.
    static func of(_ people: some Sequence<PersonID>, in db: any Reading) throws -> [PersonID: [Post]] {
        var found: [PersonID: [Post]] = [:]
        for chunk in Padded.chunks(Set(people).sorted()) {
            try db.rows(
                """
                SELECT id, person, name, public_office, from_day, to_day FROM post WHERE person IN \(chunk)
                ORDER BY person, from_day, id
                """
            ) { row in
                let post = Post(
                    id: try row.next(), person: try row.next(), name: try row.next(), isPublicOffice: try row.next(),
                    from: try row.next(), to: try row.next(Day?.self))
                found[post.person, default: []].append(post)
                return true
            }
        }
        return found
    }
}

/// Who holds a public office on a day: a mark on the person, or a post marked so.
enum PublicOffice {
    static func holders(among people: some Sequence<PersonID>, on day: Day, in db: any Reading) throws -> Set<PersonID> {
        var found: Set<PersonID> = []
        for chunk in Padded.chunks(Set(people).sorted()) {
            found.formUnion(
                try db.all(
                    PersonID.self,
                    """
                    SELECT id FROM person WHERE id IN \(chunk) AND (public_office OR EXISTS (
                        SELECT 1 FROM post WHERE post.person = person.id AND post.public_office
                            AND post.from_day <= \(day) AND (post.to_day IS NULL OR post.to_day >= \(day))))
                    """))
        }
        return found
    }

    /// Judges an event as it is to be, with its roster and whoever comes onto it: the one rule for every order of deeds. What
    /// campaigns has no public office among its host and speakers; what is public and told has one only after a second
    /// person's word on its class. A draft still waits for that word.
    ///
    /// - Throws: 409.
    static func check(_ event: Event, with newcomer: PersonID? = nil, in db: any Reading) throws {
        let needsWord = event.isPublic && event.state.isTold && event.classBy == nil
        guard event.isCampaigning || needsWord else { return }
        var bound = (try Roster.of([event.id], in: db)[event.id] ?? [])
            .filter { $0.role != .helper && ($0.state.holds || $0.state == .asked) }.map(\.person)
        if let newcomer { bound.append(newcomer) }
        if try holders(among: bound, on: event.day, in: db).isEmpty { return }
        throw event.isCampaigning ? refusal : unconfirmed
    }

    private static let refusal = Problem.conflict(
        "office-campaigning",
        "Who holds a public office may explain but not campaign: no host and no speaker of a campaigning event.")

    private static let unconfirmed = Problem.conflict(
        "class-unconfirmed",
        "Somebody with a public office speaks: a second person of another organisation confirms first that it explains.")
}
