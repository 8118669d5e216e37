import JarshyKit
import Testing

struct HtmlEscapeTests {
    @Test func `escapes what text and quoted attributes need`() {
        let escaped = htmlEscaped("<a href=\"x\" b='y'>&amp;</a>")

        #expect(escaped == "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;")
        #expect(htmlEscaped("Әлия, 5 адам") == "Әлия, 5 адам")
        #expect(htmlEscaped("") == "")
        #expect(htmlEscaped("Қ&Қ") == "Қ&amp;Қ")
    }
}
