"""How people type Kazakh and Russian when the keyboard or the habit is another: used by make_questions.py."""
import random

_PLAIN = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ")

_COMMON = dict(zip("абвгдезклмнопрстфёэ", "a b v g d e z k l m n o p r s t f io e".split()))
_COMMON |= {"ж": "j", "қ": "q", "ь": "", "ъ": "", "ю": "iu", "я": "ia", "х": "h", "һ": "h", "ц": "ts"}

_OF_2021 = _COMMON | {
    "ә": "ä", "ғ": "ğ", "и": "i", "й": "i", "ң": "ñ", "ө": "ö", "у": "u", "ұ": "ū", "ү": "ü", "ш": "ş", "щ": "ş",
    "ч": "ç", "ы": "y", "і": "ı",
}
_OF_2018 = _COMMON | {
    "ә": "á", "ғ": "ǵ", "и": "ı", "й": "ı", "ң": "ń", "ө": "ó", "у": "ý", "ұ": "u", "ү": "ú", "ш": "sh", "щ": "sh",
    "ч": "ch", "ы": "y", "і": "i",
}
_OF_2017 = _COMMON | {
    "ә": "a'", "ғ": "g'", "и": "i'", "й": "i'", "ң": "n'", "ө": "o'", "у": "y'", "ұ": "u", "ү": "u'", "ш": "s'",
    "щ": "s'", "ч": "c'", "ы": "y", "і": "i",
}


def plain(text: str) -> str:
    """As typed on a Russian keyboard."""
    return text.translate(_PLAIN)


def latin_2021(text: str) -> str:
    return _spell(text, _OF_2021)


def latin_older(text: str, number: int) -> str:
    """The decree of 2018 with acutes for even numbers, that of 2017 with apostrophes for odd ones."""
    return _spell(text, _OF_2017 if number % 2 else _OF_2018)


def chat_kazakh(text: str, number: int) -> str:
    """Free chat Latin: every writer has habits of their own, drawn by the question's number."""
    draw = random.Random(f"chat-{number}")
    habits = _COMMON | {
        "ә": "a", "ө": "o", "ұ": "u", "ү": "u", "і": "i", "и": "i", "ш": "sh", "щ": "sh", "ч": "ch",
        "қ": draw.choice(["q", "k"]), "ж": draw.choice(["j", "zh"]), "ғ": draw.choice(["g", "gh"]),
        "ң": draw.choice(["n", "n", "ng"]), "ы": draw.choice(["y", "i"]), "й": draw.choice(["i", "y"]),
        "у": draw.choice(["u", "u", "w"]), "х": draw.choice(["h", "kh"]), "ц": draw.choice(["ts", "c"]),
        "ю": draw.choice(["yu", "iu"]), "я": draw.choice(["ya", "ia"]), "ё": "e",
    }
    return _spell(text, habits).lower().rstrip("?")


def chat_russian(text: str, number: int) -> str:
    draw = random.Random(f"translit-{number}")
    habits = _COMMON | {
        "ё": draw.choice(["e", "yo"]), "ж": "zh", "и": "i", "й": draw.choice(["y", "i"]), "у": "u", "ы": "y", "ш": "sh",
        "ч": "ch", "щ": draw.choice(["sch", "shch"]), "х": draw.choice(["h", "kh"]), "ц": draw.choice(["ts", "c"]),
        "ю": draw.choice(["yu", "iu"]), "я": draw.choice(["ya", "ia"]), "ь": draw.choice(["", "", "'"]),
    }
    return _spell(text, habits).lower().rstrip("?")


def _spell(text: str, table: dict[str, str]) -> str:
    made = []
    for letter in text:
        lower = letter.lower()
        spelled = table.get(lower, lower)
        made.append(spelled.capitalize() if letter != lower else spelled)
    return "".join(made)
