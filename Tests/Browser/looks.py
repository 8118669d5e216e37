"""What must hold of any page, whatever is on it."""

import pathlib
import re

import axe_playwright_python

from visitor import DESK, PHONE

_AXE = next(pathlib.Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
_RUN = """async () => {
    const found = await axe.run(document, {
        resultTypes: ["violations"], preload: false,
        runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
    });
    return {
        rules: found.passes.length + found.violations.length,
        faults: found.violations.flatMap((rule) => rule.nodes.map((node) =>
            `${rule.id}: ${node.html.slice(0, 160)} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""}`)),
    };
}"""
LOOKS = [(DESK, "light"), (DESK, "dark"), (PHONE, "dark"), (PHONE, "light")]

# A word without its catalogue shows as ⟦key⟧; a slot that nobody filled stays as {slot}.
_UNTOLD = re.compile(r"⟦[^⟧]*⟧|\{[a-z_]+\}")


def accessible(page, looks=LOOKS):
    """axe finds nothing on a desk and on a phone, light and dark, with everything that folds out folded out."""
    page.evaluate("() => document.querySelectorAll('main details').forEach((part) => { part.open = true })")
    page.evaluate(_AXE)
    for size, scheme in looks:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(_RUN)
        assert found["rules"] > 10, "axe looked at nothing"
        assert not found["faults"], f"{page.url} {size['width']} {scheme}: {found['faults'][:5]}"


def fits(page):
    """A phone needs no sideways scrolling, and nothing hangs over its edge."""
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"{page.url} is {width} px wide on a phone"


def told(page, language):
    """The page says its language and has all its words."""
    assert page.locator("html").get_attribute("lang") == language, page.url
    # The whole document, attributes and titles too: what a screen reader says counts as well.
    untold = _UNTOLD.findall(page.content())
    assert not untold, f"{page.url}: {untold}"
