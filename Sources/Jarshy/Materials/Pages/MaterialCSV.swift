import JarshyKit
import Storage

/// The lists of the feature as files. Codes stand beside names, so that a program reads them too.
enum MaterialCSV {
    static func materials(_ list: MaterialListing, words: Words) -> [UInt8] {
        let text = MaterialText(words: words)
        var csv = CSVWriter(byteOrderMark: true)
        csv.append([
            "id", "version", "name", "kind", "class", "languages", "unit", "unit_name", "state", "issuer", "orderer", "payer",
            "responsible", "printer", "print_place", "print_run", "on_hand", "on_the_way", "handed_out", "written_off",
        ])
        for material in list.materials {
            let (form, stock) = (material.form, list.sums[material.id] ?? Stock())
            csv.append([
                material.id.description, "\(material.version)", material.names[words.language], form.kind.rawValue,
                form.class.rawValue, form.languageCodes.joined(separator: " "), list.tree.code(of: material.unit),
                text.unit(material.unit, in: list.tree), material.state.rawValue, form.imprint.issuer, form.imprint.orderer,
                form.imprint.payer, form.imprint.responsible, form.imprint.printer, form.imprint.place, form.imprint[.run],
                "\(stock.onHand)", "\(stock.onTheWay)", "\(stock.handedOut)", "\(stock.writtenOff)",
            ])
        }
        return csv.bytes
    }

    /// Every heap at and below the chosen unit, or all of one's units.
    static func stock(_ query: Fields, actor: Actor, now: Instant, words: Words, in db: any Reading) throws -> [UInt8] {
        let scope = try MaterialScope(actor, at: now, in: db)
        try scope.requireAnywhere()
        let campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: scope.today)
        let units = try query.code("unit").map { [try scope.unit($0).no] } ?? scope.homes()
        let heaps = try MaterialRows.heaps(within: units, campaign: campaign.no, scope.tree, in: db)
        let materials = try MaterialRows.materials(Set(heaps.map(\.material)), in: db)
        let text = MaterialText(words: words)
        var csv = CSVWriter(byteOrderMark: true)
        csv.append(["unit", "unit_name", "material", "name", "version"] + figures)
        for heap in heaps {
            guard let material = materials[heap.material] else { continue }
            csv.append(
                [
                    scope.tree.code(of: heap.unit), text.unit(heap.unit, in: scope.tree), material.id.description,
                    material.names[words.language], "\(material.version)",
                ] + heap.stock.figures.map { "\($0)" })
        }
        return csv.bytes
    }

    /// The entries of one heap, the newest first; figures are changes.
    static func entries(_ view: HeapView, words: Words) -> [UInt8] {
        let text = MaterialText(words: words)
        var csv = CSVWriter(byteOrderMark: true)
        csv.append(["n", "day", "at", "kind", "quantity", "reason", "author"] + figures)
        for entry in view.entries {
            csv.append(
                [
                    "\(entry.n)", entry.day.description, text.moment(entry.at), entry.kind.rawValue, "\(entry.quantity)",
                    text.reason(entry), view.names[entry.author] ?? words("report.operator"),
                ] + entry.change.figures.map { "\($0)" })
        }
        return csv.bytes
    }

    /// In the order of `Stock.figures`.
    private static let figures = [
        "received", "moved_in", "found", "on_hand", "handed_out", "written_off", "on_the_way", "moved_out", "beyond",
    ]

    static func moves(_ list: MoveListing, words: Words) -> [UInt8] {
        let text = MaterialText(words: words)
        var csv = CSVWriter(byteOrderMark: true)
        csv.append([
            "id", "material", "name", "from", "from_name", "to", "to_name", "quantity", "sent", "arrived", "returned", "accepted", "reason",
        ])
        for move in list.moves {
            let told = move.acknowledged
            csv.append([
                move.id.description, move.material.description, list.materials[move.material]?.names[words.language] ?? "",
                list.tree.code(of: move.sender), text.unit(move.sender, in: list.tree), list.tree.code(of: move.receiver),
                text.unit(move.receiver, in: list.tree), "\(move.quantity)", text.moment(move.sentAt),
                told.map { "\($0.arrived)" } ?? "", told.map { "\($0.returned)" } ?? "", told.map { text.moment($0.at) } ?? "",
                told?.reason ?? "",
            ])
        }
        return csv.bytes
    }

    static func sites(_ list: SiteListing, words: Words) -> [UInt8] {
        let text = MaterialText(words: words)
        var csv = CSVWriter(byteOrderMark: true)
        csv.append([
            "id", "address", "unit", "unit_name", "class", "school", "capacity", "material", "material_name", "decree",
            "decree_number", "decree_day", "first_day", "take_down_day", "condition", "condition_day", "overdue", "closed",
        ])
        for site in list.sites {
            let form = site.form
            csv.append([
                site.id.description, form.address, list.tree.code(of: site.unit), text.unit(site.unit, in: list.tree),
                form.class.rawValue, form.isAtSchool ? "1" : "0", "\(form.capacity)", form.material?.description ?? "",
                form.material.flatMap { list.materials[$0]?.names[words.language] } ?? "", form.decree, form.decreeNumber,
                form.decreeDay.description, form.first.description, form.takeDown?.description ?? "", site.condition.rawValue,
                site.conditionDay?.description ?? "", site.isOverdue(on: list.today) ? "1" : "0", site.isOpen ? "0" : "1",
            ])
        }
        return csv.bytes
    }
}
