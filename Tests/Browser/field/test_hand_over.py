"""A queue by other ways: as a file or QR codes, in a courier's hands, and at last from the phone itself."""

import json
import subprocess

from playwright.sync_api import expect


def offline_with(phone, server, count):
    one = phone(server.address, "author")
    one.open()
    one.installed()
    one.sign_in("activist")
    one.whole()
    one.context.set_offline(True)
    for number in range(count):
        one.file(30 + number)
    page = one.go("queue")
    page.click("summary")
    return one


def test_a_courier_hands_over_a_file_on_the_site_and_it_counts_once(server, phone, visit, tmp_path):
    before = server.value("SELECT count(*) FROM report")
    one = offline_with(phone, server, 3)
    with one.page.expect_download() as saved:
        one.page.click("text=Файлмен тапсыру")
    queue = tmp_path / "queue.jsonl"
    saved.value.save_as(queue)
    assert json.loads(queue.read_text().split("\n")[0]) == {"format": "jarshy-queue", "version": 1}
    # Without scripts.
    courier = visit(server, "observer", scripts=False)
    page = courier.open("/field-import")
    for fresh, known in ((3, None), (0, 3)):
        page.set_input_files("[name=file]", queue)
        page.click("main form button")
        shown = page.locator("dl.facts dd").all_inner_texts()
        assert shown == [str(fresh), *([str(known)] if known else [])]
    assert server.value("SELECT count(*) FROM report") == before + 3
    assert server.value("SELECT count(DISTINCT author) FROM report WHERE id IN (SELECT id FROM report ORDER BY id DESC LIMIT 3)") == 1
    # The phone itself comes back to a network: nothing counts twice, and it learns its fate.
    one.context.set_offline(False)
    one.page.click("#main > .button.main")
    expect(one.page.locator(".card.accepted")).to_have_count(3)
    assert server.value("SELECT count(*) FROM report") == before + 3
    one.close()


def test_the_texts_of_qr_codes_may_be_pasted(server, phone, visit, tmp_path):
    before = server.value("SELECT count(*) FROM report")
    one = offline_with(phone, server, 2)
    page = one.page
    page.click("text=QR-кодпен тапсыру")
    texts = []
    while True:
        page.wait_for_selector("svg.qr")
        picture = tmp_path / f"qr{len(texts)}.png"
        page.locator("svg.qr").screenshot(path=picture)
        read = subprocess.run(["zbarimg", "--raw", "-q", "-Sdisable", "-Sqrcode.enable", picture], capture_output=True, text=True, check=True)
        text = read.stdout.strip()
        if text in texts:
            break
        texts.append(text)
        if page.locator("text=Келесі").count() == 0:
            break
        path = page.locator("svg.qr path").get_attribute("d")
        page.click("text=Келесі")
        page.wait_for_selector(f'svg.qr path:not([d="{path}"])')
    assert len(texts) >= 2
    courier = visit(server, "observer")
    place = courier.open("/field-import")
    place.fill("[name=queue]", "\n".join(texts[1:]))
    place.click("main form button")
    expect(place.locator(".field-error")).to_contain_text("1")
    place.fill("[name=queue]", "\n".join(reversed(texts)))
    place.click("main form button")
    expect(place.locator("dl.facts dd").first).to_have_text("2")
    assert server.value("SELECT count(*) FROM report") == before + 2
    one.close()


def test_a_head_sees_which_numbers_of_a_phone_are_missing(server, phone, visit):
    one = phone(server.address, "author")
    one.open()
    one.installed()
    one.sign_in("activist")
    one.whole()
    # A phone whose second and third operation travel in other hands.
    one.context.set_offline(True)
    for number in range(4):
        one.file(40 + number)
    one.page.evaluate("""async () => {
        const open = indexedDB.open("jarshy-field");
        await new Promise((done) => { open.onsuccess = done; });
        const table = open.result.transaction("ops", "readwrite").objectStore("ops");
        const all = table.getAll();
        await new Promise((done) => { all.onsuccess = done; });
        for (const row of all.result) if (row.n === 2 || row.n === 3) table.delete(row.key);
        await new Promise((done) => { table.transaction.oncomplete = done; });
    }""")
    one.context.set_offline(False)
    page = one.go("queue")
    page.click("#main > .button.main")
    expect(page.locator(".card.accepted")).to_have_count(2)
    one.close()
    head = visit(server, "coordinator")
    assert "2–3" in head.open("/devices").locator("main").inner_text()
