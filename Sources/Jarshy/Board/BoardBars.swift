import JarshyKit

struct Bar: PageModel {
    let words: String
    let segments: [BarSegment]
}

struct BarSegment: PageModel {
    let x: String
    let width: String
    let fill: String
}

extension Bar {
    /// A figure stacked by band, region first, so that the checked part is seen; `scale` is what the whole width stands for.
    init(_ figure: BandedFigure, scale: Int64, _ text: BoardText) {
        words = text.words(
            "band.words",
            [
                "submitted": text.number(figure.submitted), "district": text.number(figure.district),
                "region": text.number(figure.region),
            ])
        segments = Bar.stacked(
            [("band-region", figure.region), ("band-district", figure.district), ("band-submitted", figure.submitted)],
            scale: scale)
    }

    /// One amount as a share of a whole.
    init(_ value: Int64, of whole: Int64, words: String) {
        self.words = words
        segments = Bar.stacked([("amount", value)], scale: whole)
    }

    private static func stacked(_ parts: [(fill: String, value: Int64)], scale: Int64) -> [BarSegment] {
        guard scale > 0 else { return [] }
        var at = 0.0
        return parts.compactMap { part in
            guard part.value > 0 else { return nil }
            let width = min(100 - at, Double(part.value) * 100 / Double(scale))
            defer { at += width }
            return BarSegment(x: Draw.number(at), width: Draw.number(width), fill: part.fill)
        }
    }
}

/// Coordinates of a drawing.
enum Draw {
    /// At most two decimals, no trailing zeros: drawings are a good part of a page's weight.
    static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = (hundredths / 100, abs(hundredths % 100))
        let sign = hundredths < 0 && whole == 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// A rectangle as a part of a path.
    static func box(x: Double, y: Double, width: Double, height: Double) -> String {
        "M\(number(x)) \(number(y))h\(number(width))v\(number(height))h-\(number(width))z"
    }

    /// A round number at or above `value`: 1, 2, 5, 10, 20, 50 …, so that a scale has whole steps.
    static func roundedUp(_ value: Int64) -> Int64 {
        var step: Int64 = 1
        while true {
            for factor: Int64 in [1, 2, 5] where step * factor >= value { return step * factor }
            step *= 10
        }
    }
}
