import JarshyKit
import Storage

/// The library in the reader's words.
struct LibraryWords: Sendable {
    let words: Words

    private var plain: UnitText { UnitText(words: words) }
    func day(_ day: Day) -> String { plain.day(day) }
    func moment(_ at: Instant) -> String { plain.moment(at) }
    func day(at moment: Instant) -> String { plain.day(Zone.kazakhstan.day(at: moment)) }
    func itemClass(_ itemClass: Release.ItemClass) -> String { words("fact.class.\(itemClass.rawValue)") }

    func classMark(_ itemClass: Release.ItemClass) -> StateMark {
        StateMark(itemClass == .information ? "region" : "flagged", self.itemClass(itemClass))
    }

    /// Who wrote a version and who confirmed it, as organisations: nobody's name is needed to check a source.
    func hands(_ hands: LibraryHands, _ organizations: [OrganizationNo: Trio]) -> String {
        func name(_ no: OrganizationNo?) -> String {
            no.flatMap { organizations[$0]?[words.language] } ?? words("fact.no_organization")
        }
        guard let confirmed = hands.confirmedAt else {
            return words("fact.hands.waiting", ["author": name(hands.organization), "day": day(at: hands.at)])
        }
        return words(
            "fact.hands",
            [
                "author": name(hands.organization), "second": name(hands.confirmedOrganization), "day": day(at: confirmed),
            ])
    }

    static func title(_ source: Source) -> String {
        source.section.isEmpty ? source.title : "\(source.title), \(source.section)"
    }

    static func organizations(in db: any Reading) throws -> [OrganizationNo: Trio] {
        Dictionary(try Organization.all(in: db).map { ($0.no, $0.names) }, uniquingKeysWith: { first, _ in first })
    }
}

/// A source in a list.
struct SourceLine: PageModel {
    let sourceURL: String
    let sourceTitle: String
    let sourceSub: String
    let marks: [StateMark]

    init(_ source: Source, url: String, text: LibraryWords) {
        sourceURL = url
        sourceTitle = LibraryWords.title(source)
        sourceSub = text.words("fact.checked_on", ["day": text.day(source.checked)])
        var marks = [text.classMark(source.itemClass)]
        if !source.hands.isConfirmed { marks.append(StateMark("submitted", text.words("fact.unconfirmed"))) }
        if source.isBehind { marks.append(StateMark("changed", text.words("fact.behind"))) }
        self.marks = marks
    }
}

/// A fact as it is shown.
struct FactLine: PageModel {
    let factID: String
    let factStatement: String
    let factLang: String
    let marks: [StateMark]
    let factSub: String

    init(_ fact: Fact, _ organizations: [OrganizationNo: Trio], text: LibraryWords) {
        let said = fact.statement(text.words.language)
        factID = fact.id.description
        factStatement = said.text
        factLang = said.language.rawValue
        var marks = [text.classMark(fact.itemClass)]
        if !fact.hands.isConfirmed { marks.append(StateMark("submitted", text.words("fact.unconfirmed"))) }
        if fact.newest > fact.version { marks.append(StateMark("changed", text.words("fact.behind"))) }
        if fact.isStale { marks.append(StateMark("changed", text.words("fact.stale"))) }
        self.marks = marks
        factSub = text.words("fact.checked_on", ["day": text.day(fact.checked)]) + " · " + text.hands(fact.hands, organizations)
    }
}

/// An archived copy as it is shown: its hash in full.
struct CopyLine: PageModel {
    let copyHash: String
    let copyShort: String
    let copySub: String
    let isChecked: Bool
    let copyMark: StateMark
    /// The reader may have the file.
    let hasFile: Bool
    let copyURL: String

    init(_ copy: SourceCopy, check: (at: Instant, good: Bool)?, hasFile: Bool, of source: SourceID, text: LibraryWords) {
        self.hasFile = hasFile
        copyHash = Hex.encoded(copy.sha256)
        copyShort = String(copyHash.prefix(12))
        copyURL = "/facts/\(source)/copies/\(copyHash)"
        copySub = text.words(
            "fact.copy.line",
            [
                "version": "\(copy.version)", "bytes": text.words.format.number(Int(copy.bytes)), "day": text.day(at: copy.at),
            ])
        isChecked = check != nil
        copyMark = check.map { check in
            check.good
                ? StateMark("evidenced", text.words("fact.copy.good", ["day": text.day(at: check.at)]))
                : StateMark("competing", text.words("fact.copy.bad", ["day": text.day(at: check.at)]))
        } ?? StateMark("submitted", text.words("fact.copy.unchecked"))
    }
}
