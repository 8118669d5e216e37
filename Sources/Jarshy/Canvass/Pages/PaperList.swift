import JarshyKit

/// A list on paper, for those without a phone. The digits of the outcomes are those of the entry page. Fields as in
/// `canvass_paper.mustache`.
struct PaperList: PageModel {
    let heading: String
    let roundName: String
    let backURL: String
    let isQuiet: Bool
    let facts: [CanvassFact]
    let codes: [PaperCode]
    let families: [PaperFamily]
    let doors: [PaperDoor]

    init(_ view: ListView, origin: String, words: Words) {
        let (list, round, text) = (view.list, view.round, CanvassText(words: words))
        heading = words("canvass.list.number", ["n": text.number(list.number)])
        roundName = round.names[words.language]
        backURL = "/canvass/lists/\(list.id)"
        isQuiet = view.isQuiet
        facts = [
            CanvassFact(fact: words("canvass.organization"), factText: view.organization?.names[words.language] ?? ""),
            CanvassFact(fact: words("canvass.team"), factText: view.team?.members.map(\.name).joined(separator: ", ") ?? ""),
            CanvassFact(fact: words("canvass.days"), factText: text.days(list.from, list.until)),
            CanvassFact(fact: words("canvass.hours"), factText: text.hours(round.hours)),
        ]
        codes = [
            PaperCode(
                "\(origin)/who/\(list.code)", words("who.title"),
                "\(origin.replacing("https://", with: "").replacing("http://", with: ""))/who · \(CheckCode.shown(list.code))"),
            PaperCode("\(origin)/canvass/lists/\(list.id)/enter", words("canvass.enter"), words("canvass.paper.enter")),
        ].compactMap { $0 }
        families = [("canvass.state.come_back", DoorOutcome.comingBack), ("canvass.state.done", DoorOutcome.done)].map { key, family in
            PaperFamily(
                familyName: words(key),
                outcomes: family.map { PaperOutcome(digit: PaperEntry.digit($0), outcomeName: text.outcome($0)) })
        }
        doors = view.doors.map { PaperDoor(door: $0, text: text) }
    }
}

struct PaperCode: PageModel {
    let codeTitle: String
    let codeText: String
    let codeSide: String
    let codePath: String

    /// Nil for an address that no code holds.
    init?(_ url: String, _ title: String, _ text: String) {
        guard let code = QrCode(url) else { return nil }
        (codeTitle, codeText, codeSide, codePath) = (title, text, "\(code.side)", code.path)
    }
}

struct PaperFamily: PageModel {
    let familyName: String
    let outcomes: [PaperOutcome]
}

struct PaperOutcome: PageModel {
    let digit: String
    let outcomeName: String
}

struct PaperDoor: HotRow {
    let door: CanvassDoor
    let text: CanvassText

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "row": text.number(door.row)
        // What is not to be visited any more keeps its row, so that the rows of paper and phone are the same.
        case "isOpen": door.state < .done
        case "address": door.state == .doNotVisit ? "" : text.address(door.address)
        case "why": door.state < .done ? "" : text.state(door.state)
        case "cells": cells
        default: nil
        }
    }

    /// What is known already has no field on the entry page, so nothing is written into its cell here either. A door that is
    /// done with takes nothing more at all.
    private var cells: [PaperCell] {
        let isClosed = door.state >= .done
        let visits = VisitID.attempts.map { PaperCell(isStruck: isClosed || door.visits & VisitID.bit($0) != 0) }
        return visits + [PaperCell(isStruck: isClosed), PaperCell(isStruck: isClosed)]
    }
}

/// A box of a door's row: the three visits, leaflets left, a question asked.
struct PaperCell: PageModel {
    let isStruck: Bool
}
