import JarshyKit
import Testing

struct CatalogTests {
    private func catalog(_ language: Language, _ texts: String...) throws -> Catalog {
        let files = texts.enumerated().map { Catalog.File(name: "file\($0.offset + 1).txt", text: $0.element) }
        return try Catalog(language: language, files: files)
    }

    @Test func `reads keys, notes, blank lines and line breaks`() throws {
        let words = try catalog(.kk, "\u{FEFF}# note\r\n\r\nsave = Сақтау\r\n  a.b-c_1=x = y  \r\nshare = бір\\nекі")

        #expect(words.text("save") == "Сақтау")
        #expect(words.text("a.b-c_1") == "x = y")
        #expect(words.text("share") == "бір\nекі")
        #expect(words.text("nothing") == nil)
        #expect(words.keys == ["a.b-c_1", "save", "share"])
    }

    @Test func `fills named slots and shows the ones without a value`() throws {
        let words = try catalog(.kk, "reported = Есеп бергені: {n} / {m}")

        #expect(words.fill("reported", ["n": "3", "m": "{n}"]) == "Есеп бергені: 3 / {n}")
        #expect(words.fill("reported", ["n": "3"]) == "Есеп бергені: 3 / {m}")
        #expect(words.fill("nothing", [:]) == nil)
    }

    @Test func `counts in the plural form of the language with a grouped number`() throws {
        let ru = try catalog(
            .ru, "m.one = {n} встреча в {place}\nm.few = {n} встречи в {place}",
            "m.many = {n} встреч в {place}\nm.other = {n} встречи в {place}\nplain = Всего: {n}")

        #expect(ru.count("m", 21, ["place": "Сарани"]) == "21 встреча в Сарани")
        #expect(ru.count("m", 3, ["place": "Сарани"]) == "3 встречи в Сарани")
        #expect(ru.count("m", 1_311, ["place": "Сарани"]) == "1\u{A0}311 встреч в Сарани")
        #expect(ru.count("plain", 2000) == "Всего: 2\u{A0}000")
        #expect(ru.count("nothing", 1) == nil)
    }

    @Test func `falls back on the form other`() throws {
        let kk = try catalog(.kk, "m.one = {n} кездесу\nm.other = {n} кездесу")

        #expect(kk.count("m", 48) == "48 кездесу")
    }

    @Test(arguments: [
        ("a = b\nno sign", 2, "no \"=\" between key and text"),
        ("Ключ = b", 1, "\"Ключ\" is not a key (a-z, 0-9, \"_\", \"-\", \".\")"),
        ("a = b\n\n# x\na = c", 4, "key \"a\" is defined twice"),
        ("a =", 1, "key \"a\" has no text"),
        ("a = {b", 1, "\"{\" without \"}\" in the text of \"a\""),
        ("a = b}", 1, "\"}\" without \"{\" in the text of \"a\""),
        ("a = {B c}", 1, "\"{B c}\" is not a slot (a-z, 0-9, \"_\") in the text of \"a\""),
    ])
    func `names file and line of a fault`(text: String, line: Int, reason: String) {
        #expect(throws: CatalogError(file: "file1.txt", line: line, reason: reason)) { try catalog(.kk, text) }
    }

    @Test func `a key repeated in another file is a fault of that file`() {
        #expect(throws: CatalogError(file: "file2.txt", line: 1, reason: "key \"a\" is defined twice")) {
            try catalog(.kk, "a = b", "a = c")
        }
    }

    @Test func `agreeing catalogues have no differences`() throws {
        let kk = try catalog(.kk, "m.one = {n} {p}\nm.other = {n} {p}\nreason.other = Басқа")
        let ru = try catalog(
            .ru, "m.one = одна {p}\nm.few = {n} {p}\nm.many = {n} {p}\nm.other = {n} {p}\nreason.other = Иное"
        )
        let en = try catalog(.en, "m.one = one {p}\nm.other = {n} {p}\nreason.other = Other")

        #expect(Catalog.differences(kk, ru, en) == [])
    }

    @Test func `differences name keys, forms and slots`() throws {
        let kk = try catalog(.kk, "a = {x}\nonly = бар\nm.one = {p}\nm.other = {n} {p}\nq = {n}")
        let ru = try catalog(.ru, "a = {y}\nm.one = {p}\nm.few = {n}\nm.other = {n} {p}\nq = {n}")
        let en = try catalog(.en, "a = {x}\nm.one = {p}\nm.few = {p}\nm.other = {n} {p}\nq.one = {n}\nq.other = {n}")

        #expect(
            Catalog.differences(kk, ru, en) == [
                "en: needless key m.few", "en: no key only", "en: no {y} in a", "kk: no plural forms of q",
                "kk: no {y} in a", "ru: no key m.many", "ru: no key only", "ru: no plural forms of q",
                "ru: no {p} in m.few", "ru: no {x} in a",
            ])
    }
}
