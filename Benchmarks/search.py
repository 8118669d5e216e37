"""(h): finding one answer among 100,000 passages, on both engines, as the server itself measured it; beside SQLite's own trigram
index (FTS5) over the same texts and questions, asked in the same run."""
import pathlib
import random
import sqlite3
import statistics
import tempfile
import time
import urllib.parse

import board
import load
import machines
from results import note

PASSAGES, PART, LIMIT_MS, SECONDS = 100_000, 5_000, 30, 10
TEXTS = machines.ROOT / "Tests" / "Search"


def column(name, field):
    head, *lines = (TEXTS / name).read_text("utf-8").splitlines()
    place = head.split("\t").index(field)
    return [line.split("\t")[place] for line in lines]


def passages(count):
    """Texts of the recall test and, until there are enough, halves of two of them put together: (language, text)."""
    draw = random.Random("search")
    made = [
        row for name in ("answers.tsv", "distractors.tsv")
        for row in zip(column(name, "lang"), column(name, "answer"), strict=True)]
    sources = {language: [text for told, text in made if told == language] for language in ("kk", "ru")}
    while len(made) < count:
        language = draw.choice(("kk", "ru"))
        first, second = (draw.choice(sources[language]).split() for _ in range(2))
        made.append((language, " ".join(first[:len(first) // 2 + 1] + second[len(second) // 2:])))
    return made[:count]


def write(made, folder):
    """Files as `jarshy import answers` takes them."""
    files = []
    for start in range(0, len(made), PART):
        path = pathlib.Path(folder, f"answers-{start}.tsv")
        lines = [f"b-{n}\t{language}\t\t{text}\tBenchmarks" for n, (language, text) in enumerate(made[start:start + PART], start)]
        path.write_text("\n".join(["id\tlang\tquestion\tanswer\tsource", *lines]) + "\n", "utf-8")
        files.append(path)
    return files


def trigrams(made, questions):
    """Milliseconds FTS5 takes for each question: any of its threes of letters, best first."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE passage USING fts5 (body, tokenize = 'trigram')")
    db.executemany("INSERT INTO passage (body) VALUES (?)", ((text.lower(),) for _, text in made))
    taken = []
    for question in questions:
        threes = {word[n:n + 3] for word in question.lower().split() for n in range(len(word) - 2)}
        asked = " OR ".join('"' + three.replace('"', '""') + '"' for three in sorted(threes))
        began = time.monotonic()
        db.execute("SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT 5", (asked,)).fetchall()
        taken.append((time.monotonic() - began) * 1000)
    db.close()
    return taken


def asked(url, engine, folder, files, paths):
    """95th percentile in milliseconds of /api/v1/search over a database filled with these."""
    machines.jarshy("migrate", "--database", url)
    for path in files:
        machines.jarshy("import", "answers", path, "--database", url)
    began = time.monotonic()
    machines.jarshy("reindex", "--database", url)
    spent = time.monotonic() - began
    note(f"search: {len(files) * PART} passages indexed anew on {engine} in {spent:.0f} s")
    log = f"{folder}/server-{engine}.log"
    with machines.Server(url, log) as server:
        load.get(server, paths, "", 1, 2)
        since = server.log.stat().st_size
        told = load.get(server, paths, "", 1, SECONDS)
        if told["wrong"] or told["errors"]:
            raise RuntimeError(f"questions were not answered as they should be: {told}")
        taken = board.logged(server, "/api/v1/search", since)
    note(f"search on {engine}: {told['requests']} questions, median {statistics.median(taken):.0f} ms")
    return board.percentile(taken, 0.95)


def search(results, options):
    made, questions = passages(PASSAGES), column("questions.tsv", "question")
    # Trigrams as they are know no other alphabet than the text's.
    plain = [text for group, text in zip(column("questions.tsv", "group"), questions, strict=True) if group in ("kk", "ru")]
    with tempfile.TemporaryDirectory(prefix="jarshy-bench-") as folder, machines.Cluster() as cluster:
        files, paths = write(made, folder), pathlib.Path(folder, "paths")
        paths.write_text(
            "\n".join("/api/v1/search?in=answers&q=" + urllib.parse.quote(question) for question in questions) + "\n")
        reference = board.percentile(trigrams(made, plain[::3]), 0.95)
        note(f"search: FTS5's trigrams, 95th percentile {reference:.0f} ms")
        for engine, url in (("sqlite", f"sqlite:{folder}/search.sqlite"), ("postgres", cluster.create("search"))):
            p95 = asked(url, engine, folder, files, paths)
            results.add(f"search_p95_{engine}", p95, "ms", LIMIT_MS, p95 / LIMIT_MS)
            results.add(f"search_trigrams_{engine}", p95, "ms", reference, p95 / reference)
