import JarshyKit

/// An address as it is written, and in the one spelling by which it is known again. No name of a person belongs here.
struct AddressText: Sendable, Hashable {
    let street: String
    let house: String
    let flat: String
    let landmark: String

    static let longestStreet = 80
    static let longestHouse = HouseNumbers.longest
    static let longestLandmark = 120

    init(street: String, house: String, flat: String = "") {
        self.street = Self.cleaned(street)
        self.house = Self.cleaned(house)
        self.flat = Self.cleaned(flat)
        landmark = ""
    }

    init(landmark: String) {
        street = ""
        house = ""
        flat = ""
        self.landmark = Self.cleaned(landmark)
    }

    private static func cleaned(_ text: String) -> String {
        text.split { $0.isWhitespace }.joined(separator: " ")
    }

    /// Equal for spellings of one door.
    var normal: String {
        landmark.isEmpty ? AddressKey.of(street: street, house: house, flat: flat) : AddressKey.of(landmark: landmark)
    }

    /// By which doors are walked: streets in the Kazakh order, houses and flats by number; landmarks after them.
    var order: [UInt8] {
        landmark.isEmpty ? sortKey("\(street)  \(house)  \(flat)") : [0xFF] + sortKey(landmark)
    }

    /// What is wrong with it, told under the names of the form's fields.
    var faults: [Problem.Fault] {
        var faults: [Problem.Fault] = []
        func check(_ field: String, _ text: String, longest: Int) {
            if text.unicodeScalars.count > longest {
                faults.append(
                    Problem.Fault(field, "too-long", "'\(field)' is longer than \(longest).", slots: ["max": "\(longest)"]))
            }
        }
        check("street", street, longest: Self.longestStreet)
        check("house", house, longest: Self.longestHouse)
        check("flat", flat, longest: Self.longestHouse)
        check("landmark", landmark, longest: Self.longestLandmark)
        if landmark.isEmpty {
            let parts = normal.split(separator: "|", omittingEmptySubsequences: false)
            for (field, part) in zip(["street", "house"], parts) where part.isEmpty {
                faults.append(Problem.Fault(field, "missing", "'\(field)' is missing."))
            }
        } else if normal == "~" {
            faults.append(Problem.Fault("landmark", "missing", "'landmark' is missing."))
        } else if landmark.filter(\.isNumber).count >= 10 || landmark.contains("@") {
            faults.append(
                Problem.Fault("landmark", "landmark-personal", "A landmark holds no telephone, no identity number and no mail address."))
        }
        return faults
    }

    /// Every house of a street, or every flat of every house.
    static func all(street: String, houses: String, flats: String) throws -> [AddressText] {
        let houses = try HouseNumbers.read(houses, field: "houses")
        let flats = try HouseNumbers.read(flats, field: "flats")
        if flats.isEmpty { return houses.map { AddressText(street: street, house: $0) } }
        if houses.count * flats.count > HouseNumbers.most {
            throw Problem.invalid([
                Problem.Fault("flats", "too-many", "At most \(HouseNumbers.most) at once.", slots: ["max": "\(HouseNumbers.most)"])
            ])
        }
        return houses.flatMap { house in flats.map { AddressText(street: street, house: house, flat: $0) } }
    }
}
