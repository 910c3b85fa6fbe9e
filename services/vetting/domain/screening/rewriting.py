"""Other readings of a name: parts written as one word, and words that are two parts."""

from collections.abc import Iterator, Sequence

from services.vetting.domain.screening.vocabulary import Vocabulary

SHORTEST_PIECE = 3
SHORTEST_SPLIT = 7


def readings(parts: Sequence[str], vocabulary: Vocabulary) -> Iterator[tuple[str, ...]]:
    """Yield the name as given, then with long unknown words split and with neighbours joined."""
    given = tuple(parts)
    yield given
    split = tuple(piece for part in given for piece in _split(part, vocabulary))
    if split != given:
        yield split
    for at in range(len(given) - 1):
        joined = given[at] + given[at + 1]
        if joined in vocabulary.ids:
            yield (*given[:at], joined, *given[at + 2 :])


def _split(part: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the two known parts that make up an unknown word, the rarest pair of them."""
    if len(part) < SHORTEST_SPLIT or part in vocabulary.ids:
        return (part,)
    pairs = [
        pair
        for at in range(SHORTEST_PIECE, len(part) - SHORTEST_PIECE + 1)
        for pair in _pairs(part[:at], part[at:])
        if pair[0] in vocabulary.ids and pair[1] in vocabulary.ids
    ]
    return max(pairs, key=lambda pair: sum(_worth(p, vocabulary) for p in pair), default=(part,))


def _pairs(first: str, second: str) -> Iterator[tuple[str, str]]:
    """Yield the two pieces, and again without a particle that stood between them."""
    yield first, second
    for particle in ("de", "del", "la", "y", "al", "el"):
        if second.startswith(particle):
            yield first, second.removeprefix(particle)


def _worth(part: str, vocabulary: Vocabulary) -> float:
    return float(vocabulary.worth[vocabulary.ids[part]])
