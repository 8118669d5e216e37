import JarshyKit
import Testing

struct KazakhOrdinalTests {
    @Test(arguments: [
        "1-ші", "2-ші", "3-ші", "6-шы", "7-ші", "9-шы", "10-шы", "16-шы", "20-шы", "30-шы", "38-ші", "40-шы", "50-ші",
        "60-шы", "70-ші", "80-ші", "90-шы", "100-ші", "150-ші", "190-шы", "200-ші", "1000-шы", "1100-ші", "2026-шы",
        "1000000-шы", "0-ші",
    ])
    func `the ending follows the last spoken word`(ordinal: String) throws {
        let number = try #require(Int(ordinal.prefix { $0 != "-" }))
        #expect(kazakhOrdinal(number) == ordinal)
    }
}
