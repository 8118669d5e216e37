import Testing

@testable import JarshyKit

struct XmlScannerTests {
    private func events(_ text: String) throws -> [XmlScanner.Event] {
        var scanner = try XmlScanner(Array(text.utf8))
        var events: [XmlScanner.Event] = []
        while let event = try scanner.next() { events.append(event) }
        return events
    }

    @Test func `reads elements, attributes, references and CDATA`() throws {
        let text =
            "<?xml version='1.0'?><!-- x --><x:a b='1' r:id=\"&lt;&#x49;\"><c/>Қ&amp;&#1178;<![CDATA[<&]]></x:a>\n"

        #expect(
            try events(text) == [
                .start("a", attributes: ["b": "1", "r:id": "<I"]), .start("c", attributes: [:]), .end("c"),
                .text("Қ&Қ"), .text("<&"), .end("a"),
            ])
    }

    @Test(arguments: [
        "", "<a>", "<a></b>", "</a>", "<a/><b/>", "text", "<a/>text", "<a b=1/>", "<a b='1' b='2'/>", "<a b='<'/>",
        "<a b='1'c='2'/>", "<a>&nbsp;</a>", "<a>&#0;</a>", "<a>&amp</a>", "<a>&#xD800;</a>", "<a", "<a b='", "<1/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", "<a><!-- </a>", "<a><![CDATA[</a>",
        "<![CDATA[x]]><a/>", "<a></a >x", "< a/>", "<a b/>",
    ])
    func `refuses what is not well-formed, and document types`(text: String) {
        #expect(throws: XmlError.self) { try events(text) }
    }

    @Test func `refuses deep nesting and broken UTF-8`() {
        #expect(throws: XmlError.self) { try events(String(repeating: "<a>", count: 100_000)) }
        #expect(throws: XmlError.self) { try XmlScanner([0x3C, 0xFF]) }
    }
}
