"""Passages that answer none of the questions of pairs.tsv and mixed.tsv, for the recall test.

    python3 Tests/Search/make_distractors.py            writes distractors.tsv
    python3 Tests/Search/make_distractors.py --check    fails when distractors.tsv is not what would be written

Hand-written near misses (near-kk.txt, near-ru.txt: the same topics, other facts) and sentences filled from the tables of
templates.py, drawn with a fixed seed. Columns as `jarshy import answers` wants them.
"""
import pathlib
import random
import re
import sys

import templates

HERE = pathlib.Path(__file__).parent
FILLED_OF_EACH = 900


def filled(language: str, wanted: int) -> list[str]:
    """Different sentences, each template as often as the next."""
    draw = random.Random(f"distractors-{language}")
    patterns, tables = templates.PATTERNS[language], templates.TABLES[language]
    made: dict[str, None] = {}
    turn = 0
    while len(made) < wanted:
        pattern = patterns[turn % len(patterns)]
        turn += 1
        if turn > wanted * 50:
            raise SystemExit(f"{language}: the tables are too small for {wanted} sentences")
        sentence = re.sub(r"\{(\w+)\}", lambda slot: draw.choice(tables[slot[1]]), pattern)
        made[sentence[0].upper() + sentence[1:]] = None
    return list(made)


def rows() -> list[str]:
    lines = ["id\tlang\tquestion\tanswer\tsource"]
    for language in ("kk", "ru"):
        near = [line for line in (HERE / f"near-{language}.txt").read_text("utf-8").splitlines() if line]
        for kind, texts in (("near", near), ("fill", filled(language, FILLED_OF_EACH))):
            for number, text in enumerate(texts, 1):
                lines.append(f"x-{language}-{kind}-{number}\t{language}\t\t{text}\tTests/Search")
    return lines


def main() -> None:
    path, text = HERE / "distractors.tsv", "\n".join(rows()) + "\n"
    if "--check" in sys.argv:
        if path.read_text("utf-8") != text:
            raise SystemExit("Tests/Search/distractors.tsv is not what make_distractors.py writes; run it")
        return
    path.write_text(text, "utf-8")
    print(f"{path.name}: {text.count(chr(10)) - 1} passages")


if __name__ == "__main__":
    main()
