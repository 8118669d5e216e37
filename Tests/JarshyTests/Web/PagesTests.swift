import Foundation
import JarshyKit
import Mustache
import Testing

@testable import Jarshy

@Suite struct TemplateSourceTests {
    private let catalog = try! Catalog(
        language: .en, files: [.init(name: "t", text: "a.b = Tom & Ann\nslotted = {n} left\n")])

    private func prepare(_ text: String) -> (String, [String]) {
        var faults: [TemplateSource.Fault] = []
        let out = TemplateSource(name: "t", file: "T/t", text: text)
            .prepared(catalog, templates: ["t", "part"], faults: &faults)
        return (out, faults.map(\.reason))
    }

    @Test func `words are filled in, escaped, and names get their paths`() {
        let (text, faults) = prepare("{{! about\nit }}\n<p>[[a.b]] {{x.y}} {{.}} {{#a.b}}{{/a.b}}{{>part}}</p>")

        #expect(text == "<p>Tom &amp; Ann {{x-y}} {{.}} {{#a-b}}{{/a-b}}{{>part}}</p>")
        #expect(faults.isEmpty)
    }

    @Test(arguments: [
        ("[[nothing]]", "no words for [[nothing]]"), ("[[slotted]]", "has slots"), ("{{>missing}}", "no template"),
        ("{{{raw}}}", "unescaped"), ("{{&raw}}", "unescaped"), ("{{=<% %>=}}", "delimiters"), ("{{a-b}}", "letters"),
        ("{{upper(a)}}", "letters"), ("{{.a}}", "letters"), ("{{open", "without }}"), ("[[open", "without ]]"),
    ])
    func `a fault is found when the template is loaded`(text: String, fault: String) {
        let (_, faults) = prepare(text)
        #expect(faults.contains { $0.contains(fault) }, "\(faults)")
    }
}

@Suite struct PageNodeTests {
    struct Inner: PageModel {
        let name: String
        let note: String?
    }

    struct Outer: PageModel {
        let title = "T<"
        let flag = true
        let inner = Inner(name: "in", note: nil)
        let rows = [Inner(name: "r1", note: nil), Inner(name: "r2", note: "n")]
        let list = ["x", "y"]
        let none: [Inner] = []
    }

    private func render(_ text: String, _ model: any PageModel = Outer()) throws -> (String, [String]) {
        let faults = PageFaults()
        let template = try MustacheTemplate(string: text)
        return (template.render(PageNode(model, faults: faults, isRoot: true)), faults.names)
    }

    @Test func `values, sections, paths and rows render, escaped`() throws {
        let (html, faults) = try render(
            "{{title}}|{{#flag}}y{{/flag}}|{{inner-name}}|{{#rows}}{{name}}{{#note}}+{{.}}{{/note}},{{/rows}}|{{#list}}{{.}}{{/list}}|{{^none}}e{{/none}}"
        )

        #expect(html == "T&lt;|y|in|r1,r2+n,|xy|e")
        #expect(faults.isEmpty)
    }

    @Test(arguments: [
        "{{missing}}", "{{inner-missing}}", "{{#inner}}{{missing}}{{/inner}}", "{{#rows}}{{inner-nope}}{{/rows}}",
    ])
    func `a name nobody has is a fault, wherever it stands`(text: String) throws {
        let (_, faults) = try render(text)
        #expect(!faults.isEmpty)
    }

    @Test func `a row finds the page's own values above it, but nil does not let through another's`() throws {
        let (html, faults) = try render("{{#rows}}{{title}}{{#note}}{{note}}{{/note}};{{/rows}}")
        #expect(html == "T&lt;;T&lt;n;")
        #expect(faults.isEmpty)
    }

    struct Hot: HotRow {
        func field(_ name: String) -> (any Sendable)? { name == "a" ? "1" : nil }
    }

    @Test func `a hot row answers for itself and is as strict`() throws {
        #expect(try render("{{a}}", Hot()).0 == "1")
        #expect(try render("{{b}}", Hot()).1 == ["b"])
    }
}

@Suite struct LoadedPagesTests {
    @Test func `every template of the house compiles in every language and the catalogues agree`() throws {
        let pages = try Pages(home: try Home())
        #expect(pages.templates.count > 20)
        for language in Language.allCases { #expect(try pages.words(language).has("app.name")) }
    }

    @Test func `styles are joined, compressed and found under their hash`() throws {
        let assets = try Assets(home: try Home())
        let parts = assets.links.css.split(separator: "/").map(String.init)
        let reply = try #require(assets.reply(hash: parts[1], path: "app.css"))

        guard case .packed(let bytes, let gzip) = reply.body else {
            Issue.record("not compressed")
            return
        }
        let css = String(decoding: bytes, as: UTF8.self)
        #expect(!css.contains("@import") && css.contains("@layer"))
        #expect(gzip.count < bytes.count / 2)
        #expect(reply.value("cache-control")?.contains("immutable") == true)
        #expect(assets.reply(hash: "old", path: "js/app.js")?.value("cache-control") == "no-cache")
        #expect(assets.reply(hash: parts[1], path: "../Package.swift") == nil)
    }
}
