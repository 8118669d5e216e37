import JarshyKit

/// The regions as squares. Fields as in `tilemap.mustache`.
struct TileMapModel: PageModel {
    let title: String
    let width: String
    let height: String
    let tiles: [Tile]
    let shades: [ShadeKey]
    let labels: TileMapLabels
}

struct Tile: PageModel {
    let left: String
    let top: String
    let tileURL: String
    let short: String
    /// Long short names are drawn narrower so that they stay on their tile.
    let isLong: Bool
    let full: String
    let amount: String
    let shade: String
}

struct ShadeKey: PageModel {
    let shade: String
    let range: String
}

struct TileMapLabels: PageModel {
    let place: String
    let amount: String
}

extension TileMapModel {
    init(_ view: BoardView, _ links: BoardLinks, _ text: BoardText) {
        let words = text.words
        let slot = view.metric.slot
        title = words("board.map", ["metric": text.metric(view.metric, view.choice)])
        let step = 60
        width = String(TileMap.columns * step - 4)
        height = String(TileMap.rows * step - 4)
        labels = TileMapLabels(place: words("board.column.name"), amount: view.metric.names[text.language])
        let most = view.partSums.filter { $0.key != view.unit }.values.map { $0.figure(slot).total }.max() ?? 0
        // Five shades of equal width: the same step of colour means the same step of the figure.
        let width = max(1, (most + 4) / 5)
        tiles = view.tree.children(of: view.unit).compactMap { unit in
            let code = view.tree.code(of: unit)
            guard let place = TileMap.place(code) else { return nil }
            let value = view.partSums[unit]?.figure(slot).total
            let shade = value.map { $0 <= 0 ? "0" : String(min(5, ($0 - 1) / width + 1)) } ?? "none"
            let short = place.short[text.language]
            return Tile(
                left: String(place.column * step), top: String(place.row * step), tileURL: links.board(code), short: short,
                isLong: short.count > 6, full: text.title(unit, in: view.tree),
                amount: value.map(text.number) ?? words("no_data"), shade: shade)
        }
        var shades = [ShadeKey(shade: "none", range: words("no_data")), ShadeKey(shade: "0", range: text.number(0))]
        for index in 0..<5 where Int64(index) * width < most {
            let (low, high) = (Int64(index) * width + 1, Int64(index + 1) * width)
            shades.append(
                ShadeKey(
                    shade: String(index + 1),
                    range: low == high
                        ? text.number(low) : words("time.span", ["from": text.number(low), "to": text.number(high)])))
        }
        self.shades = shades
    }
}
