"""Faults planted one at a time in a copy of the demo data: a checker that misses one is not a checker."""
import pathlib
import shutil
import tempfile

from tables import TABLES

# A fault to plant: file, what stands there, what is put instead; every one must be found.
PLANTED = (
    ("units", "\tТалғар\t", "\tТалғaр\t"), ("units", "196200000\t190000000", "196200000\t350000000"),
    ("units", "Talgar District", "Talğar District"), ("units", "Саран қаласы", "Саран Қ.Ә."),
    ("units", "Талгарский район", "Талгарский"), ("units", "352200000\t", "352400000\t"),
    ("units", "\tБҚО\t", "\t\t"), ("units", "\t19766807", "\t19766808"), ("units", "город Сарань", "город  Сарань"),
    ("villages", "352210000\t352200000", "352210000\t352400000"), ("villages", "Тұздыбастау", "Бесағаш"),
    ("activities", "events attendees questions leaflets", "events attendees leaflet"),
    ("metrics", "\t1\tpeople\t0\t0\t30000", "\t1\tpeople\t1\t0\t30000"), ("topics", "\tlaw\n", "\tlow\n"),
    ("people", "\t352200000\tГүлнар", "\t352200001\tГүлнар"), ("people", "\tclerk\tclerk\t", "\t\tclerk\t"),
    ("posts", "head-abay\tkengzhazyq", "head-abay\tkenzhazyq"), ("kinds", "{name} ауданы", "{name}дың ауданы"),
    ("primaries", "{place}\t{place}\t{place}", "{place}да\t{place}\t{place}"), ("figures", "\t28\t60", "\t61\t60"),
    ("kinds", "rural_district\t4\t0\t0\t1\t0", "rural_district\t4\t0\t0\t1\t1"),
    ("villages", "\tСаран\tСарань\t", "\t\tСарань\t"),
    ("meeting_places", "кітапхана\t", "мектеп\t"), ("campaign", "visits_until\t20:00", "visits_until\t25:00"),
    ("questions", "10\tservices", "9\tservices"), ("rules", "\n7\t", "\n\t"),
)


def self_test(folder, checker):
    """Number of planted faults that `checker` (a class taking a folder) did not find in a spoilt copy of `folder`."""
    missed = 0
    for name, old, new in PLANTED:
        with tempfile.TemporaryDirectory() as copy:
            for table in TABLES:
                shutil.copy(folder / f"{table}.tsv", copy)
            path = pathlib.Path(copy) / f"{name}.tsv"
            text = path.read_bytes().decode()
            if old not in text:
                print(f"self-test: {name} has no «{old}» to spoil")
                missed += 1
                continue
            path.write_bytes(text.replace(old, new, 1).encode())
            if not checker(copy).run():
                print(f"self-test: {name} «{old}» → «{new}» was not found")
                missed += 1
    print(f"self-test: {len(PLANTED) - missed} of {len(PLANTED)} planted faults found")
    return missed
