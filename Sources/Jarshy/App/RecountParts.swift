/// What a recount looks at besides the reports: a line a feature.
enum RecountParts {
    static let all = [StockRecount.part]
}
