import JarshyKit
import Testing

@testable import Jarshy

@Suite("Files of units")
struct UnitSheetTests {
    private func read(_ text: String) -> UnitSheet { UnitSheet.read(Array(text.utf8)) }

    @Test("our TSV, in any order of columns, with a byte order mark and CRLF")
    func ours() {
        let sheet = read(
            "\u{FEFF}kind\tcode\tname_ru\tname_kk\tparent\tnote\r\ndistrict\tD1\tТалгарский\tТалғар\tR\tx\r\n")
        #expect(sheet.faults.isEmpty)
        #expect(
            sheet.rows == [
                UnitSheet.Row(
                    line: 2, code: "D1", parent: "R", kind: "district", kk: "Талғар", ru: "Талгарский", en: nil)
            ])
    }

    @Test("a name that carries its kind gives it up; other names stay whole")
    func bareNames() {
        let sheet = read(
            "code\tparent\tkind\tname_kk\tname_ru\nD\tR\tdistrict\tТалғар ауданы\tТалгарский район\nP\tD\tprimary\tТалғар ауданы\tТалгарский район\n"
        )
        #expect(sheet.rows.map(\.kk) == ["Талғар", "Талғар ауданы"])
        #expect(sheet.rows.map(\.ru) == ["Талгарский", "Талгарский район"])
    }

    @Test("each fault names its line")
    func faults() {
        let sheet = read(
            """
            code\tparent\tkind\tname_kk\tname_ru
            \tKZ\tdistrict\tа\tб
            D 1\tKZ\tdistrict\tа\tб
            D2\tKZ\tdistrict\t\tб
            D3\tKZ\tdistrict\tа\t
            D4\tKZ
            D5\tKZ\tdistrict\tа\u{7}\tб
            D6\tKZ\tdistrict\t\(String(repeating: "ә", count: 201))\tб
            00000000-0000-0000-0000-000000000001\tKZ\tdistrict\tа\tб
            D9\tKZ\tdistrict\tа\tб

            """)
        #expect(sheet.rows.map(\.line) == [10])
        #expect(sheet.faults.map(\.line) == [2, 3, 4, 5, 6, 6, 7, 8, 9])
        #expect(
            sheet.faults.map(\.slug) == [.code, .code, .name, .name, .name, .name, .name, .name, .code])
        #expect(sheet.refused.contains("D2"))
    }

    @Test("a file that cannot be read has one fault and no rows")
    func unreadable() {
        let broken = UnitSheet.read(
            Array("code\tparent\tkind\tname_kk\tname_ru\nA\t\trepublic\t".utf8) + [0xC3, 0x28, 10])
        #expect(broken.faults.map(\.slug) == [.encoding])
        #expect(broken.faults.map(\.line) == [2])
        #expect(read("").faults.map(\.slug) == [.columns])
        #expect(read("code,name\nA,B\n").faults.map(\.line) == [1])
        #expect(read("kato,level,name_kk,name_ru\n\"1,a").faults.map(\.slug) == [.quotes])
    }

    @Test("the classifier: kinds and bare names apart, parents by the next shorter code, the root implied")
    func kato() {
        let sheet = read(
            """
            kato,kato_version,level,type_code,name_ru,name_kk
            190000000,NK,oblast,0,Алматинская область,Алматы облысы
            196200000,NK,district,2,Талгарский район,Талғар ауданы
            196230000,NK,sub_district,2,с.о.Алатауский,Алатау а.о.
            196230100,NK,settlement,2,с.Береке,Береке а.
            196230105,NK,settlement,2,отг. Майтобе,Майтөбе ж.
            191000000,NK,district,1,Қонаев Г.А.,Қонаев Қ.Ә.
            191010000,NK,sub_district,1,г.Қонаев,Қонаев қ.
            750000000,NK,oblast,0,г.Алматы,Алматы қ.
            751110000,NK,sub_district,1,Алмалинский район,Алмалы ауданы
            10x,NK,oblast,0,а,б
            110000000,NK,village,0,а,б

            """)
        #expect(sheet.impliedRoot == "KZ")
        #expect(
            sheet.rows.map(\.kind) == [
                "region", "district", "rural_district", "village", "other_place", "city_administration", "city",
                "republic_city",
                "city_district",
            ])
        #expect(
            sheet.rows.map(\.parent) == [
                "KZ", "190000000", "196200000", "196230000", "196230100", "190000000", "191000000", "KZ", "750000000",
            ])
        #expect(sheet.rows[2].ru == "Алатауский" && sheet.rows[2].kk == "Алатау")
        #expect(sheet.faults.map(\.line) == [11, 12])
    }

    @Test("a parent that only the database has is found there")
    func partialClassifier() {
        let text = "kato,level,name_ru,name_kk\n196230100,settlement,с.Береке,Береке а.\n"
        #expect(read(text).rows.map(\.parent) == ["KZ"])
        #expect(UnitSheet.read(Array(text.utf8)) { $0 == "196200000" }.rows.map(\.parent) == ["196200000"])
    }

    @Test("the kinds written into a new database are those of Demo/kinds.tsv, and one for plain settlements")
    func kinds() throws {
        let rows = try DemoTable("kinds", home: try Home()).rows
        let ours = UnitKinds.standard.filter { $0.code != "settlement" }
        #expect(Set(rows.map { $0["code"] }) == Set(ours.map(\.code)))
        for kind in ours {
            let row = try #require(rows.first { $0["code"] == kind.code })
            #expect(row.flag("is_district_level") == kind.districtLevel, "\(kind.code)")
            #expect(row.flag("is_settlement") == kind.settlement, "\(kind.code)")
            #expect(row.flag("is_territory") == kind.territory, "\(kind.code)")
            #expect(row.trio("name") == kind.names, "\(kind.code)")
            #expect(row.integer("rank") == kind.rank, "\(kind.code)")
        }
    }

    @Test("every kind of the classifier is a kind of ours", arguments: PlaceKind.allCases)
    func placeKinds(_ kind: PlaceKind) {
        #expect(UnitKinds.standard.contains { $0.code == UnitKinds.code(kind) })
        #expect(
            UnitKinds.titles(UnitKinds.code(kind), Trio(kk: "Саран", ru: "Сарань", en: "Saran")).kk.hasPrefix("Саран"))
    }
}
