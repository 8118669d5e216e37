import JarshyKit
import Storage

enum MaterialMark {}
enum StockMoveMark {}
enum PosterSiteMark {}
typealias MaterialID = ID<MaterialMark>
typealias StockMoveID = ID<StockMoveMark>
typealias PosterSiteID = ID<PosterSiteMark>

/// A poster, leaflet or booklet with its imprint, for the units at and below the one it was drawn up for.
///
/// draft → approved by a second person → withdrawn with a reason. What was approved is never changed: its next text is the next
/// version, a material of its own in the same family.
struct Material: Sendable {
    let id: MaterialID
    /// The id of the first version.
    let family: MaterialID
    let version: Int64
    let campaign: CampaignNo
    let unit: UnitNo
    let form: MaterialForm
    let state: State
    let author: PersonID
    /// Who changed the draft last; neither this person nor the author approves it.
    let changedBy: PersonID
    let createdAt: Instant
    let approvedBy: PersonID?
    let approvedAt: Instant?
    let withdrawnBy: PersonID?
    let withdrawnAt: Instant?
    let withdrawnReason: String

    enum State: String, Stored, Sendable, CaseIterable { case draft, approved, withdrawn }

    var names: Trio { form.names }
    var isCampaigning: Bool { form.class == .campaigning }

    /// - Throws: 409 unless it is approved: nothing else is received, moved or handed out.
    func requireApproved() throws {
        switch state {
        case .approved: return
        case .draft: throw Problem.conflict("material-draft", "The material is not approved yet; nothing of it is moved or handed out.")
        case .withdrawn: throw Problem.conflict("material-withdrawn", "The material is withdrawn; count it and write it off.")
        }
    }
}

/// Whether something only tells, or argues for or against. What argues rests on quiet days and stays out of schools.
enum MaterialClass: String, Stored, Sendable, CaseIterable { case information, campaigning }

/// What is written of a material: all that may be changed while it is a draft.
struct MaterialForm: Sendable, Equatable {
    var kind: Kind
    var `class`: MaterialClass
    var names: Trio
    var languages: Set<Language>
    var imprint: MaterialImprint

    enum Kind: String, Stored, Sendable, CaseIterable { case poster, leaflet, booklet, other }

    /// Codes in the order kk, ru, en, as stored and as told to phones.
    var languageCodes: [String] { Language.allCases.filter { languages.contains($0) }.map(\.rawValue) }

    static let longestName = 200
    static let longestRun: Int64 = 100_000_000

    /// Names in all three languages, and nothing longer than it may be.
    func faults() -> [Problem.Fault] {
        var faults: [Problem.Fault] = []
        for language in Language.allCases {
            faults += Self.text("name_\(language)", names[language], longest: Self.longestName, isNeeded: true)
        }
        for field in MaterialImprint.Part.texts {
            faults += Self.text(field.rawValue, imprint[field], longest: Self.longestName, isNeeded: false)
        }
        if !(0...Self.longestRun).contains(imprint.run) {
            faults.append(.bounds("print_run", 0, Self.longestRun))
        }
        return faults
    }

    private static func text(_ field: String, _ text: String, longest: Int, isNeeded: Bool) -> [Problem.Fault] {
        if isNeeded, text.isEmpty { return [Problem.Fault(field, "missing", "'\(field)' is missing.")] }
        guard text.utf8.count > longest else { return [] }
        return [Problem.Fault(field, "too-long", "'\(field)' is longer than \(longest) bytes.", slots: ["max": "\(longest)"])]
    }

    /// What the imprint still lacks before a second person may approve: issuer, orderer, payer, person responsible; for print
    /// also printer, place, run and language.
    var lacks: [MaterialImprint.Part] {
        MaterialImprint.Part.allCases.filter { field in
            if field.isOfPrint, !imprint.isPrinted { return false }
            switch field {
            case .run: return imprint.run == 0
            case .languages: return languages.isEmpty
            default: return imprint[field].isEmpty
            }
        }
    }
}

/// Who stands behind a material. Empty text: not said yet.
struct MaterialImprint: Sendable, Equatable {
    var issuer = ""
    var orderer = ""
    var payer = ""
    var responsible = ""
    var isPrinted = true
    var printer = ""
    var place = ""
    /// Copies.
    var run: Int64 = 0

    /// Names as the columns and the fields of the form have them.
    enum Part: String, CaseIterable, Sendable {
        case issuer, orderer, payer, responsible, printer, place = "print_place", run = "print_run", languages

        static let texts: [Part] = [.issuer, .orderer, .payer, .responsible, .printer, .place]
        /// As the last part of a fault's slug.
        var slug: String { rawValue.replacing("_", with: "-") }
        var isOfPrint: Bool { [.printer, .place, .run, .languages].contains(self) }
    }

    subscript(_ field: Part) -> String {
        switch field {
        case .issuer: issuer
        case .orderer: orderer
        case .payer: payer
        case .responsible: responsible
        case .printer: printer
        case .place: place
        case .run: run == 0 ? "" : "\(run)"
        case .languages: ""
        }
    }
}

extension Material: Storage.Decodable {
    static let columns: SQL = """
        m.id, m.family, m.version, m.campaign, m.unit, m.kind, m.class, m.name_kk, m.name_ru, m.name_en, m.languages, m.issuer, m.orderer, m.payer,
            m.responsible, m.printed, m.printer, m.print_place, m.print_run, m.state, m.author, m.changed_by, m.created_at,
            m.approved_by, m.approved_at, m.withdrawn_by, m.withdrawn_at, m.withdrawn_reason
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        family = try row.next()
        version = try row.next()
        campaign = try row.next()
        unit = try row.next()
        let (kind, `class`) = (try row.next(MaterialForm.Kind.self), try row.next(MaterialClass.self))
        let names = try Trio(&row)
        let codes = try row.next(String.self).split(separator: " ")
        form = MaterialForm(
            kind: kind, class: `class`, names: names, languages: Set(codes.compactMap { Language(rawValue: String($0)) }),
            imprint: MaterialImprint(
                issuer: try row.next(), orderer: try row.next(), payer: try row.next(), responsible: try row.next(),
                isPrinted: try row.next(), printer: try row.next(), place: try row.next(), run: try row.next()))
        state = try row.next()
        author = try row.next()
        changedBy = try row.next()
        createdAt = try row.next()
        approvedBy = try row.next()
        approvedAt = try row.next()
        withdrawnBy = try row.next()
        withdrawnAt = try row.next()
        withdrawnReason = try row.next()
    }
}
