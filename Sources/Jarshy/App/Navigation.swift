import JarshyKit
import Storage

/// The main menu: four groups of sections. A section is shown when its route exists and one of the actor's rights opens it; a group,
/// when it has a section to show. The frame shows the groups, and under them the sections of the group one is in.
struct Navigation: Sendable {
    private struct Entry: Sendable {
        let section: String
        /// The route it leads to; `{unit}` stands for the code of one's own unit.
        let path: String
        let words: String
        let icon: String
        /// Any of these opens it; none: anybody signed in.
        let rights: [Right]
        /// The section is about the whole campaign: a right in a region does not open it.
        let isWhole: Bool

        init(
            _ section: String, _ path: String, _ words: String, _ icon: String, _ rights: Right..., isWhole: Bool = false
        ) {
            (self.section, self.path, self.words, self.icon) = (section, path, words, icon)
            (self.rights, self.isWhole) = (rights, isWhole)
        }

        func opens(to actor: Actor, in tree: Tree?, on day: Day) -> Bool {
            if rights.isEmpty { return true }
            guard isWhole else { return rights.contains { actor.holdsAnywhere($0, on: day) } }
            guard let tree, let root = tree.root else { return false }
            return rights.contains { actor.holds($0, over: root, in: tree, on: day) }
        }
    }

    private struct Group: Sendable {
        let words: String
        var entries: [Entry]
    }

    private static let all = [
        Group(words: "nav.group.results", entries: [
            Entry("figures", "/board/{unit}", "nav.figures", "figures", .viewFigures),
            Entry("reports", "/reports", "nav.reports", "report", .viewReports),
            Entry("evidence", "/evidence", "nav.evidence", "evidenced", .reviewEvidence),
            Entry("summary", "/summary/{unit}", "nav.summary", "summary", .readSummary),
        ]),
        Group(words: "nav.group.field", entries: [
            Entry(
                "events", "/events", "nav.events", "calendar", .manageEvents, .manageSpeakers, .takeQuestions, .viewReports,
                .answerQuestions),
            Entry("speakers", "/speakers", "nav.speakers", "person", .manageSpeakers, .manageEvents, .answerQuestions),
            Entry("canvass", "/canvass", "canvass.title", "home", .manageCanvass),
            Entry("materials", "/materials", "nav.materials", "copy", .useMaterials, .manageMaterials, .approveMaterials),
            Entry("publications", "/publications", "nav.publications", "quote", .publish),
        ]),
        Group(words: "nav.group.dialogue", entries: [
            Entry(
                "questions", "/questions", "questions.title", "question", .takeQuestions, .routeQuestions, .answerQuestions,
                .approveAnswers, .moderateQuestions),
            Entry(
                "proposals", "/proposals/queue", "proposals.title", "flagged", .takeQuestions, .routeQuestions,
                .moderateQuestions, .decideProposals),
            Entry("facts", "/facts/work", "facts.work", "copy", .manageFacts, .approveAnswers, .approveMaterials),
            Entry("search", "/search", "search.title", "search"),
        ]),
        Group(words: "nav.group.headquarters", entries: [
            Entry("structure", "/units", "nav.structure", "structure"),
            Entry("campaigns", "/campaigns", "campaigns.title", "herald", .manageCampaigns),
            Entry("mail", "/mail", "nav.mail", "mail", .manageCampaigns, isWhole: true),
            Entry("people", "/people", "nav.people", "people", .viewPeople),
        ]),
    ]

    private let groups: [Group]

    init(_ routes: [Route]) {
        let paths = Set(routes.filter { $0.method == "GET" }.map(\.path))
        groups = Navigation.all.map { group in
            Group(words: group.words, entries: group.entries.filter { paths.contains($0.path) })
        }
    }

    /// - Parameters:
    ///   - unit: the code of the actor's own unit, "" when there is none.
    ///   - tree: nil for somebody without a role.
    func groups(for actor: Actor, unit: String, in tree: Tree?, on day: Day, words: Words) -> [FrameFacts.NavGroup] {
        groups.map { group in
            FrameFacts.NavGroup(
                label: words(group.words),
                sections: group.entries.filter { entry in
                    entry.opens(to: actor, in: tree, on: day) && !(unit.isEmpty && entry.path.contains("{unit}"))
                }.map { entry in
                    FrameFacts.Nav(
                        section: entry.section, url: entry.path.replacing("{unit}", with: percentEncoded(unit)),
                        label: words(entry.words), icon: entry.icon)
                })
        }.filter { !$0.sections.isEmpty }
    }
}

/// What stands in the frame of every page: menu, the reader's role, the sample line.
struct Frames: FrameSource {
    let navigation: Navigation

    func facts(for visit: Visit, head: PageHead) async throws -> FrameFacts {
        var facts = FrameFacts()
        let (actor, today) = (visit.actor, visit.today)
        let read = try await visit.read { db -> (sample: Bool, tree: Tree?, unit: String, post: String) in
            let sample = try Campaigns.current(in: db).all.contains(where: \.isSample)
            guard let actor, let grant = OwnPlace.grant(of: actor, on: today) else { return (sample, nil, "", "") }
            let tree = try Tree.current(in: db)
            let role = try db.first("SELECT name_kk, name_ru, name_en FROM role WHERE code = \(grant.role)") { row in
                try Trio(&row)
            }
            let place = tree[grant.unit]?.titles[visit.language] ?? ""
            let post = [role?[visit.language] ?? "", place].filter { !$0.isEmpty }.joined(separator: " · ")
            return (sample, tree, tree.code(of: grant.unit), post)
        }
        facts.sample = read.sample
        facts.post = read.post
        guard let actor else { return facts }
        facts.nav = navigation.groups(for: actor, unit: read.unit, in: read.tree, on: today, words: visit.words)
        facts.personURL = "/me"
        facts.signOutURL = "/signout"
        return facts
    }
}

/// The unit somebody works in: that of the widest role in force, the oldest of those.
enum OwnPlace {
    static func grant(of actor: Actor, on day: Day) -> Actor.Grant? {
        let held = actor.grants.filter { $0.holds(on: day) }
        return held.max { $0.rights.count < $1.rights.count }
    }
}
