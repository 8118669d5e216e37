import JarshyKit
import Storage

/// The places in the ledger a total stands for: the last number of every stream that contributes to it.
struct AsOf: Sendable, Hashable {
    struct Stream: Sendable, Hashable {
        let unit: UnitNo
        let seq: Int64
    }

    /// By number of the stream's unit, the root's own first when it contributes.
    let streams: [Stream]

    /// The streams of a unit: the region it stands in, and those it ever stood in; of the root, all of them.
    static func read(of unit: UnitNo, in tree: Tree, _ db: any Reading) throws -> AsOf {
        var condition: SQL = ""
        if unit != tree.root { condition = "WHERE unit IN \(regions(of: unit, in: tree))" }
        let streams = try db.all("SELECT unit, seq FROM stream \(condition) ORDER BY unit") { row in
            Stream(unit: try row.next(), seq: try row.next())
        }
        return AsOf(streams: streams)
    }

    /// Every stream: the whole ledger as it stands.
    static func ledger(_ db: any Reading) throws -> AsOf {
        AsOf(
            streams: try db.all("SELECT unit, seq FROM stream ORDER BY unit") { row in
                Stream(unit: try row.next(), seq: try row.next())
            })
    }

    /// Of the whole ledger, what contributes to a unit (see `read`).
    func part(of unit: UnitNo, in tree: Tree) -> AsOf {
        if unit == tree.root { return self }
        let regions = Self.regions(of: unit, in: tree)
        return AsOf(streams: streams.filter { regions.contains($0.unit) })
    }

    static func regions(of unit: UnitNo, in tree: Tree) -> [UnitNo] {
        var seen: Set<UnitNo> = [unit]
        var waiting = [unit]
        var regions: [UnitNo] = []
        while let next = waiting.popLast() {
            for parent in tree.parentsEver(of: next) {
                if parent == tree.root {
                    if !regions.contains(next) { regions.append(next) }
                } else if parent != .none, seen.insert(parent).inserted {
                    waiting.append(parent)
                }
            }
        }
        return regions.sorted()
    }

    /// `{"<stream's unit id>":seq}`
    func json(in tree: Tree) -> Json {
        .object(streams.compactMap { stream in tree[stream.unit].map { Json.Member($0.id.description, .integer(stream.seq)) } })
    }

    init(streams: [Stream]) { self.streams = streams }

    /// Reads what `json` wrote; units that are gone are left out.
    init(_ text: String, in tree: Tree) {
        let members = (try? JsonReader.read(Array(text.utf8)))?.members ?? []
        streams = members.compactMap { member in
            guard let seq = member.value.integer, let unit = UnitID(member.key).flatMap({ tree.find($0) }) else { return nil }
            return Stream(unit: unit.no, seq: seq)
        }.sorted { $0.unit < $1.unit }
    }
}
