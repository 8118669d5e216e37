"""A tally sheet of 4 MB, taken without network, through a connection that is cut again and again."""

import hashlib

import stage
from PIL import Image
from playwright.sync_api import expect


def test_a_tally_sheet_of_4_mb_arrives_at_its_promised_hash_after_5_cut_connections(server, portal, phone, tmp_path):
    sheet = tmp_path / "sheet.jpg"
    Image.effect_noise((2600, 2000), 90).convert("RGB").save(sheet, quality=92)
    assert sheet.stat().st_size >= 4_000_000
    one = phone(portal.address)
    one.open()
    one.installed()
    one.sign_in()
    one.whole()
    one.context.set_offline(True)
    page = one.go("quick")
    page.check("input[value=meeting]", force=True)
    for field in page.locator("[data-metric]").all():
        field.fill("1")
    page.set_input_files("[name=tally]", sheet)
    page.wait_for_selector(".photos li")
    page.click("form > button.main")
    page.wait_for_selector("form .note.good")
    promised, length = page.evaluate("""async () => {
        const open = indexedDB.open("jarshy-field");
        await new Promise((done) => { open.onsuccess = done; });
        const all = open.result.transaction("evidence").objectStore("evidence").getAll();
        await new Promise((done) => { all.onsuccess = done; });
        return [all.result[0].sha256, all.result[0].bytes];
    }""")
    assert length >= 4_000_000
    portal.mode, portal.cuts = "cut", 5
    one.context.set_offline(False)
    # After a cut the phone tries again by itself, each time later; this person does not wait for that.
    page = one.go("queue")
    for number in range(5):
        assert portal.torn.acquire(timeout=60), f"only {number} connections were cut"
        expect(page.locator(".running")).to_have_count(0)
        page.click("#main > .button.main")
    expect(page.locator("#main")).to_contain_text("Бәрі жіберілді", timeout=60_000)
    assert portal.cuts == 0
    received = "SELECT count(*) FROM evidence WHERE verified_at IS NOT NULL AND role = 'tally' AND sha256 = ?"
    assert server.value(received, bytes.fromhex(promised)) == 1
    files = [file for file in tmp_path.rglob("*") if file.is_file() and file.stat().st_size == length]
    assert any(hashlib.sha256(file.read_bytes()).hexdigest() == promised for file in files), "byte for byte in the server's store"
    page = one.go("reports")
    expect(page.locator("#main")).to_contain_text("Фото жетті: 1 / 1")
    one.close()
