"""One result of a benchmark, and how all of them are printed."""
import json
import pathlib
import sys

LIMITS = json.loads((pathlib.Path(__file__).parent / "limits.json").read_text())


def note(text):
    """What a reader at the terminal may want to know; never on standard output."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Results:
    """Collects results and prints each as it comes: a JSON object a line, or a line of a table."""

    def __init__(self, as_json):
        self.as_json = as_json
        self.missed = []
        self.printed = 0

    def add(self, name, value, unit, against, ratio, size=0):
        """`against` is the reference taken in the same run, in the same unit; `ratio` says how the two compare. A limit with
        `from_reports` holds only for a ledger of at least that `size`."""
        value, against, ratio = (float(f"{number:.4g}") for number in (value, against, ratio))
        limit = LIMITS.get(name, {})
        if size < limit.get("from_reports", 0):
            limit = {}
        kept = ratio >= limit.get("least", ratio) and ratio <= limit.get("most", ratio)
        if not kept:
            self.missed.append(name)
        if self.as_json:
            print(json.dumps({"name": name, "value": value, "unit": unit, "against": against, "ratio": ratio}), flush=True)
            return
        if not self.printed:
            print(f"{'name':34}{'value':>12}  {'unit':<11}{'against':>12}{'ratio':>10}  limit")
        self.printed += 1
        told = "".join(f"{word} {number}" for word, number in limit.items() if word in ("least", "most"))
        print(f"{name:34}{value:>12g}  {unit:<11}{against:>12g}{ratio:>10g}  {told}{'' if kept else '  MISSED'}", flush=True)
