import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Search of the answer bank")
struct AnswerSearchTests {
    private static let file = """
        id\tlang\tquestion\tanswer\tsource
        kk-1\tkk\t\tДауыс беру таңғы жетіден кешкі сегізге дейін өтеді. Жеке куәлікпен келіңіз.\tҚаулы № 12
        kk-2\tkk\tПлакатты қайда ілуге болады?\tПлакаттар әкімдік белгілеген орындарға ғана ілінеді.\thttps://example.kz/a
        ru-1\tru\t\tГолосовать на дому может тот, кто не выходит по болезни. Заявление принимает комиссия участка.\tПостановление № 4
        """

    @Test("imported answers are found by anybody at once, a changed one by its new words only", arguments: Dialect.allCases)
    func imported(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let made = try await AnswerImport(file: Array(Self.file.utf8)).apply(to: site.database)
            #expect(made.added == 3, "\(made)")
            let anybody = site.browser()
            for (question, id) in [
                ("плакатты қай жерге іледі", "kk-2"), ("dauys beru neşede bastalady", "kk-1"),
                ("как проголосовать дома больному", "ru-1"), ("КУДА плакат ІЛУГЕ можно", "kk-2"),
            ] {
                let page = try await anybody.get("/api/v1/search?" + Fields([("q", question), ("in", "answers")]).encoded)
                #expect(page.status == 200)
                let first = page.json["results"]?.list?.first
                #expect(first?["external_id"]?.text == id && first?["kind"]?.text == "answer", "\(question): \(page.body)")
            }
            let changed = Self.file.replacing("Плакаттар әкімдік белгілеген орындарға ғана ілінеді.", with: "Көпір жазда жөнделеді.")
                .replacing("Плакатты қайда ілуге болады?", with: "Көпір қашан жөнделеді?")
            _ = try await AnswerImport(file: Array(changed.utf8)).apply(to: site.database)
            let page = try await anybody.get("/api/v1/search?" + Fields([("q", "плакат")]).encoded)
            #expect(!page.body.contains("kk-2"), "\(page.body)")
        }
    }

    @Test("bad input gets its place; nobody searches what is not listed", arguments: Dialect.allCases)
    func refused(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let anybody = site.browser()
            for (query, place) in [("", "q"), ("q=a&in=people", "in"), ("q=a&limit=900", "limit")] {
                let page = try await anybody.get("/api/v1/search?" + query)
                #expect(page.status == 422 && page.json["errors"]?.list?.first?["field"]?.text == place, "\(page.body)")
            }
            let empty = try await anybody.get("/api/v1/search?q=%F0%9F%98%80")
            #expect(empty.status == 200 && empty.json["results"]?.list?.isEmpty == true)
        }
    }
}
