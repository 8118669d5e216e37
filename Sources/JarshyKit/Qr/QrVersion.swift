/// How much a version of the code holds at level M, and how its bytes are dealt out with their checks.
struct QrVersion: Sendable {
    let number: Int

    var size: Int { 17 + 4 * number }

    /// By version from 1: check codewords of a block, and blocks.
    private static let checks = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26]
    private static let blocks = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16]

    static func fitting(_ bytes: Int) -> QrVersion? {
        (1...checks.count).lazy.map { QrVersion(number: $0) }.first { bytes <= $0.capacity }
    }

    private var checks: Int { QrVersion.checks[number - 1] }
    private var blocks: Int { QrVersion.blocks[number - 1] }

    /// How many alignment marks a side has.
    var marks: Int { number > 1 ? number / 7 + 2 : 0 }

    private var rawBytes: Int {
        var modules = (16 * number + 128) * number + 64
        if number > 1 { modules -= (25 * marks - 10) * marks - 55 + (number > 6 ? 36 : 0) }
        return modules / 8
    }

    private var dataBytes: Int { rawBytes - checks * blocks }

    /// Bytes of text: the mode and the length take two, from version 10 on three.
    private var capacity: Int { dataBytes - (number < 10 ? 2 : 3) }

    /// Mode, length, bytes, end, and the two padding words in turn.
    func codewords(_ bytes: [UInt8]) -> [UInt8] {
        var bits: [UInt8] = []
        func push(_ value: Int, _ count: Int) {
            for at in (0..<count).reversed() { bits.append(UInt8(value >> at & 1)) }
        }
        push(4, 4)
        push(bytes.count, number < 10 ? 8 : 16)
        for byte in bytes { push(Int(byte), 8) }
        push(0, 4)
        var words = stride(from: 0, to: bits.count, by: 8).map { at in bits[at..<(at + 8)].reduce(0) { $0 << 1 | $1 } }
        var pad: UInt8 = 0xEC
        while words.count < dataBytes {
            words.append(pad)
            pad ^= 0xEC ^ 0x11
        }
        return words
    }

    /// Blocks and checks dealt out column by column; the later blocks may be one longer.
    func interleaved(_ words: [UInt8]) -> [UInt8] {
        let short = words.count / blocks
        let longer = words.count % blocks
        var parts: [ArraySlice<UInt8>] = []
        var at = 0
        for block in 0..<blocks {
            let length = short + (block >= blocks - longer ? 1 : 0)
            parts.append(words[at..<(at + length)])
            at += length
        }
        let code = QrChecks(degree: checks)
        let corrections = parts.map { code.remainder($0) }
        var result: [UInt8] = []
        for at in 0...short { for part in parts where at < part.count { result.append(part[part.startIndex + at]) } }
        for at in 0..<checks { for part in corrections { result.append(part[at]) } }
        return result
    }
}

/// Reed-Solomon over GF(256) with x⁸ + x⁴ + x³ + x² + 1.
struct QrChecks: Sendable {
    /// The product of (x − 2^i), without its leading 1.
    private let generator: [UInt8]

    init(degree: Int) {
        var generator = [UInt8](repeating: 0, count: degree - 1) + [1]
        for step in 0..<degree {
            for at in 0..<degree {
                generator[at] = QrChecks.times(generator[at], QrChecks.powers[step]) ^ (at + 1 < degree ? generator[at + 1] : 0)
            }
        }
        self.generator = generator
    }

    func remainder(_ words: some Sequence<UInt8>) -> [UInt8] {
        var rest = [UInt8](repeating: 0, count: generator.count)
        for word in words {
            let factor = word ^ rest.removeFirst()
            rest.append(0)
            for (at, coefficient) in generator.enumerated() { rest[at] ^= QrChecks.times(coefficient, factor) }
        }
        return rest
    }

    private static let powers: [UInt8] = {
        var (powers, value): ([UInt8], Int) = ([], 1)
        for _ in 0..<255 {
            powers.append(UInt8(value))
            value = value << 1 ^ (value & 0x80 != 0 ? 0x11D : 0)
        }
        return powers
    }()

    private static let logs: [Int] = {
        var logs = [Int](repeating: 0, count: 256)
        for (at, value) in powers.enumerated() { logs[Int(value)] = at }
        return logs
    }()

    private static func times(_ one: UInt8, _ other: UInt8) -> UInt8 {
        one == 0 || other == 0 ? 0 : powers[(logs[Int(one)] + logs[Int(other)]) % 255]
    }

    /// The BCH check of `value`.
    static func checked(_ value: Int, shift: Int, polynomial: Int) -> Int {
        var rest = value
        for _ in 0..<shift { rest = rest << 1 ^ (rest >> (shift - 1) & 1 == 1 ? polynomial : 0) }
        return rest & (1 << shift - 1)
    }
}
