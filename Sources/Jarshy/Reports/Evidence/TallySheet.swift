import JarshyKit

/// Paper for counting without names: a sheet of numbered boxes, one crossed out for each who comes in, so that the last crossed
/// number is the count; or numbered slips to hand out. Neither has room for a name, a signature or a workplace.
///
///     GET /tally-sheet ?kind=sheet|slips &n=100|200|300
enum TallySheet {
    enum Kind: String, CaseIterable, Sendable {
        case sheet, slips
    }

    static let sizes = [100, 200, 300]

    static func page(_ visit: Visit) -> Reply {
        let words = visit.words
        let kind = Kind(rawValue: visit.query.text("kind")) ?? .sheet
        let asked = Int(visit.query.text("n")) ?? sizes[0]
        let size = sizes.contains(asked) ? asked : sizes[0]
        let choices = Kind.allCases.flatMap { one in
            sizes.map { n in
                TallyChoice(
                    choiceURL: "/tally-sheet?kind=\(one.rawValue)&n=\(n)", isChosen: one == kind && n == size,
                    choiceName: words("evidence.paper.\(one.rawValue).n", ["n": words.format.number(n)]))
            }
        }
        let model = TallyPage(
            heading: words("evidence.paper.\(kind.rawValue)"), how: words("evidence.paper.\(kind.rawValue).how"),
            isSheet: kind == .sheet, choices: choices, numbers: (1...size).map { TallyNumber(number: "\($0)") })
        return .page("tally_sheet", model, PageHead(model.heading, section: "reports"))
    }
}

/// Fields as in `tally_sheet.mustache`.
struct TallyPage: PageModel {
    let heading: String
    let how: String
    let isSheet: Bool
    let choices: [TallyChoice]
    let numbers: [TallyNumber]
}

struct TallyChoice: PageModel {
    let choiceURL: String
    let isChosen: Bool
    let choiceName: String
}

struct TallyNumber: PageModel {
    let number: String
}
