import JarshyKit

/// What stands around every page; filled by Web, see `Templates/layout.mustache`.
struct Frame: PageModel {
    let lang: String
    let title: String
    let home: String
    let hasCampaign: Bool
    let campaign: String
    let assets: AssetLinks
    let hasNav: Bool
    let groups: [NavGroup]
    /// The sections of the group one is in.
    let hasTabs: Bool
    let tabs: [NavItem]
    let languages: [LanguageLink]
    let signedIn: Bool
    let person: FramePerson
    let csrf: String
    let sample: Bool
    let hasFlash: Bool
    let flash: FlashLine
    let isLive: Bool
    let live: LiveLinks
}

struct AssetLinks: PageModel {
    let css: String
    let js: String
    let sprite: String
    let favicon: String
}

struct NavGroup: PageModel {
    let groupLabel: String
    /// Of its first section.
    let groupURL: String
    let isHere: Bool
    let sections: [NavItem]

    /// - Parameter section: the section of the page; in no group for pages of nobody's work.
    init(_ group: FrameFacts.NavGroup, section: String) {
        groupLabel = group.label
        sections = group.sections.map {
            NavItem(url: $0.url, label: $0.label, icon: $0.icon, current: $0.section == section)
        }
        groupURL = sections.first?.url ?? ""
        isHere = sections.contains(where: \.current)
    }
}

struct NavItem: PageModel {
    let url: String
    let label: String
    /// Id of a symbol in `Static/icons/sprite.svg`.
    let icon: String
    let current: Bool
}

struct LanguageLink: PageModel {
    let code: String
    let name: String
    let short: String
    let url: String
    let current: Bool
}

struct FramePerson: PageModel {
    let name: String
    let post: String
    let url: String
    let signOut: String
}

struct FlashLine: PageModel {
    let kind: String
    let text: String
}

struct LiveLinks: PageModel {
    let stream: String
    let fragment: String
}

/// What the site as a whole, not the page, knows for the frame; given by App.
struct FrameFacts: Sendable {
    /// Where the brand leads.
    var home = "/"
    var campaign = ""
    var sample = false
    var nav: [NavGroup] = []
    /// The reader's role in words.
    var post = ""
    var personURL = ""
    var signOutURL = ""

    /// Sections that belong together; never without one.
    struct NavGroup: Sendable {
        let label: String
        let sections: [Nav]
    }

    struct Nav: Sendable {
        let section: String
        let url: String
        let label: String
        let icon: String
    }
}

/// The problem page; see `Templates/problem.mustache`.
struct ProblemPage: PageModel {
    let problem: ProblemParts
}

struct ProblemParts: PageModel {
    let heading: String
    let detail: String
    let hasDetail: Bool
    let todo: String
    let hasTodo: Bool
    let status: String
    let instance: String
    let hasBack: Bool
    let backURL: String
    let backLabel: String
}
