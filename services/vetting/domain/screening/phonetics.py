"""How names sound: a key for Spanish spelling and one for spellings carried over from elsewhere."""

import re

_SPANISH = (
    ("ch", "C"), ("ll", "y"), ("qu", "k"), ("ph", "f"), ("sh", "C"),
    ("gue", "ge"), ("gui", "gi"),
)  # fmt: skip
_SOFT = re.compile("[eiy]")

_SOUNDS = (
    ("sch", "X"), ("tch", "X"), ("sh", "X"), ("ch", "X"), ("zh", "J"), ("dj", "J"), ("dzh", "J"),
    ("kh", "h"), ("gh", "g"), ("ph", "f"), ("dh", "d"), ("th", "t"), ("tz", "s"), ("ts", "s"),
    ("cz", "X"), ("ck", "k"), ("qu", "k"), ("x", "ks"),
)  # fmt: skip
_CLASSES = str.maketrans({"q": "k", "z": "s", "j": "J", "v": "f", "w": "f", "h": None})
_VOWELS = re.compile("[aeiouyw]+")


def spanish_key(part: str) -> str:
    """Return how a Spanish speaker says it: ``b`` as ``v``, ``s`` as ``z``, no ``h``."""
    text = part
    for written, said in _SPANISH:
        text = text.replace(written, said)
    if text.startswith("x"):
        text = "j" + text[1:]
    key = ""
    for position, letter in enumerate(text):
        said = _spanish_sound(letter, text[position + 1 : position + 2])
        if said and not key.endswith(said):
            key += said
    return key


_SAID = {"h": "", "v": "b", "w": "b", "z": "s", "x": "s", "c": "k", "q": "k"}


def _spanish_sound(letter: str, following: str) -> str:
    if letter in "cg" and _SOFT.match(following):
        return "s" if letter == "c" else "j"
    if letter == "y":
        return "y" if following and following in "aeou" else "i"
    return _SAID.get(letter, letter)


def skeleton(part: str) -> str:
    """Return the consonants by class, which survive most ways of spelling a foreign name."""
    text = part.replace("ce", "se").replace("ci", "si")
    for written, said in _SOUNDS:
        text = text.replace(written, said)
    start = "A" if _VOWELS.match(text) else ""
    consonants = _VOWELS.sub("", text).translate(_CLASSES).replace("c", "k")
    merged = "".join(c for i, c in enumerate(consonants) if i == 0 or c != consonants[i - 1])
    return start + merged
