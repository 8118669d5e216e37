import JarshyKit

/// What an image looks like, in bits: a difference hash (is the right neighbour brighter?) of the whole, of its mirror image, and
/// of two crops of its middle. Made anew, made smaller or saved again, it differs in few bits.
struct PhotoPrint: Sendable, Equatable {
    /// Whole, mirrored, middle 90 %, middle 80 %; empty where there is no picture, or nothing in it.
    let hashes: [UInt64]

    static let none = PhotoPrint(hashes: [])
    /// Two that differ in at most so many bits look alike.
    static let near = 7

    init(hashes: [UInt64]) { self.hashes = hashes }

    init(bytes: [UInt8]) {
        hashes = stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).map { at in
            bytes[at..<(at + 8)].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    var bytes: [UInt8] {
        hashes.flatMap { hash in
            (0..<8).map { (index: UInt64) -> UInt8 in UInt8(truncatingIfNeeded: hash >> (56 - 8 * index)) }
        }
    }

    /// Of a raster as `vips` writes it: PGM or PPM, binary.
    init(pnm bytes: [UInt8]) {
        guard let raster = Raster(bytes), raster.hasContrast else {
            self = .none
            return
        }
        hashes = [
            raster.hash(keeping: 1, mirrored: false), raster.hash(keeping: 1, mirrored: true),
            raster.hash(keeping: 0.9, mirrored: false), raster.hash(keeping: 0.8, mirrored: false),
        ]
    }

    /// The fewest bits in which one of the whole images differs from any form of the other.
    func distance(to other: PhotoPrint) -> Int? {
        guard let mine = hashes.first, let theirs = other.hashes.first else { return nil }
        let away = other.hashes.map { ($0 ^ mine).nonzeroBitCount } + hashes.map { ($0 ^ theirs).nonzeroBitCount }
        return away.min()
    }

    /// Keys under which the print is stored: each 16 bits of each hash.
    var quarters: Set<Int64> { Set(hashes.flatMap { hash in (0..<4).map { PhotoPrint.quarter(hash, $0) } }) }

    /// Keys that find every stored print within `near` bits: of 7 wrong bits some quarter has at most one.
    var probes: Set<Int64> {
        var probes = quarters
        for hash in hashes {
            for bit in 0..<64 { probes.insert(PhotoPrint.quarter(hash ^ (1 << UInt64(bit)), bit / 16)) }
        }
        return probes
    }

    private static func quarter(_ hash: UInt64, _ index: Int) -> Int64 {
        Int64(index) << 16 | Int64(hash >> UInt64(16 * index) & 0xFFFF)
    }
}

/// A small grey picture.
private struct Raster {
    let width: Int
    let height: Int
    var grey: [Int] = []

    init?(_ bytes: [UInt8]) {
        var at = 0
        func word() -> String? {
            while at < bytes.count {
                if bytes[at] == UInt8(ascii: "#") {
                    while at < bytes.count, bytes[at] != 10 { at += 1 }
                } else if bytes[at] > 32 {
                    break
                }
                at += 1
            }
            let start = at
            while at < bytes.count, bytes[at] > 32 { at += 1 }
            return start < at ? String(decoding: bytes[start..<at], as: UTF8.self) : nil
        }
        guard let magic = word(), magic == "P5" || magic == "P6", let width = word().flatMap({ Int($0) }),
            let height = word().flatMap({ Int($0) }), word() == "255", (9...256).contains(width), (8...256).contains(height)
        else { return nil }
        let bands = magic == "P6" ? 3 : 1
        at += 1
        guard bytes.count - at >= width * height * bands else { return nil }
        (self.width, self.height) = (width, height)
        grey = (0..<(width * height)).map { (index: Int) -> Int in
            let pixel = at + index * bands
            if bands == 1 { return Int(bytes[pixel]) }
            let (red, green, blue) = (Int(bytes[pixel]), Int(bytes[pixel + 1]), Int(bytes[pixel + 2]))
            return (red * 77 + green * 150 + blue * 29) >> 8
        }
    }

    /// A picture of one colour says nothing of what it shows.
    var hasContrast: Bool { (grey.max() ?? 0) - (grey.min() ?? 0) >= 16 }

    func hash(keeping share: Double, mirrored: Bool) -> UInt64 {
        let (left, top) = (Double(width) * (1 - share) / 2, Double(height) * (1 - share) / 2)
        let (wide, high) = (Double(width) * share / 9, Double(height) * share / 8)
        var cells: [[Int]] = []
        for row in 0..<8 {
            let upper = top + Double(row) * high
            cells.append(
                (0..<9).map { (column: Int) -> Int in
                    let start = left + Double(column) * wide
                    return mean(start, start + wide, upper, upper + high)
                })
        }
        if mirrored { cells = cells.map { $0.reversed() } }
        var hash: UInt64 = 0
        for row in cells {
            for column in 0..<8 { hash = hash << 1 | (row[column + 1] > row[column] ? 1 : 0) }
        }
        return hash
    }

    private func mean(_ left: Double, _ right: Double, _ top: Double, _ bottom: Double) -> Int {
        let columns = Int(left)..<max(Int(left) + 1, min(width, Int(right)))
        let rows = Int(top)..<max(Int(top) + 1, min(height, Int(bottom)))
        var sum = 0
        for row in rows { for column in columns { sum += grey[row * width + column] } }
        // Scaled before the division: neighbours that differ by less than a grey level still have an order.
        return sum * 16 / (rows.count * columns.count)
    }
}
