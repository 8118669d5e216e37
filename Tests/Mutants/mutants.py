#!/usr/bin/env python3
"""Plants one fault at a time into the figures engine and into the ways out, and shows that the tests catch it.

    Tests/Mutants/mutants.py [--tree DIR] [--seeds N] [NAME …]

Without --tree a git worktree of HEAD is made under .build/mutants, so the working tree is never touched. Each mutant is
built and the history test is run until it fails; a mutant that survives makes the script fail. Takes a few minutes a mutant,
so it is no part of bin/test; run it after changes to the ledger.
"""
import argparse, os, pathlib, subprocess, sys

R = "Sources/Jarshy/Reports/"
S = "Sources/Jarshy/Structure/"
E = "Sources/Jarshy/Events/"
LEDGER = "LedgerPropertyTests|LedgerTests|StructureTests"
GATE = "EventReleaseTests|EventTests|ReleaseGateTests|PublicationTests"
MUTANTS = {
    "no-inbox": (R + "Intake/Group.swift", "if let kept = inbox[key] ?? fresh[key] {", "if let kept = fresh[key] {"),
    "correction-on-present-path": (
        R + "Actions/CorrectReport.swift", "        let cellNo = try books.cell(newCell)",
        "        let cellNo = try books.cell(newCell)\n        report.path = try books.path(books.tree.chain(of: report.unit)).id"),
    "move-not-subtracted": (
        S + "Restructure.swift", "for group in work.standing { try shift(group, sign: -1, books) }", ""),
    "band-not-reversed": (
        R + "Actions/CheckReport.swift", "out: before, in: Posting(report), by: actor.person,",
        "out: nil, in: Posting(report), by: actor.person,"),
    "whole-value-instead-of-difference": (
        R + "Actions/CorrectReport.swift", "out: before, in: Posting(corrected), by: actor.person,",
        "out: nil, in: Posting(corrected), by: actor.person,"),
    "ancestors-truncated": (
        R + "Ledger/Interned.swift", "return (0..<(chain.count - 1)).map", "return (0..<min(2, chain.count - 1)).map"),
    "no-base-revision-check": (
        R + "Actions/CorrectReport.swift", "let applies = base == report.rev", "let applies = true"),
    "repost-forgets-the-old-path": (
        S + "Restructure.swift", "out: Posting(report), in: nil, by: actor.person, op: op)",
        "out: nil, in: nil, by: actor.person, op: op)"),
}
# Each takes away one asking of the gate. That a letter asks, the types see to: without a pass the relay takes none; the asking
# before the last byte is held by Tests/Mail/test_faults.py.
GATE_MUTANTS = {
    "answer-past-the-gate": (
        "Sources/Jarshy/Questions/Actions/ApproveAnswer.swift", "        try AnswerRelease.pass(found, at: now, in: db)\n", ""),
    "announced-past-the-gate": (
        E + "Actions/StepEvent.swift", "        try EventRelease.pass(.announcement, old, in: campaign, at: now, db: db)\n", ""),
    "moved-past-the-gate": (
        E + "Actions/StepEvent.swift", "            try EventRelease.pass(.announcement, told, in: campaign, at: now, db: db)\n", ""),
    "changed-past-the-gate": (
        E + "Actions/DraftEvent.swift",
        "            try EventRelease.pass(.announcement, told, in: facts.campaign, at: now, db: db)\n", ""),
    "listed-past-the-gate": (
        E + "Pages/PublicEvents.swift",
        "events = try EventRelease.leaving(.feed, Array(found.prefix(limit)), in: campaign, at: now, db: db)",
        "events = Array(found.prefix(limit))"),
    "file-past-the-gate": (E + "Pages/PublicEvents.swift", "        if shape != .page, let refusal { throw refusal }\n", ""),
    "logged-past-the-gate": (
        "Sources/Jarshy/Publications/LogPublication.swift",
        "guard let itemClass = try ReleaseGate.pass(item, at: moment, in: books.db).item.itemClass else {",
        "guard let itemClass = item.itemClass else {"),
}
ALL = {name: (*fault, LEDGER) for name, fault in MUTANTS.items()} | {name: (*fault, GATE) for name, fault in GATE_MUTANTS.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--tree")
    parser.add_argument("--seeds", default="6")
    options = parser.parse_args()
    tree = pathlib.Path(options.tree) if options.tree else worktree()
    environment = dict(os.environ, JARSHY_SEEDS=options.seeds)
    caught, survived = 0, []
    for name in options.names or ALL:
        file, old, new, tests = ALL[name]
        path = tree / file
        text = path.read_text()
        if text.count(old) != 1:
            sys.exit(f"{name}: the line to change stands {text.count(old)} times in {file}; mend this script")
        try:
            path.write_text(text.replace(old, new))
            build = subprocess.run(["swift", "build", "--build-tests"], cwd=tree, capture_output=True, text=True)
            if build.returncode != 0:
                sys.exit(f"{name} does not build:\n{build.stdout[-2000:]}{build.stderr[-2000:]}")
            run = subprocess.run(
                ["swift", "test", "--skip-build", "--filter", tests], cwd=tree,
                env=environment, capture_output=True, text=True)
        finally:
            path.write_text(text)
        why = next((line for line in run.stdout.splitlines() if line.startswith("✘") and "recorded an issue" in line or "Caught error" in line), "").strip()
        print(f"{'caught  ' if run.returncode else 'SURVIVED'} {name}: {why[:220]}", flush=True)
        if run.returncode:
            caught += 1
        else:
            survived.append(name)
    print(f"{caught} passed, {len(survived)} failed")
    return 1 if survived else 0


def worktree() -> pathlib.Path:
    root = pathlib.Path(__file__).resolve().parents[2]
    tree = root / ".build" / "mutants"
    if not tree.exists():
        subprocess.run(["git", "worktree", "add", "--detach", str(tree), "HEAD"], cwd=root, check=True)
    else:
        subprocess.run(["git", "checkout", "-q", "--detach", "main"], cwd=tree, check=True)
    return tree


if __name__ == "__main__":
    sys.exit(main())
