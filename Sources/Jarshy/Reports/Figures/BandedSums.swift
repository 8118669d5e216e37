import JarshyKit

/// Every metric's sums, kept apart by how far they have been checked, and how many reports they are made of.
///
/// `evidenced` lies across the three bands and is not added to them: `total = submitted + district + region`.
struct BandedSums: Sendable, Hashable {
    var submitted = Layer()
    var district = Layer()
    var region = Layer()
    var evidenced = Layer()

    /// One layer of the stored totals.
    struct Layer: Sendable, Hashable {
        var reports: Int64 = 0
        var amounts = Amounts()

        static func + (left: Layer, right: Layer) -> Layer {
            Layer(reports: left.reports + right.reports, amounts: left.amounts &+ right.amounts)
        }

        static func - (left: Layer, right: Layer) -> Layer {
            Layer(reports: left.reports - right.reports, amounts: left.amounts &- right.amounts)
        }
    }

    var total: Layer { submitted + district + region }

    /// True when nothing stands here: no report, no amount.
    var isZero: Bool { self == BandedSums() }

    /// The sums of one metric.
    func figure(_ slot: Int) -> BandedFigure {
        BandedFigure(
            submitted: submitted.amounts[slot], district: district.amounts[slot], region: region.amounts[slot],
            evidenced: evidenced.amounts[slot])
    }

    /// How many reports stand in each band.
    var reports: BandedFigure {
        BandedFigure(
            submitted: submitted.reports, district: district.reports, region: region.reports, evidenced: evidenced.reports)
    }

    /// Adds a stored row's layer: 0 submitted, 1 district, 2 region, 3 evidenced.
    mutating func add(_ layer: Layer, at number: Int64) {
        switch number {
        case Band.submitted.rawValue: submitted = submitted + layer
        case Band.district.rawValue: district = district + layer
        case Band.region.rawValue: region = region + layer
        default: evidenced = evidenced + layer
        }
    }

    static func + (left: BandedSums, right: BandedSums) -> BandedSums {
        BandedSums(
            submitted: left.submitted + right.submitted, district: left.district + right.district,
            region: left.region + right.region, evidenced: left.evidenced + right.evidenced)
    }

    static func - (left: BandedSums, right: BandedSums) -> BandedSums {
        BandedSums(
            submitted: left.submitted - right.submitted, district: left.district - right.district,
            region: left.region - right.region, evidenced: left.evidenced - right.evidenced)
    }
}

/// One metric's figure by band.
struct BandedFigure: Sendable, Hashable {
    var submitted: Int64 = 0
    var district: Int64 = 0
    var region: Int64 = 0
    var evidenced: Int64 = 0

    var total: Int64 { submitted + district + region }
}
