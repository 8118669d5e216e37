import JarshyKit
import Storage

/// The public home, and what problems mean.
///
///     GET  /                     anybody
///     GET  /problems/{slug}      the page a problem's `type` names
enum HomePages {
    static func routes(_ site: inout Routes) {
        site.get("/", .open) { visit in
            let model = HomePage(isIn: visit.actor != nil, signInURL: "/signin", welcomeURL: "/welcome")
            return .page("home", model, PageHead(visit.words("nav.home"), section: "home"))
        }
        site.get("/problems/{slug}", .open) { visit in try about(visit) }
    }

    private static func about(_ visit: Visit) throws -> Reply {
        let (slug, words) = (visit.parameter("slug"), visit.words)
        let isSlug =
            !slug.isEmpty && slug.utf8.count <= 60 && slug.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 }
        guard isSlug else { throw Problem.notFound("problem") }
        let key = "problem." + slug.replacing("-", with: "_")
        // Slots are shown as dashes: this page is about every such problem, not about one.
        func text(_ key: String) -> String? {
            words.catalog.text(key).map { text in
                text.contains("{") ? text.replacing(#/\{[a-z0-9_]+\}/#, with: "–") : text
            }
        }
        let todo = text(key + ".todo") ?? ""
        let model = AboutProblemPage(
            heading: text(key) ?? words("about_problem.title"),
            detail: text(key + ".detail") ?? words("about_problem.plain"),
            todo: todo, slug: slug, hasTodo: !todo.isEmpty)
        return .page("about_problem", model, PageHead(model.heading))
    }
}

struct HomePage: PageModel {
    let isIn: Bool
    let signInURL: String
    let welcomeURL: String
}

struct AboutProblemPage: PageModel {
    let heading: String
    let detail: String
    let todo: String
    let slug: String
    let hasTodo: Bool
}
