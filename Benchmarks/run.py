#!/usr/bin/env python3
"""Benchmarks, each beside a reference taken in the same run.

    bin/bench                       all of them
    bin/bench figures board         some of them
    bin/bench --json                one JSON object a line: {"name","value","unit","against","ratio"}
    bin/bench figures --reports 10000000

Exit 1 when a result misses its limit (limits.json).
"""
import argparse
import sys

sys.dont_write_bytecode = True

import board
import figures
import intake
import kato
import rota
import phones
import search
import public
import uploads
from results import Results, note

BENCHMARKS = {
    "batches": intake.batches,
    "singles": intake.singles,
    "figures": figures.figures,
    "memory": board.memory,
    "board": board.board,
    "phones": phones.phones,
    "uploads": uploads.uploads,
    "kato": kato.kato,
    "rota": rota.rota,
    "search": search.search,
    "public": public.public,
}
# `memory` begins with everything `board` does.
USUAL = [name for name in BENCHMARKS if name != "board"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--reports", type=int, default=1_000_000, help="size of the ledger for figures and board")
    options = parser.parse_args()
    for name in options.names:
        if name not in BENCHMARKS:
            parser.error(f"there is no benchmark '{name}'; there are {', '.join(BENCHMARKS)}")
    results = Results(options.json)
    for name in options.names or USUAL:
        BENCHMARKS[name](results, options)
    if results.missed:
        note(f"missed: {', '.join(results.missed)}")
    return 1 if results.missed else 0


if __name__ == "__main__":
    sys.exit(main())
