/// A QR code (ISO/IEC 18004): bytes, level M, versions 1 to 20. Enough for an address of a page; drawn as one SVG path.
///
/// The phone has the same in `Static/field/core/qr.js`; both draw the same modules for the same text.
public struct QrCode: Sendable {
    /// Modules a side, without the quiet zone.
    public let size: Int
    private let grid: QrGrid

    /// Nil above 666 bytes.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let version = QrVersion.fitting(bytes.count) else { return nil }
        var drawn = QrGrid(size: version.size)
        drawn.drawFunctions(version)
        drawn.drawData(version.interleaved(version.codewords(bytes)))
        var best: (penalty: Int, grid: QrGrid)?
        for mask in 0..<8 {
            let tried = drawn.masked(mask)
            let penalty = tried.ugliness
            if best.map({ penalty < $0.penalty }) ?? true { best = (penalty, tried) }
        }
        guard let best else { return nil }
        size = version.size
        grid = best.grid
    }

    /// True where the module is dark.
    public subscript(x: Int, y: Int) -> Bool { grid[x, y] }

    /// Modules a side of the picture, the quiet zone of 4 included: `viewBox="0 0 side side"`.
    public var side: Int { size + 8 }

    /// The dark modules as the `d` of an SVG path, runs of a row in one piece.
    public var path: String {
        var path = ""
        for y in 0..<size {
            var x = 0
            while x < size {
                guard grid[x, y] else {
                    x += 1
                    continue
                }
                var end = x
                while end < size, grid[end, y] { end += 1 }
                path += "M\(x + 4) \(y + 4)h\(end - x)v1h-\(end - x)z"
                x = end
            }
        }
        return path
    }
}
