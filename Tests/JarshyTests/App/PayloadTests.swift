import JarshyKit
import Storage
import Testing

@testable import Jarshy

/// No stored or reflected words come to life on any page that shows them. What Chromium makes of the same is in
/// `Tests/Browser/test_payloads.py`.
@Suite("What people type stays text")
struct PayloadTests {
    static let payloads = XssPayloads.all + [
        "<svg/onload=alert(1)>", "<img src=x onerror=alert(1)//", "\" autofocus onfocus=alert(1) x=\"", "' onclick='alert(1)",
        "</title><script>alert(1)</script>", "--><script>alert(1)</script>", "<details open ontoggle=alert(1)>",
        "<form action=javascript:alert(1)><button>", "<base href=//evil.example>", "<meta http-equiv=refresh content=0>",
        "<object data=javascript:alert(1)>", "&#60;script&#62;alert(1)&#60;/script&#62;", "{{#frame}}{{csrf}}{{/frame}}",
    ]

    @Test func `every page that shows questions, names, file names and links shows them as text`() async throws {
        try await QuestionWorld.run(.sqlite) { world in
            let pages = try await PayloadWorld(world: world, payloads: Self.payloads).fill()
            let (stranger, staff) = (world.site.browser(), world.site.browser())
            try await staff.signIn("root")
            var shown: Set<String> = []
            func look(_ page: TestPage, _ path: String) {
                let route = String(path.split(separator: "?")[0]).replacing(#/[0-9a-f-]{36}|^\/follow\/.*/#) { $0.output.hasPrefix("/") ? "/follow/{}" : "{}" }
                #expect(page.status < 500, "\(path): \(page.status)")
                let faults = HtmlFaults.of(page.body)
                #expect(faults.isEmpty, "\(path): \(faults.prefix(5))")
                if page.body.contains(PayloadWorld.mark + " ") { shown.insert(String(route)) }
            }
            for path in pages.open { look(try await stranger.get(path), path) }
            for path in pages.staff { look(try await staff.get(path), path) }
            for (path, form) in pages.posted { look(try await stranger.post(path, form), path + " posted") }
            // They were shown: a page that hides them proves nothing.
            let wanted: Set<String> = [
                "/answers", "/answers/{}", "/meetings/{}", "/facts", "/facts/{}", "/imprints", "/search", "/questions",
                "/questions/{}", "/answers/{}/work", "/events", "/events/{}", "/events/{}/edit", "/facts/work", "/facts/{}/work",
                "/briefs", "/briefs/{}", "/proposals/queue", "/proposals/{}/work", "/publications", "/publications/pages",
                "/people", "/people/{}", "/question posted", "/proposal posted", "/follow/{}",
            ]
            #expect(wanted.subtracting(shown).isEmpty, "not shown: \(wanted.subtracting(shown).sorted())")
        }
    }

    @Test func `feeds and files are no markup either`() async throws {
        try await QuestionWorld.run(.sqlite) { world in
            let pages = try await PayloadWorld(world: world, payloads: Self.payloads).fill()
            let (stranger, staff) = (world.site.browser(), world.site.browser())
            try await staff.signIn("root")
            let atom = try await stranger.get("/meetings.atom")
            #expect(atom.status == 200 && atom.body.contains(PayloadWorld.mark) && HtmlFaults.of(atom.body).isEmpty)
            #expect(!atom.body.contains("\u{8}") && !atom.body.contains("\u{202E}"))
            for path in pages.open where path.hasPrefix("/meetings/") {
                let file = try await stranger.get(path + ".ics")
                #expect(file.headers["content-type"]?.hasPrefix("text/calendar") == true)
                // Nothing typed begins a line of its own.
                let names = file.body.split(separator: "\r\n").filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" && $0 != ";" } }
                #expect(names.allSatisfy { $0.wholeMatch(of: #/[A-Z-]+/#) != nil }, "\(names)")
            }
            let csv = try await staff.get("/publications.csv")
            #expect(csv.body.contains(PayloadWorld.mark) && csv.headers["x-content-type-options"] == "nosniff")
        }
    }

    @Test(arguments: [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>1</script>",
        "vbscript:x", "//evil.example/x", "https://x.example/\"onclick=alert(1)", "https://x.example/<script>", "http:/x", "ftp://x.example/",
        "https://x.example/ javascript:1", "\u{1}javascript:alert(1)", "blob:https://x.example/1", "",
    ])
    func `what is no link of the web is taken nowhere`(link: String) async throws {
        #expect(!NamedSource.isLink(link) && !WebLink.isLink(link))
        try await PublicationWorld.run(.sqlite) { world in
            let logged = try await world.refusal(PublicationWorld.log(1, day: world.today, url: link))
            #expect(logged != nil)
            var input = EventWorld.input()
            (input.organization, input.form, input.link) = ("north", .online, link)
            let draft = DraftEvent(input: input)
            await #expect(throws: Problem.self) { try await world.database.run(draft, by: .operator, at: world.now) }
            let page = AddOrganizationPage(organization: "north", kind: "site", name: "north", url: link)
            await #expect(throws: Problem.self) { try await world.database.run(page, by: .operator, at: world.now) }
        }
    }

    @Test func `the reader of HTML sees what came to life, and only that`() {
        for live in [
            "<script>1</script>", "<p><img src=x onerror=alert(1)>", "<a href=\"javascript:1\">", "<a href=\"&#58;\" onclick=\"x\">",
            "<a href=\" java\tscript:1\">", "<iframe src=\"/\">", "<script src=\"https://evil.example/x.js\"></script>", "<svg/onload=x>",
            "<input value=\"\" autofocus onfocus=\"x\">", "<form action=\"javascript&colon;1\">", "<p style=\"x\">",
            "<textarea></textarea><script>1</script>",
        ] { #expect(!HtmlFaults.of(live).isEmpty, "\(live)") }
        for dead in [
            "&lt;script&gt;", "<p title=\"&quot; onclick=\">x</p>", "<textarea><script>1</script></textarea>", "<title><img onerror=x></title>",
            "<script type=\"module\" src=\"/static/x.js\"></script>", "<!-- <script>1</script> -->", "<a href=\"https://x.kz/?'on=1\">1 < 2</a>",
        ] { #expect(HtmlFaults.of(dead).isEmpty, "\(dead): \(HtmlFaults.of(dead))") }
    }
}
