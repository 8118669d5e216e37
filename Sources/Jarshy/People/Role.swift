import JarshyKit
import Storage

/// A role: a name and the rights it gives. Data in the tables `role` and `role_right`; this is how the product ships
/// them.
struct Role: Sendable {
    let code: String
    let position: Int64
    let names: Trio
    let rights: Set<Right>
}

extension Role {
    private static let reading: Set<Right> = [.viewFigures, .viewReports, .readSummary, .exportFigures]
    private static let filing: Set<Right> = [.fileReports, .correctReports]
    private static let fieldwork: Set<Right> = filing.union([.canvass, .useMaterials, .takeQuestions])
    private static let leading: Set<Right> = reading.union(fieldwork).union([
        .voidReports, .settleReports, .manageUnits, .managePeople, .viewPeople, .viewFeed, .reviewEvidence, .manageCanvass,
        .manageMaterials, .approveMaterials, .manageEvents, .manageSpeakers, .routeQuestions, .answerQuestions,
        .approveAnswers, .moderateQuestions, .decideProposals, .manageFacts, .publish,
    ])

    /// The fifteen roles of the headquarters. A role works in its unit and below.
    static let shipped: [Role] = [
        Role("administrator", 1, "жүйе әкімшісі", "администратор системы", "administrator", Set(Right.allCases)),
        Role("chair", 2, "төраға", "председатель", "chair", reading.union([.settleReports, .viewPeople, .viewFeed])),
        Role(
            "coordinator", 3, "үйлестіруші", "координатор", "coordinator",
            leading.union([.checkDistrict, .checkRegion])),
        Role("secretary", 4, "хатшы", "секретарь", "secretary", leading.union([.checkDistrict])),
        Role("representative", 5, "ұйым өкілі", "представитель организации", "organisation's representative", reading),
        Role("speaker", 6, "дәріскер", "лектор", "speaker", [.viewFigures, .takeQuestions, .answerQuestions]),
        Role("expert", 7, "сарапшы", "эксперт", "expert", [.viewFigures, .answerQuestions, .manageFacts]),
        Role("activist", 8, "белсенді", "активист", "activist", fieldwork.union([.viewFigures, .viewReports])),
        Role(
            "team_leader", 9, "топ жетекшісі", "старший группы", "team leader",
            fieldwork.union([.viewFigures, .viewReports, .viewPeople, .manageCanvass])),
        Role(
            "reviewer", 10, "тексеруші", "проверяющий", "reviewer",
            reading.union([.checkDistrict, .checkRegion, .reviewEvidence, .approveAnswers, .approveMaterials])),
        Role(
            "clerk", 11, "қабылдау бөлмесінің маманы", "специалист приёмной", "reception clerk",
            [.viewFigures, .takeQuestions, .routeQuestions]),
        Role(
            "press_officer", 12, "баспасөз хатшысы", "пресс-секретарь", "press officer",
            [.viewFigures, .readSummary, .exportFigures, .publish, .manageFacts]),
        Role(
            "materials_keeper", 13, "материалға жауапты", "ответственный за материалы", "materials keeper",
            [.viewFigures, .useMaterials, .manageMaterials]),
        Role(
            "moderator", 14, "модератор", "модератор", "moderator",
            [.viewFigures, .routeQuestions, .moderateQuestions]),
        Role("observer", 15, "бақылаушы", "наблюдатель", "observer", [.viewFigures, .viewReports]),
    ]

    private init(_ code: String, _ position: Int64, _ kk: String, _ ru: String, _ en: String, _ rights: Set<Right>) {
        self.init(code: code, position: position, names: Trio(kk: kk, ru: ru, en: en), rights: rights)
    }

    /// All roles as they stand, in their order.
    static func all(in db: any Reading) throws -> [Role] {
        var rights: [String: Set<Right>] = [:]
        try db.rows("SELECT role, name FROM role_right") { row in
            let role = try row.next(String.self)
            // A right of a newer version means nothing to this one.
            if let right = Right(rawValue: try row.next(String.self)) { rights[role, default: []].insert(right) }
            return true
        }
        return try db.all("SELECT code, position, name_kk, name_ru, name_en FROM role ORDER BY position, code") { row in
            let code = try row.next(String.self)
            return Role(code: code, position: try row.next(), names: try Trio(&row), rights: rights[code] ?? [])
        }
    }

    static func find(_ code: String, in db: any Reading) throws -> Role? {
        try all(in: db).first { $0.code == code }
    }
}
