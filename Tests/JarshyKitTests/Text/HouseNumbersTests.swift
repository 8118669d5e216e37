import JarshyKit
import Testing

struct HouseNumbersTests {
    @Test(arguments: [
        ("7", ["7"]), ("1-5", ["1", "2", "3", "4", "5"]), ("1-6 odd", ["1", "3", "5"]), ("1–6 even", ["2", "4", "6"]),
        ("2-7 тақ", ["3", "5", "7"]), ("1-4 жұп", ["2", "4"]), ("1-3 нечёт, 2-4 чёт", ["1", "3", "2", "4"]),
        ("12а; 12/1\n 14 Б", ["12а", "12/1", "14 Б"]), ("", []), (" , ,", []), ("1 - 3", ["1", "2", "3"]),
    ])
    func `what is written down is read`(text: String, houses: [String]) throws {
        #expect(try HouseNumbers.read(text, field: "houses") == houses)
    }

    @Test(arguments: ["five", "5-1", "3-3", "1-5 третий", "а7", "1-5-9", "7 odd", "1-9999", "0-4", "1_2", "12345678901234"])
    func `what cannot be read is told`(text: String) {
        #expect(throws: Problem.self) { try HouseNumbers.read(text, field: "houses") }
    }

    @Test func `a street has an end`() throws {
        #expect(try HouseNumbers.read("1-500", field: "houses").count == 500)
        #expect(throws: Problem.self) { try HouseNumbers.read("1-500, 501", field: "houses") }
    }
}
