"""Everything by the keyboard alone: the way past the menu, the order of a form, and where one is."""

import flow

# What has the focus, and whether it shows: an outline on itself, or on the label that is drawn in its place.
_FOCUS = """() => {
    const here = document.activeElement;
    const drawn = (part) => {
        const style = part && getComputedStyle(part);
        return Boolean(style) && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    };
    const box = here.getBoundingClientRect();
    return {
        name: here.name || here.id || here.textContent.trim().slice(0, 40),
        submits: here.type === "submit" && here.form?.classList.contains("quick") === true,
        shows: drawn(here) || drawn(here.nextElementSibling),
        onScreen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
        inMain: document.getElementById("main").contains(here),
    };
}"""


def _press(page, key="Tab"):
    page.keyboard.press(key)
    return page.evaluate(_FOCUS)


def test_the_first_key_offers_the_way_past_the_menu(shared, visit):
    page = visit(shared, "secretary").open(f"/board/{flow.DISTRICT}")
    hidden = page.locator("a.skip").bounding_box()
    assert hidden["y"] + hidden["height"] <= 0, "the skip link is in the way before it is needed"
    assert _press(page)["shows"]
    shown = page.locator("a.skip").bounding_box()
    assert shown["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert _press(page)["inMain"]


def test_a_report_can_be_filed_by_keyboard_in_the_order_it_is_read(server, visit):
    page = visit(server, "secretary").open(f"/report?unit={flow.UNIT}")
    page.focus("a.skip")
    page.keyboard.press("Enter")
    seen = []
    for _ in range(40):
        step = _press(page)
        if not step["inMain"]:
            continue
        assert step["shows"], f"the focus cannot be seen on {step['name']}"
        assert step["onScreen"], f"the focus is off the screen on {step['name']}"
        if step["submits"]:
            break
        if seen[-1:] != [step["name"]]:
            seen.append(step["name"])
        if step["name"] == "metrics.attendees":
            page.keyboard.type("41")
        if step["name"] == "metrics.questions":
            page.keyboard.type("2")
    else:
        raise AssertionError(f"the button was never reached: {seen}")
    fields = [name for name in seen if name in (
        "activity", "place", "day", "metrics.events", "metrics.attendees", "metrics.questions", "counted")]
    assert fields == ["activity", "place", "day", "metrics.events", "metrics.attendees", "metrics.questions", "counted"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/0*")
    assert flow.figures(page)["Қатысу саны"] == 41
