import JarshyKit
import Storage

/// How alike two texts are in their words, whatever the order of words, the letter case, the endings and the alphabet:
/// the share of stems and threes of letters that both have, of those that either has (Jaccard). Mass mailings differ in a
/// word or two, and stand far above `near`; two people's own words on one subject stand far below.
struct Likeness: Sendable {
    /// Near-identical from here on; measured on rotated and lightly changed texts (`docs/decisions`).
    static let near = 0.55
    /// Texts of fewer words are alike by chance.
    static let fewestWords = 3

    private static let rowsOfBand = 2
    private static let bandCount = 16

    let shingles: Set<Int64>
    let words: Int

    init(_ text: String, _ known: SearchWords) {
        let terms = SearchTerms(text, known)
        shingles = Set(terms.stems.keys).union(terms.grams.keys)
        words = terms.stemCount
    }

    /// 0 to 1.
    func share(with other: Likeness) -> Double {
        let both = shingles.intersection(other.shingles).count
        let all = shingles.count + other.shingles.count - both
        return all == 0 ? 0 : Double(both) / Double(all)
    }

    func isNear(_ other: Likeness) -> Bool {
        min(words, other.words) >= Likeness.fewestWords && share(with: other) >= Likeness.near
    }

    /// Hashes of which near-identical texts share at least one: at a likeness of 0.55 with 99.6 in 100, at 0.8 always
    /// (MinHash in bands). They are kept, so they must come out the same on every machine.
    var bands: [Int64] {
        guard words >= Likeness.fewestWords else { return [] }
        return (0..<Likeness.bandCount).map { band in
            var hash: UInt64 = UInt64(band) &* 0x9E37_79B9_7F4A_7C15
            for row in 0..<Likeness.rowsOfBand {
                let salt = UInt64(band * Likeness.rowsOfBand + row + 1) &* 0xD6E8_FEB8_6659_FD93
                let least = shingles.map { Likeness.mixed(UInt64(bitPattern: $0) ^ salt) }.min() ?? 0
                hash = Likeness.mixed(hash ^ least)
            }
            return Int64(bitPattern: hash)
        }
    }

    /// SplitMix64's finisher: every bit of the input reaches every bit of the output.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var bits = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

/// Bands of texts as they are kept.
enum LikenessRows {
    enum Kind: String, Stored, Sendable {
        case question, proposal
    }

    static func put(_ likeness: Likeness, of subject: ID<some Any>, _ kind: Kind, in db: any Writing) throws {
        let rows = Set(likeness.bands).sorted().map { [kind.bind, Bind.integer($0), subject.bind] }
        try db.insert("INSERT INTO likeness (kind, band, subject) VALUES", rows: rows, "ON CONFLICT DO NOTHING")
    }
}
