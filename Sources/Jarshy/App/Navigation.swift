import JarshyKit
import Storage

/// The main menu: sections whose route exists, shown to those whose rights open it.
struct Navigation: Sendable {
    private struct Entry: Sendable {
        let section: String
        /// The route it leads to; `{unit}` stands for the code of one's own unit.
        let path: String
        let words: String
        let icon: String
        /// Nil: anybody signed in.
        let right: Right?
        /// Any of these opens it too.
        var others: [Right] = []
    }

    private static let all = [
        Entry(section: "figures", path: "/board/{unit}", words: "nav.figures", icon: "figures", right: .viewFigures),
        Entry(section: "reports", path: "/reports", words: "nav.reports", icon: "report", right: .viewReports),
        Entry(section: "evidence", path: "/evidence", words: "nav.evidence", icon: "evidenced", right: .reviewEvidence),
        Entry(section: "summary", path: "/summary/{unit}", words: "nav.summary", icon: "summary", right: .readSummary),
        Entry(
            section: "events", path: "/events", words: "nav.events", icon: "calendar", right: .manageEvents,
            others: [.manageSpeakers, .takeQuestions, .viewReports, .answerQuestions]),
        Entry(
            section: "speakers", path: "/speakers", words: "nav.speakers", icon: "person", right: .manageSpeakers,
            others: [.manageEvents, .answerQuestions]),
        Entry(
            section: "questions", path: "/questions", words: "questions.title", icon: "question", right: .takeQuestions,
            others: [.routeQuestions, .answerQuestions, .approveAnswers, .moderateQuestions]),
        Entry(
            section: "facts", path: "/facts/work", words: "facts.work", icon: "copy", right: .manageFacts,
            others: [.approveAnswers, .approveMaterials]),
        Entry(
            section: "proposals", path: "/proposals/queue", words: "proposals.title", icon: "flagged", right: .takeQuestions,
            others: [.routeQuestions, .moderateQuestions, .decideProposals]),
        Entry(section: "canvass", path: "/canvass", words: "canvass.title", icon: "home", right: .manageCanvass),
        Entry(
            section: "materials", path: "/materials", words: "nav.materials", icon: "copy", right: .useMaterials,
            others: [.manageMaterials, .approveMaterials]),
        Entry(section: "publications", path: "/publications", words: "nav.publications", icon: "quote", right: .publish),
        Entry(section: "search", path: "/search", words: "search.title", icon: "search", right: nil),
        Entry(section: "structure", path: "/units", words: "nav.structure", icon: "structure", right: nil),
        Entry(section: "campaigns", path: "/campaigns", words: "campaigns.title", icon: "herald", right: .manageCampaigns),
        Entry(section: "mail", path: "/mail", words: "nav.mail", icon: "mail", right: .manageCampaigns),
        Entry(section: "people", path: "/people", words: "nav.people", icon: "people", right: .viewPeople),
    ]

    private let entries: [Entry]

    init(_ routes: [Route]) {
        let paths = Set(routes.filter { $0.method == "GET" }.map(\.path))
        entries = Navigation.all.filter { paths.contains($0.path) }
    }

    /// - Parameter unit: the code of the actor's own unit, "" when there is none.
    func items(for actor: Actor, unit: String, on day: Day, words: Words) -> [FrameFacts.Nav] {
        entries.filter { entry in
            (entry.right.map { right in ([right] + entry.others).contains { actor.holdsAnywhere($0, on: day) } } ?? true)
                && !(unit.isEmpty && entry.path.contains("{unit}"))
        }.map { entry in
            FrameFacts.Nav(
                section: entry.section, url: entry.path.replacing("{unit}", with: percentEncoded(unit)),
                label: words(entry.words), icon: entry.icon)
        }
    }
}

/// What stands in the frame of every page: menu, the reader's role, the sample line.
struct Frames: FrameSource {
    let navigation: Navigation

    func facts(for visit: Visit, head: PageHead) async throws -> FrameFacts {
        var facts = FrameFacts()
        let (actor, today) = (visit.actor, visit.today)
        let read = try await visit.read { db -> (sample: Bool, unit: String, post: String) in
            let sample = try Campaigns.current(in: db).all.contains(where: \.isSample)
            guard let actor, let grant = OwnPlace.grant(of: actor, on: today) else { return (sample, "", "") }
            let tree = try Tree.current(in: db)
            let role = try db.first("SELECT name_kk, name_ru, name_en FROM role WHERE code = \(grant.role)") { row in
                try Trio(&row)
            }
            let place = tree[grant.unit]?.titles[visit.language] ?? ""
            let post = [role?[visit.language] ?? "", place].filter { !$0.isEmpty }.joined(separator: " · ")
            return (sample, tree.code(of: grant.unit), post)
        }
        facts.sample = read.sample
        facts.post = read.post
        guard let actor else { return facts }
        facts.nav = navigation.items(for: actor, unit: read.unit, on: today, words: visit.words)
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
