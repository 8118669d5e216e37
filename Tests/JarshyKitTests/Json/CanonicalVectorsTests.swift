import Foundation
import JarshyKit
import Testing

/// The phone signs and hashes the same bytes: Tests/Field/vectors/canonical.json is read here and by Tests/Field/unit.test.js.
@Suite("Canonical JSON, vectors shared with the field app")
struct CanonicalVectorsTests {
    @Test("Every vector has the same canonical bytes here as on the phone")
    func vectors() throws {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        let file = try Data(contentsOf: folder.appendingPathComponent("Field/vectors/canonical.json"))
        let vectors = try #require(try JsonReader.read(Array(file)).list)
        #expect(vectors.count >= 10)
        for vector in vectors {
            let name = vector["name"]?.text ?? ""
            let document = try JsonReader.read(Array(try #require(vector["json"]?.text).utf8))
            let without = Set((vector["without"]?.list ?? []).compactMap(\.text))
            #expect(document.canonical(leaving: without) == Array(try #require(vector["canonical"]?.text).utf8), "\(name)")
        }
    }
}
