"""What must hold of any page, whatever is on it."""

import pathlib
import re

import axe_playwright_python

from visitor import DESK, PHONE

_AXE = next(pathlib.Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
_RUN = """async (only) => {
    const found = await axe.run(document, { resultTypes: ["violations"], preload: false, ...only });
    return {
        rules: found.passes.length + found.violations.length,
        faults: found.violations.flatMap((rule) => rule.nodes.map((node) =>
            `${rule.id}: ${node.html.slice(0, 160)} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""}`)),
    };
}"""
_WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
_COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
_ALL_BUT_COLOUR = _WCAG | {"rules": {"color-contrast": {"enabled": False}}}

# A word without its catalogue shows as ⟦key⟧; a slot that nobody filled stays as {slot}.
_UNTOLD = re.compile(r"⟦[^⟧]*⟧|\{[a-z_]+\}")


def accessible(page):
    """axe finds nothing on a desk and on a phone, light and dark, with everything that folds out folded out.

    Colours are looked at in three of the four, structure on both sizes: structure is the same in the dark.
    """
    page.evaluate(_AXE)
    _fold(page, "main details", True)
    _look(page, DESK, "light", _WCAG)
    # The tables behind the charts are long, and have been seen.
    _fold(page, ".as-table", False)
    _look(page, DESK, "dark", _COLOUR)
    _look(page, PHONE, "dark", _COLOUR)
    _look(page, PHONE, "light", _ALL_BUT_COLOUR)


def structured(page):
    """axe finds nothing but colours left aside: for a page whose colours have been looked at in another language."""
    page.evaluate(_AXE)
    _look(page, DESK, "light", _ALL_BUT_COLOUR)


def _fold(page, selector, is_open):
    page.evaluate(
        "([selector, isOpen]) => document.querySelectorAll(selector).forEach((part) => { part.open = isOpen })",
        [selector, is_open])


def _look(page, size, scheme, only):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    found = page.evaluate(_RUN, only)
    assert found["rules"] > 0, "axe looked at nothing"
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
