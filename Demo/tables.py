"""Reading the demo's tables strictly: UTF-8, LF, `#` comments on top, one header, no quoting, no stray space."""
import pathlib

TABLES = (
    "units villages topics subgroups audiences channels activities metrics organisations imprints rules library proposals questions campaign "
    "people names posts lecturer_posts roles kinds primaries neighbourhoods meeting_places figures"
).split()
# Columns that may be empty; every other cell must hold something.
MAY_BE_EMPTY = {
    "units": {"parent", "short_kk", "short_ru", "short_en", "tile_row", "tile_col"},
    "people": {"login", "role_organization"},
    "posts": {"organization"},
    "questions": {"rules"},
    "kinds": {"parents"},
    "library": {"section", "url", "statement", "reason"},
    "proposals": {"title", "task", "reason_kk", "reason_ru"},
    "metrics": {
        "max_metric", "ask_over", "ask_over_per", "ask_over_metric", "ask_equal_metric", "ask_equal_over",
        "ask_settlement_share", "ask_median_times", "ask_median_floor", "ask_other",
    },
}


class Tables:
    """The tables of one folder and the faults found in them."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.faults = []
        self.done = []
        self.tables = {name: self.read(name) for name in TABLES}

    def fault(self, text):
        self.faults.append(text)

    def expect(self, condition, text):
        if not condition:
            self.fault(text)

    def read(self, name):
        """Rows of a table as dictionaries by column; "#" holds file and line, for messages."""
        path = self.folder / f"{name}.tsv"
        if not path.exists():
            self.fault(f"{name}: file is missing")
            return []
        raw = path.read_bytes()
        self.expect(b"\r" not in raw, f"{name}: has a carriage return")
        self.expect(raw.endswith(b"\n"), f"{name}: does not end with a line feed")
        lines = raw.decode("utf-8").split("\n")[:-1]
        start = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
        if start == len(lines):
            self.fault(f"{name}: has no header")
            return []
        header = lines[start].split("\t")
        self.expect(len(set(header)) == len(header), f"{name}: a column stands twice")
        rows = []
        for number, line in enumerate(lines[start + 1:], start + 2):
            cells = line.split("\t")
            if len(cells) != len(header):
                self.fault(f"{name}:{number}: {len(cells)} cells, header has {len(header)}")
                continue
            row = dict(zip(header, cells))
            row["#"] = f"{name}:{number}"
            rows.append(row)
            for column, cell in zip(header, cells):
                self.expect(cell == " ".join(cell.split()), f"{name}:{number}: stray space in {column}")
                self.expect(cell or column in MAY_BE_EMPTY.get(name, ()), f"{name}:{number}: {column} is empty")
        return rows
