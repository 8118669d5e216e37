import JarshyKit
import Testing

@testable import Jarshy

@Suite struct FieldsTests {
    @Test func `a query keeps order, repeats and Kazakh letters`() throws {
        let fields = try Fields(urlencoded: Array("q=%D2%9B%D0%B0%D0%BB%D0%B0+1&a=1&a=2&empty=&bare".utf8))

        #expect(fields["q"] == "қала 1")
        #expect(fields.all("a") == ["1", "2"])
        #expect(fields["empty"] == "")
        #expect(fields["bare"] == "")
        #expect(fields["missing"] == nil)
        #expect(try Fields(urlencoded: Array(fields.encoded.utf8)) == fields)
    }

    @Test(arguments: ["a=%D2", "a=%zz", "a=%4", "a=%FF%FE", "a=%00"])
    func `what is no percent-encoded UTF-8 is a problem, not a guess`(text: String) {
        #expect(throws: Problem("bad-encoding", status: 400, "The form or query is not percent-encoded UTF-8.")) {
            try Fields(urlencoded: Array(text.utf8))
        }
    }

    @Test func `setting a name keeps its place and drops repeats`() {
        let fields = Fields([("a", "1"), ("b", "2"), ("a", "3")])

        #expect(fields.setting("a", "9") == Fields([("a", "9"), ("b", "2")]))
        #expect(fields.setting("a", nil) == Fields([("b", "2")]))
        #expect(fields.setting("c", "4").encoded == "a=1&b=2&a=3&c=4")
    }

    @Test(arguments: [
        ("/people?q=1", "/people?q=1"), ("/", "/"), ("//evil.kz", "/"), ("/\\evil.kz", "/"), ("https://evil.kz", "/"),
        ("", "/"), ("/a\r\nset-cookie: x=1", "/"), ("people", "/"),
    ])
    func `a return path stays on this site`(given: String, kept: String) {
        #expect(safeReturn(given) == kept)
    }
}

@Suite struct MultipartTests {
    private func body(_ parts: String...) -> [UInt8] {
        Array((parts.map { "--b\r\n" + $0 }.joined(separator: "\r\n") + "\r\n--b--\r\n").utf8)
    }

    @Test func `fields and files come apart, bytes untouched`() throws {
        let bytes = body(
            "Content-Disposition: form-data; name=\"a\"\r\n\r\nқала",
            "Content-Disposition: form-data; name=\"f\"; filename=\"C:\\dir\\а.csv\"\r\nContent-Type: text/csv\r\n\r\nx\r\n--c\r\n"
        )

        let (fields, files) = try Multipart.read(bytes, boundary: "b")

        #expect(fields["a"] == "қала")
        #expect(files.count == 1)
        #expect(files[0].field == "f")
        #expect(files[0].name == "а.csv")
        #expect(files[0].contentType == "text/csv")
        #expect(String(decoding: files[0].bytes, as: UTF8.self) == "x\r\n--c\r\n")
    }

    @Test func `an empty file field is no file`() throws {
        let bytes = body("Content-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n")

        let (fields, files) = try Multipart.read(bytes, boundary: "b")

        #expect(fields.isEmpty && files.isEmpty)
    }

    @Test(arguments: ["", "--b", "--b\r\n", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end", "--x--"])
    func `a broken body is a problem`(text: String) {
        #expect(throws: Problem.self) { try Multipart.read(Array(text.utf8), boundary: "b") }
    }

    @Test func `every cut of a good body is read or refused, never a crash`() throws {
        let whole = body(
            "Content-Disposition: form-data; name=\"a\"\r\n\r\n1",
            "Content-Disposition: form-data; name=\"f\"; filename=\"n\"\r\n\r\n2")
        for cut in 0..<whole.count { _ = try? Multipart.read(Array(whole[..<cut]), boundary: "b") }
    }
}
