import JarshyKit
import Storage

/// The record of who read whose personal data, and on which page. Reading one's own is not recorded.
enum PersonalRead {
    /// One row per person shown; a list of 50 is 50 rows in one statement.
    static func record(_ people: [PersonID], page: String, by actor: Actor, at now: Instant, in db: any Writing) throws {
        let others = people.filter { $0 != actor.person }
        guard !others.isEmpty else { return }
        try db.insert(
            "INSERT INTO personal_read (id, at, reader, subject, page) VALUES",
            rows: others.map { person in
                [
                    ID<PersonPage>.make(at: now).bind, now.bind, actor.person.bind, person.bind, .text(page),
                ]
            })
    }
}
