import JarshyKit
import Storage

@testable import Jarshy

extension MatrixDeed {
    static let speakers: [MatrixDeed] = [
        MatrixDeed("SaveSpeaker") { world, _, place in
            SaveSpeaker(
                person: world.subjects[place.primary]!, campaign: "test", unit: place.primary, level: .city, languages: [.kk],
                topics: [])
        },
        MatrixDeed("EndSpeaker", speaker: { EndSpeaker(person: $0) }),
        MatrixDeed("AddPost", speaker: { AddPost(person: $0, name: "Әкім", isPublicOffice: true, from: EngineWorld.firstDay, to: nil) }),
        MatrixDeed("EndPost") { world, _, place in
            let person = try await world.speaker(place)
            _ = try await world.site.database.run(
                AddPost(person: person, name: "Әкім", isPublicOffice: false, from: world.today, to: nil), by: .operator, at: world.now)
            let post = try await world.site.database.read { db in try Post.of([person], in: db)[person]!.last!.id }
            return EndPost(person: person, post: post)
        },
        MatrixDeed("SetAway", speaker: { SetAway(person: $0, from: EngineWorld.firstDay, to: EngineWorld.firstDay.advanced(by: 40)) }),
        MatrixDeed("EndAway") { world, _, place in
            let person = try await world.speaker(place)
            try await world.site.database.run(
                SetAway(person: person, from: world.today, to: world.today), by: .operator, at: world.now)
            let away = try await world.site.database.read { db in
                try db.first(ID<AwayMark>.self, "SELECT id FROM speaker_away WHERE person = \(person)")
            }
            return EndAway(person: person, away: away!)
        },
        MatrixDeed("AskSpeakers") { world, _, place in
            AskSpeakers(pairs: [.init(event: try await world.event(place, days: 3), person: try await world.speaker(place))])
        },
        // What is said to people is the whole campaign's, wherever the right is held.
        MatrixDeed("WriteBrief") { world, _, _ in
            try await world.topic()
            return MatrixWorld.brief
        },
        MatrixDeed("ApproveBrief") { world, _, _ in
            try await world.topic()
            let brief = try await world.site.database.run(MatrixWorld.brief, by: try await world.engine.actor(906), at: world.now)
            let version = try await world.site.database.read { db in try Brief.versions(of: brief, in: db)[0].version }
            return ApproveBrief(brief: brief, version: version)
        },
        // Only who works at the event takes a brief along to it.
        MatrixDeed("TakeBrief") { world, _, place in
            try await world.topic()
            let brief = try await world.site.database.run(MatrixWorld.brief, by: try await world.engine.actor(906), at: world.now)
            let version = try await world.site.database.read { db in try Brief.versions(of: brief, in: db)[0].version }
            try await world.site.database.run(
                ApproveBrief(brief: brief, version: version), by: try await world.engine.actor(907), at: world.now)
            return TakeBrief(brief: brief, event: try await world.event(place, days: 3))
        },
    ]

    /// A deed on a speaker of the place's register.
    private init<Deed: Action>(_ action: String, speaker deed: @escaping @Sendable (PersonID) -> Deed) {
        self.init(action) { world, _, place in deed(try await world.speaker(place)) }
    }
}

extension MatrixWorld {
    static let brief = WriteBrief(
        campaign: "test", topic: "where", language: .kk, title: "Қайда", body: "Учаскеде", sources: "Ереже, 1")

    /// Somebody in the register of the place's primary organisation.
    func speaker(_ place: MatrixDeed.Place) async throws -> PersonID {
        let person = try await site.person("speaker-\(number())", role: "observer", unit: place.primary)
        try await site.database.run(
            SaveSpeaker(person: person, campaign: "test", unit: place.primary, level: .city, languages: [.kk], topics: []),
            by: .operator, at: now)
        return person
    }
}
