/// The square of modules while it is being drawn: what is dark, and what belongs to the pattern and is never masked.
struct QrGrid: Sendable {
    let size: Int
    private var dark: [Bool]
    private var fixed: [Bool]

    init(size: Int) {
        self.size = size
        dark = Array(repeating: false, count: size * size)
        fixed = dark
    }

    subscript(x: Int, y: Int) -> Bool { dark[y * size + x] }

    private mutating func fix(_ x: Int, _ y: Int, _ isDark: Bool) {
        guard x >= 0, y >= 0, x < size, y < size else { return }
        dark[y * size + x] = isDark
        fixed[y * size + x] = true
    }

    /// Timing lines, finders, alignment marks, format, and from version 7 on the version itself.
    mutating func drawFunctions(_ version: QrVersion) {
        for at in 0..<size {
            fix(6, at, at % 2 == 0)
            fix(at, 6, at % 2 == 0)
        }
        for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] { square(x, y, reach: 4) { $0 != 2 && $0 != 4 } }
        let marks = version.marks
        if marks > 1 {
            let step = (size - 13 + 2 * marks - 3) / (2 * marks - 2) * 2
            let places = (0..<marks).map { $0 == 0 ? 6 : size - 7 - (marks - 1 - $0) * step }
            for x in places {
                for y in places {
                    let isCorner = (x == 6 && y == 6) || (x == 6 && y == size - 7) || (x == size - 7 && y == 6)
                    if !isCorner { square(x, y, reach: 2) { $0 != 1 } }
                }
            }
        }
        drawFormat(mask: 0)
        guard version.number >= 7 else { return }
        let bits = version.number << 12 | QrChecks.checked(version.number, shift: 12, polynomial: 0x1F25)
        for at in 0..<18 {
            let (long, small) = (size - 11 + at % 3, at / 3)
            fix(long, small, bits >> at & 1 == 1)
            fix(small, long, bits >> at & 1 == 1)
        }
    }

    private mutating func square(_ x: Int, _ y: Int, reach: Int, dark: (Int) -> Bool) {
        for dy in -reach...reach {
            for dx in -reach...reach { fix(x + dx, y + dy, dark(max(abs(dx), abs(dy)))) }
        }
    }

    private mutating func drawFormat(mask: Int) {
        let bits = (mask << 10 | QrChecks.checked(mask, shift: 10, polynomial: 0x537)) ^ 0x5412
        for at in 0..<15 {
            let isDark = bits >> at & 1 == 1
            fix(8, at < 6 ? at : at < 8 ? at + 1 : size - 15 + at, isDark)
            fix(at < 8 ? size - 1 - at : at == 8 ? 7 : 14 - at, 8, isDark)
        }
        fix(8, size - 8, true)
    }

    /// Up and down in pairs of columns from the right, past the timing line.
    mutating func drawData(_ words: [UInt8]) {
        var bit = 0
        for pair in stride(from: size - 1, to: 0, by: -2) {
            let right = pair <= 6 ? pair - 1 : pair
            for step in 0..<size {
                let y = (right + 1) & 2 == 0 ? size - 1 - step : step
                for x in [right, right - 1] where !fixed[y * size + x] && bit < words.count * 8 {
                    dark[y * size + x] = words[bit >> 3] >> UInt8(7 - bit & 7) & 1 == 1
                    bit += 1
                }
            }
        }
    }

    func masked(_ mask: Int) -> QrGrid {
        var result = self
        for y in 0..<size {
            for x in 0..<size where !fixed[y * size + x] && QrGrid.flips(mask, x, y) { result.dark[y * size + x].toggle() }
        }
        result.drawFormat(mask: mask)
        return result
    }

    private static func flips(_ mask: Int, _ x: Int, _ y: Int) -> Bool {
        switch mask {
        case 0: (x + y) % 2 == 0
        case 1: y % 2 == 0
        case 2: x % 3 == 0
        case 3: (x + y) % 3 == 0
        case 4: (x / 3 + y / 2) % 2 == 0
        case 5: x * y % 2 + x * y % 3 == 0
        case 6: (x * y % 2 + x * y % 3) % 2 == 0
        default: ((x + y) % 2 + x * y % 3) % 2 == 0
        }
    }

    /// Penalties for long runs and for what looks like a finder.
    var ugliness: Int {
        (0..<size).reduce(0) { sum, line in
            sum + QrGrid.ugliness((0..<size).map { self[$0, line] }) + QrGrid.ugliness((0..<size).map { self[line, $0] })
        }
    }

    private static func ugliness(_ line: [Bool]) -> Int {
        var (penalty, start) = (0, 0)
        for at in 1...line.count where at == line.count || line[at] != line[start] {
            if at - start >= 5 { penalty += at - start - 2 }
            start = at
        }
        for at in 0...(line.count - finder.count) {
            let part = line[at..<(at + finder.count)]
            if part.elementsEqual(finder) || part.elementsEqual(finder.reversed()) { penalty += 40 }
        }
        return penalty
    }

    private static let finder = [true, false, true, true, true, false, true, false, false, false, false]
}
