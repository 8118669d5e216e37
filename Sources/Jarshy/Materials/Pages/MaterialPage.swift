import JarshyKit

/// The page of a material. Fields as in `material.mustache`.
struct MaterialPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let marks: [StateMark]
    let hasErrors: Bool
    let errors: ErrorSummary
    let isQuiet: Bool
    let isWithdrawn: Bool
    let withdrawnText: String
    let facts: [MaterialFact]
    let imprint: [MaterialFact]
    let lacks: Bool
    let lacksText: String
    let manages: Bool
    let isDraft: Bool
    let editURL: String
    let canFollow: Bool
    let followURL: String
    let canApprove: Bool
    let approveAction: String
    let waits: Bool
    let waitsText: String
    let canWithdraw: Bool
    let withdrawAction: String
    let withdrawOpen: Bool
    let withdrawReason: TextField
    let hasVersions: Bool
    let versions: [MaterialVersion]
    let hasFiles: Bool
    let files: [MaterialFileRow]
    let canFile: Bool
    let fileAction: String
    let fileField: FileField
    let dropAction: String
    let copies: MaterialCopies
}

struct MaterialVersion: PageModel {
    let versionURL: String
    let versionName: String
    let versionDay: String
    let isThis: Bool
    let mark: StateMark
}

struct MaterialFileRow: PageModel {
    let fileID: String
    let fileURL: String
    let fileName: String
    let fileAbout: String
}

extension MaterialPage {
    init(_ view: MaterialView, form: Fields, refused: (deed: MaterialPages.Deed, problem: Problem)?, words: Words) {
        let (material, text) = (view.material, MaterialText(words: words))
        let path = "/materials/\(material.id)"
        trail = [TrailLink("/materials", words("nav.materials"))]
        heading = material.names[words.language]
        here = heading
        marks = text.marks(material)
        hasErrors = refused != nil
        errors = refused.map { ErrorSummary($0.problem, words: words) } ?? .none
        isQuiet = material.isCampaigning && view.campaign.isQuiet(on: view.today)
        isWithdrawn = material.state == .withdrawn
        withdrawnText = words(
            "material.withdrawn.text",
            ["day": material.withdrawnAt.map(text.moment) ?? "", "reason": material.withdrawnReason])
        facts = Self.facts(view, text)
        imprint = Self.imprint(material.form, text)
        let lacking = material.form.lacks
        isDraft = material.state == .draft
        lacks = isDraft && !lacking.isEmpty
        lacksText = words(
            "material.lacks", ["fields": lacking.map { words("material.imprint.\($0.rawValue)") }.joined(separator: ", ")])
        manages = view.manages
        editURL = path + "/edit"
        canFollow = view.manages && !isDraft && view.versions.last?.id == material.id
        followURL = "/materials/new?" + Fields([("after", material.id.description)]).encoded
        let isOwn = material.author == view.actor || material.changedBy == view.actor
        canApprove = isDraft && view.approves && !isOwn && lacking.isEmpty && !isQuiet
        approveAction = path + "/approve"
        waits = isDraft && !canApprove
        waitsText = words(isOwn ? "material.waits.own" : isQuiet ? "material.waits.quiet" : "material.waits")
        canWithdraw = material.state == .approved && (view.manages || view.approves)
        withdrawAction = path + "/withdraw"
        withdrawOpen = refused?.deed == .withdraw
        let wrong = FieldErrors(refused?.problem, words: words)
        withdrawReason = TextField(
            "reason", words("material.withdraw.reason"), value: withdrawOpen ? form.text("reason") : "",
            hint: words("material.withdraw.hint"), error: withdrawOpen ? wrong["reason"] : "", required: true)
        hasVersions = view.versions.count > 1
        versions = view.versions.reversed().map { version in
            MaterialVersion(
                versionURL: "/materials/\(version.id)", versionName: text.version(version),
                versionDay: text.moment(version.approvedAt ?? version.createdAt), isThis: version.id == material.id,
                mark: text.state(version.state))
        }
        hasFiles = !view.files.isEmpty
        files = view.files.map { file in
            MaterialFileRow(
                fileID: file.id.description, fileURL: "\(path)/files/\(file.id)", fileName: file.name,
                fileAbout: words(
                    "material.file.about",
                    ["kind": file.kind.rawValue.uppercased(), "size": text.size(file.bytes), "day": text.moment(file.at)]))
        }
        canFile = isDraft && view.manages
        fileAction = path + "/files"
        fileField = FileField(
            "file", words("material.file"),
            hint: words("material.file.hint", ["max": "\(MaterialFile.longest / 1_000_000)"]),
            error: refused?.deed == .files ? wrong["file"] : "", required: true,
            accept: ".pdf,.jpg,.jpeg,.png,.webp,application/pdf,image/jpeg,image/png,image/webp")
        dropAction = path + "/drop"
        copies = MaterialCopies(view, text)
    }

    private static func facts(_ view: MaterialView, _ text: MaterialText) -> [MaterialFact] {
        let (material, words) = (view.material, text.words)
        func person(_ id: PersonID?, _ at: Instant?) -> String {
            [id.flatMap { view.names[$0] } ?? words("report.operator"), at.map(text.moment) ?? ""].filter { !$0.isEmpty }
                .joined(separator: " · ")
        }
        var facts = [
            MaterialFact(fact: words("material.kind"), factText: text.kind(material.form.kind)),
            MaterialFact(fact: words("material.class"), factText: text.class(material.form.class)),
            MaterialFact(fact: words("material.unit"), factText: text.unit(material.unit, in: view.tree)),
            MaterialFact(fact: words("material.version"), factText: text.number(material.version)),
            MaterialFact(fact: words("material.author"), factText: person(material.author, material.createdAt)),
        ]
        if let by = material.approvedBy {
            facts.append(MaterialFact(fact: words("material.approved_by"), factText: person(by, material.approvedAt)))
        }
        if let by = material.withdrawnBy {
            facts.append(MaterialFact(fact: words("material.withdrawn_by"), factText: person(by, material.withdrawnAt)))
        }
        return facts
    }

    private static func imprint(_ form: MaterialForm, _ text: MaterialText) -> [MaterialFact] {
        MaterialImprint.Part.allCases.filter { form.imprint.isPrinted || !$0.isOfPrint || $0 == .languages }.map { field in
            let told =
                switch field {
                case .run: form.imprint.run == 0 ? "" : text.number(form.imprint.run)
                case .languages: text.languages(form)
                default: form.imprint[field]
                }
            return MaterialFact(
                fact: text.words("material.imprint.\(field.rawValue)"), factText: told.isEmpty ? text.words("material.imprint.none") : told)
        }
    }
}

/// Where the copies of a material are, by unit.
struct MaterialCopies: PageModel {
    let isMoved: Bool
    let hasHeaps: Bool
    let copiesUnit: String
    let hasUp: Bool
    let upURL: String
    let upName: String
    let bar: StockBar
    let sums: [MaterialFact]
    let heaps: [HeapRow]
    let canOpen: Bool
    let openURL: String

    init(_ view: MaterialView, _ text: MaterialText) {
        let (tree, words) = (view.tree, text.words)
        isMoved = view.material.state != .draft
        hasHeaps = !view.heaps.isEmpty
        copiesUnit = text.unit(view.unit, in: tree)
        let parent = tree.parent(of: view.unit).flatMap { view.holdsBelow($0) && tree.isWithin($0, view.material.unit) ? $0 : nil }
        hasUp = parent != nil
        upURL = Self.link(view.material, parent ?? view.unit, tree)
        upName = parent.map { text.unit($0, in: tree) } ?? ""
        let sum = view.heaps.reduce(Stock()) { $0 + $1.stock }
        bar = StockBar(sum, scale: sum.shown, text: text)
        sums = text.places(sum)
        let most = view.heaps.map(\.stock.shown).max() ?? 0
        heaps = view.heaps.map { heap in
            HeapRow(
                heapURL: heap.isOwn ? "/stock/\(percentEncoded(tree.code(of: heap.unit)))/\(view.material.id)"
                    : Self.link(view.material, heap.unit, tree),
                heapName: heap.isOwn ? words("stock.own", ["unit": text.unit(heap.unit, in: tree)]) : text.unit(heap.unit, in: tree),
                onHand: text.number(heap.stock.onHand), onTheWay: text.number(heap.stock.onTheWay),
                handedOut: text.number(heap.stock.handedOut), writtenOff: text.number(heap.stock.writtenOff),
                marks: text.marks(heap.stock), bar: StockBar(heap.stock, scale: most, text: text))
        }
        canOpen = isMoved && view.holdsBelow(view.unit) && tree.isWithin(view.unit, view.material.unit)
        openURL = "/stock/\(percentEncoded(tree.code(of: view.unit)))/\(view.material.id)"
    }

    private static func link(_ material: Material, _ unit: UnitNo, _ tree: Tree) -> String {
        "/materials/\(material.id)?" + Fields([("unit", tree.code(of: unit))]).encoded + "#copies"
    }
}

struct HeapRow: PageModel {
    let heapURL: String
    let heapName: String
    let onHand: String
    let onTheWay: String
    let handedOut: String
    let writtenOff: String
    let marks: [StateMark]
    let bar: StockBar
}
