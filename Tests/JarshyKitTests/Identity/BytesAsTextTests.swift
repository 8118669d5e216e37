import JarshyKit
import Testing

@Suite struct BytesAsTextTests {
    @Test(arguments: 0..<64)
    func `what is encoded is decoded`(_ count: Int) {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(Base64URL.decoded(Base64URL.encoded(bytes)) == bytes)
        #expect(Hex.decoded(Hex.encoded(bytes)) == bytes)
    }

    @Test func `vectors of RFC 4648, in the alphabet for addresses and without padding`() {
        #expect(Base64URL.encoded(Array("foobar".utf8)) == "Zm9vYmFy" && Base64URL.encoded(Array("fooba".utf8)) == "Zm9vYmE")
        #expect(Base64URL.encoded([0xFB, 0xFF]) == "-_8")
        #expect(Hex.encoded([0, 10, 255]) == "000aff")
    }

    @Test(arguments: ["A", "Zm9vYmE=", "Zm9v YmFy", "+/8A", "Zg1"])
    func `one value has one spelling`(_ text: String) { #expect(Base64URL.decoded(text) == nil) }

    @Test(arguments: ["a", "0g", "FF", "é0"])
    func `only pairs of lowercase digits`(_ text: String) { #expect(Hex.decoded(text) == nil) }
}
