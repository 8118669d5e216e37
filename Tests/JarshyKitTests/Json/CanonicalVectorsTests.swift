import Foundation
import JarshyKit
import Testing

/// The phone signs and hashes the same bytes: Tests/Field/vectors/canonical.json is read here and by Tests/Field/unit.test.js.
struct CanonicalVectorsTests {
    @Test func `every vector has the same canonical bytes here as on the phone`() throws {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        let file = try Data(contentsOf: folder.appendingPathComponent("Field/vectors/canonical.json"))
        let vectors = try #require(try JsonReader.read(Array(file)).list)
        #expect(vectors.count >= 10)
        for vector in vectors {
            let name = vector["name"]?.text ?? ""
            let document = try JsonReader.read(Array(try #require(vector["json"]?.text).utf8))
            let without = Set((vector["without"]?.list ?? []).compactMap(\.text))
            let canonical = String(decoding: document.canonical(leaving: without), as: UTF8.self)
            #expect(canonical.utf8.elementsEqual(try #require(vector["canonical"]?.text).utf8), "\(name): \(canonical)")
        }
    }
}
