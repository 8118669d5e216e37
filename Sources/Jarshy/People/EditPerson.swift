import JarshyKit
import Storage

/// Mends a person's name or the language they are written to in. Needs power over the account, or to be that person.
struct EditPerson: Action {
    let person: PersonID
    let name: String
    let language: Language

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let scope = PeopleScope(actor, tree: try Tree.current(in: db), today: Zone.kazakhstan.day(at: now))
        let (found, roles) = try scope.find(person, in: db)
        if person != actor.person { try scope.requirePower(over: person, holding: roles, in: db) }
        let faults = NewPerson.nameFaults(name)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        guard name != found.name || language != found.language else { return }
        let latin = romanised(name)
        try db.run(
            """
            UPDATE person SET name = \(name), name_latin = \(latin), sort_key = \(Blob(sortKey(name))),
                folded = \(folded(name + " " + latin)), language = \(language)
            WHERE id = \(person)
            """)
        if name != found.name { try PageStamp.touch(.names, in: db) }
        // What a name was is not kept in the feed: who asked for it to be mended does not want the old one seen.
        let changed = (name != found.name ? ["name"] : []) + (language != found.language ? ["language"] : [])
        try Feed.record(
            FeedLine("edit", "person", person, detail: changed.joined(separator: " ")), by: actor, at: now, in: db)
    }
}
