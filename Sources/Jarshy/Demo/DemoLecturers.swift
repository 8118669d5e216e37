import JarshyKit
import Storage

/// The city group's lecturers: fifty in four subgroups, invented, with posts, topics, languages and hours; and the lecturer of
/// the region, who holds three posts at once.
struct DemoLecturers: Sendable {
    static let count = 50
    static let regional = "speaker"

    struct Lecturer: Sendable {
        let name: String
        let language: Language
        let unit: String
        let post: (name: String, isOffice: Bool)?
        let topics: [String]
        let languages: Set<Language>
        let monthLoad: Int64
        let restHours: Int64
        let weekdays: Set<Int>
    }

    let lecturers: [Lecturer]
    let topics: [String]
    /// The posts of the lecturer of the region outside the organisations.
    private let regionalPosts: [(name: String, isOffice: Bool)]

    init(_ data: DemoData, home: Home, tree: DemoTree, cast: DemoCast) throws {
        var random = DemoRandom(seed: 50)
        let posts = try DemoTable("lecturer_posts", home: home).rows
        let topicRows = try DemoTable("topics", home: home).rows
        topics = topicRows.map { $0["code"] }
        var taken = Set(cast.members.map(\.name))
        var made: [Lecturer] = []
        for index in 0..<Self.count {
            let unit = tree.subgroups[index % tree.subgroups.count]
            let subgroup = String(unit.dropFirst(tree.group.count + 1))
            let (name, language) = DemoCast.name(data.names.rows, taken: &taken, &random)
            let own = posts.filter { $0["subgroup"] == subgroup }
            let post = own.isEmpty ? nil : own[index / tree.subgroups.count % own.count]
            // What the subgroup answers, and one more that somebody likes.
            var known = topicRows.filter { $0.words("subgroups").contains(subgroup) }.map { $0["code"] }
            known.append(random.pick(topics))
            made.append(
                Lecturer(
                    name: name, language: language, unit: unit, post: post.map { ($0["post_kk"], $0.flag("public_office")) },
                    topics: Array(Set(known)).sorted(),
                    languages: random.happens(0.75) ? [.kk, .ru] : language == .kk ? [.kk] : [.ru],
                    monthLoad: Int64(random.pick([4, 6, 6, 8])), restHours: Int64(random.pick([1, 2, 2, 4])),
                    weekdays: random.happens(0.8) ? Set(1...7) : Set(1...5)))
        }
        lecturers = made
        let offices = Set(posts.filter { $0.flag("public_office") }.map { $0["post_kk"] })
        regionalPosts = data.posts.rows.filter { $0["person"] == Self.regional && $0["organization"].isEmpty }
            .map { ($0["post_kk"], offices.contains($0["post_kk"])) }
    }

    /// Writes persons, roles, posts and the register; returns the persons in order.
    func insert(from day: Day, regional: PersonID?, at now: Instant, in db: any Writing) throws -> [PersonID] {
        let tree = try Tree.current(in: db)
        var people: [PersonID] = []
        for (index, lecturer) in lecturers.enumerated() {
            guard let unit = tree.find(lecturer.unit) else { throw DemoFault.data("units: no \(lecturer.unit)") }
            let (id, login) = (PersonID.make(at: now), "lecturer-\(index + 1)")
            try AddPerson.insert(
                id, NewPerson(name: lecturer.name, login: login, language: lecturer.language), login: login, password: nil,
                at: now, in: db)
            try GrantRole(person: id, role: "speaker", unit: unit.no, organization: nil, from: day, to: nil)
                .insert(by: .operator, at: now, in: db)
            try SaveSpeaker(
                person: id, campaign: DemoCampaign.code, unit: lecturer.unit, level: .city, languages: lecturer.languages,
                topics: lecturer.topics, monthLoad: lecturer.monthLoad, restHours: lecturer.restHours, weekdays: lecturer.weekdays,
                from: 8 * 60, to: 20 * 60
            ).perform(by: .operator, at: now, in: db)
            if let post = lecturer.post {
                _ = try AddPost(person: id, name: post.name, isPublicOffice: post.isOffice, from: day, to: nil)
                    .perform(by: .operator, at: now, in: db)
            }
            people.append(id)
        }
        if let regional { try insert(regional: regional, from: day, at: now, in: db) }
        return people
    }

    private func insert(regional: PersonID, from day: Day, at now: Instant, in db: any Writing) throws {
        try SaveSpeaker(
            person: regional, campaign: DemoCampaign.code, unit: DemoQuestions.region, level: .region, languages: [.kk, .ru],
            topics: topics, monthLoad: 10, restHours: 3
        ).perform(by: .operator, at: now, in: db)
        for (name, isOffice) in regionalPosts {
            _ = try AddPost(person: regional, name: name, isPublicOffice: isOffice, from: day, to: nil)
                .perform(by: .operator, at: now, in: db)
        }
    }
}
