/// The XML parts of a workbook we write.
enum XlsxXml {
    private static let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    private static let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    private static let package = "http://schemas.openxmlformats.org/package/2006"

    /// Indexes into the cell formats of `styles`.
    private enum Style {
        static let text = 1
        static let integer = 2
        static let header = 3
        static let headerInteger = 4
    }

    static func contentTypes(_ sheets: Int) -> String {
        let type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        var xml = head + "<Types xmlns=\"\(package)/content-types\">"
        xml += "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        xml += "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        xml += "<Override PartName=\"/xl/workbook.xml\" ContentType=\"\(type).sheet.main+xml\"/>"
        xml += "<Override PartName=\"/xl/styles.xml\" ContentType=\"\(type).styles+xml\"/>"
        for sheet in 1...sheets {
            xml += "<Override PartName=\"/xl/worksheets/sheet\(sheet).xml\" ContentType=\"\(type).worksheet+xml\"/>"
        }
        return xml + "</Types>"
    }

    static let packageRelations =
        head + "<Relationships xmlns=\"\(package)/relationships\"><Relationship Id=\"rId1\" "
        + "Type=\"\(relations)/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"

    static func workbookRelations(_ sheets: Int) -> String {
        var xml = head + "<Relationships xmlns=\"\(package)/relationships\">"
        for sheet in 1...sheets {
            xml += "<Relationship Id=\"rId\(sheet)\" Type=\"\(relations)/worksheet\" "
            xml += "Target=\"worksheets/sheet\(sheet).xml\"/>"
        }
        xml += "<Relationship Id=\"rId\(sheets + 1)\" Type=\"\(relations)/styles\" Target=\"styles.xml\"/>"
        return xml + "</Relationships>"
    }

    static func workbook(_ names: [String], _ sheets: [Xlsx.Sheet]) -> String {
        var xml = head + "<workbook xmlns=\"\(main)\" xmlns:r=\"\(relations)\"><sheets>"
        for (index, name) in names.enumerated() {
            xml += "<sheet name=\"\(escaped(name))\" sheetId=\"\(index + 1)\" r:id=\"rId\(index + 1)\"/>"
        }
        xml += "</sheets>"
        var titles = ""
        for (index, sheet) in sheets.enumerated() where sheet.headerRows > 0 {
            let quoted = escaped("'" + names[index].replacing("'", with: "''") + "'")
            titles += "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"\(index)\">"
            titles += "\(quoted)!$1:$\(sheet.headerRows)</definedName>"
        }
        if !titles.isEmpty { xml += "<definedNames>\(titles)</definedNames>" }
        return xml + "</workbook>"
    }

    static let styles: String = {
        let font = "<sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/>"
        var xml = head + "<styleSheet xmlns=\"\(main)\">"
        xml += "<fonts count=\"2\"><font>\(font)</font><font><b/>\(font)</font></fonts>"
        xml += "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
        xml += "<fill><patternFill patternType=\"gray125\"/></fill></fills>"
        xml += "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        xml += "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
        let wrap = "applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>"
        xml += "<cellXfs count=\"5\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
        // 49 is "@", text; 3 is "#,##0", which follows the reader's locale.
        for (format, font) in [(49, 0), (3, 0), (49, 1), (3, 1)] {
            xml += "<xf numFmtId=\"\(format)\" fontId=\"\(font)\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
            xml += "applyNumberFormat=\"1\" applyFont=\"1\" \(wrap)"
        }
        return xml + "</cellXfs></styleSheet>"
    }()

    static func worksheet(_ sheet: Xlsx.Sheet) -> String {
        let headers = max(0, sheet.headerRows)
        var xml = head + "<worksheet xmlns=\"\(main)\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr>"
        xml += "<sheetViews><sheetView workbookViewId=\"0\">"
        if headers > 0 {
            xml += "<pane ySplit=\"\(headers)\" topLeftCell=\"A\(headers + 1)\" "
            xml += "activePane=\"bottomLeft\" state=\"frozen\"/>"
        }
        xml += "</sheetView></sheetViews>"
        if !sheet.columnWidths.isEmpty {
            xml += "<cols>"
            for (index, width) in sheet.columnWidths.enumerated() {
                let column = index + 1
                xml += "<col min=\"\(column)\" max=\"\(column)\" width=\"\(width)\" customWidth=\"1\"/>"
            }
            xml += "</cols>"
        }
        xml += "<sheetData>"
        for (row, cells) in sheet.rows.enumerated() where !cells.isEmpty {
            xml += "<row r=\"\(row + 1)\">"
            for (column, cell) in cells.enumerated() {
                append(cell, Xlsx.columnName(column) + String(row + 1), isHeader: row < headers, to: &xml)
            }
            xml += "</row>"
        }
        xml += "</sheetData>"
        // Excel calls a one-cell merge damage.
        let merged = sheet.merged.filter { $0.rows.count > 1 || $0.columns.count > 1 }
        if !merged.isEmpty {
            xml += "<mergeCells count=\"\(merged.count)\">"
            for merge in merged {
                let from = Xlsx.columnName(merge.columns.lowerBound) + String(merge.rows.lowerBound + 1)
                let to = Xlsx.columnName(merge.columns.upperBound) + String(merge.rows.upperBound + 1)
                xml += "<mergeCell ref=\"\(from):\(to)\"/>"
            }
            xml += "</mergeCells>"
        }
        xml += "<pageMargins left=\"0.4\" right=\"0.4\" top=\"0.5\" bottom=\"0.5\" header=\"0.3\" footer=\"0.3\"/>"
        // Paper 9 is A4.
        xml += "<pageSetup paperSize=\"9\" orientation=\"landscape\" fitToWidth=\"1\" fitToHeight=\"0\"/>"
        return xml + "</worksheet>"
    }

    private static func append(_ cell: Xlsx.Cell, _ place: String, isHeader: Bool, to xml: inout String) {
        switch cell {
        case .empty: break
        case .integer(let value):
            let style = isHeader ? Style.headerInteger : Style.integer
            xml += "<c r=\"\(place)\" s=\"\(style)\"><v>\(value)</v></c>"
        case .text(let text):
            let style = isHeader ? Style.header : Style.text
            // Excel holds 32,767 characters a cell, counted in UTF-16.
            xml += "<c r=\"\(place)\" s=\"\(style)\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"
            xml += escaped(text.utf16.count > 32_767 ? cut(text, 32_767) : text) + "</t></is></c>"
        }
    }

    private static func cut(_ text: String, _ units: Int) -> String {
        var result = ""
        var count = 0
        for character in text {
            count += character.utf16.count
            if count > units { break }
            result.append(character)
        }
        return result
    }

    /// Escaped for text and attributes; characters XML cannot hold are left out.
    static func escaped(_ text: String) -> String {
        let isClean = text.unicodeScalars.allSatisfy { !isIllegal($0) }
        let escaped = htmlEscaped(
            isClean ? text : String(String.UnicodeScalarView(text.unicodeScalars.filter { !isIllegal($0) })))
        // A bare CR would be read back as LF; Excel writes it so.
        return escaped.utf8.contains(0x0D) ? escaped.replacing("\r\n", with: "\n").replacing("\r", with: "\n") : escaped
    }

    private static func isIllegal(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 && ![9, 10, 13].contains(scalar.value) || scalar.value == 0xFFFE || scalar.value == 0xFFFF
    }

    /// Names Excel accepts: none of []:*?/\, no quote at the ends, at most 31 characters, none repeated.
    static func sheetNames(_ wanted: [String]) -> [String] {
        var taken: Set<String> = []
        return wanted.enumerated().map { index, name in
            var clean = String(name.map { "[]:*?/\\\n\r\t".contains($0) ? " " : $0 })
            while clean.first == "'" || clean.first == " " { clean.removeFirst() }
            while clean.last == "'" || clean.last == " " { clean.removeLast() }
            if clean.isEmpty { clean = String(index + 1) }
            var result = cut(clean, 31)
            var number = 2
            while !taken.insert(result.lowercased()).inserted {
                let suffix = " (\(number))"
                result = cut(clean, 31 - suffix.utf16.count) + suffix
                number += 1
            }
            return result
        }
    }
}
