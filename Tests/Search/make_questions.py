"""All questions of the recall test, each in every spelling, from pairs.tsv and mixed.tsv.

    python3 Tests/Search/make_questions.py            writes answers.tsv and questions.tsv
    python3 Tests/Search/make_questions.py --check    fails when they are not what would be written

answers.tsv is what `jarshy import answers` takes; questions.tsv what `jarshy search-test` asks: group, half, targets, question.
"""
import pathlib
import sys

import spellings

HERE = pathlib.Path(__file__).parent


def table(name: str) -> list[dict[str, str]]:
    head, *lines = (HERE / name).read_text("utf-8").splitlines()
    return [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]


def answers() -> list[str]:
    lines = ["id\tlang\tquestion\tanswer\tsource"]
    return lines + [f"{p['id']}\t{p['lang']}\t\t{p['answer']}\tTests/Search" for p in table("pairs.tsv")]


def questions() -> list[str]:
    made: dict[str, list[str]] = {}

    def add(group: str, half: str, targets: str, text: str) -> None:
        made.setdefault(group, []).append("\t".join((group, half, targets, text)))

    for pair in table("pairs.tsv"):
        half, target, text = pair["half"], pair["id"], pair["question"]
        number = int(target.split("-")[1])
        add(pair["lang"], half, target, text)
        if pair["lang"] == "kk":
            add("kk-plain", half, target, spellings.plain(text))
            add("kk-latin-2021", half, target, spellings.latin_2021(text))
            add("kk-latin-older", half, target, spellings.latin_older(text, number))
            add("kk-latin-chat", half, target, spellings.chat_kazakh(text, number))
        else:
            add("ru-latin", half, target, spellings.chat_russian(text, number))
    for mixed in table("mixed.tsv"):
        add("mixed", mixed["half"], mixed["targets"], mixed["question"])
    order = ["kk", "kk-plain", "kk-latin-2021", "kk-latin-older", "kk-latin-chat", "ru", "ru-latin", "mixed"]
    return ["group\thalf\ttargets\tquestion"] + [line for group in order for line in made[group]]


def main() -> None:
    for name, lines in (("answers.tsv", answers()), ("questions.tsv", questions())):
        path, text = HERE / name, "\n".join(lines) + "\n"
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
            print(f"{name}: {len(lines) - 1} rows")
        elif path.read_text("utf-8") != text:
            raise SystemExit(f"Tests/Search/{name} is not what make_questions.py writes; run it")


if __name__ == "__main__":
    main()
