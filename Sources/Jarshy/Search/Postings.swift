/// Where one term stands among 4,096 passages: pairs of a passage and a count, packed.
///
/// Each pair is a gap to the passage before, times eight, plus the count cut at seven, in seven bits a byte, lowest first;
/// the high bit says that another byte follows. A usual pair takes one byte or two.
struct Postings: Sendable, Equatable {
    static let blockSize: Int64 = 4096
    static let mostCount = 7

    /// Passages by their place in the block, ascending, with counts from 1 to 7.
    var pairs: [(place: Int, count: Int)] = []

    static func == (left: Postings, right: Postings) -> Bool {
        left.pairs.elementsEqual(right.pairs) { $0 == $1 }
    }

    init() {}

    init(packed: [UInt8]) {
        pairs.reserveCapacity(packed.count)
        Postings.each(packed) { place, count in pairs.append((place, count)) }
    }

    /// Sets the count of one passage; 0 takes it out.
    mutating func set(_ place: Int, count: Int) {
        if let last = pairs.last, last.place < place {
            // The usual case: a passage behind all others.
            if count > 0 { pairs.append((place, min(count, Postings.mostCount))) }
            return
        }
        let at = pairs.firstIndex { $0.place >= place } ?? pairs.count
        let isThere = at < pairs.count && pairs[at].place == place
        if count == 0 {
            if isThere { pairs.remove(at: at) }
        } else if isThere {
            pairs[at].count = min(count, Postings.mostCount)
        } else {
            pairs.insert((place, min(count, Postings.mostCount)), at: at)
        }
    }

    var packed: [UInt8] {
        var bytes: [UInt8] = []
        var last = -1
        for (place, count) in pairs {
            var value = (place - last) << 3 | count
            last = place
            while value >= 0x80 {
                bytes.append(UInt8(value & 0x7F) | 0x80)
                value >>= 7
            }
            bytes.append(UInt8(value))
        }
        return bytes
    }

    /// Walks packed pairs without making a list of them.
    @inline(__always)
    static func each(_ packed: [UInt8], _ visit: (_ place: Int, _ count: Int) -> Void) {
        var last = -1
        var value = 0
        var shift = 0
        for byte in packed {
            value |= Int(byte & 0x7F) << shift
            if byte & 0x80 != 0 {
                shift += 7
                continue
            }
            last += value >> 3
            visit(last, value & 7)
            value = 0
            shift = 0
        }
    }
}
