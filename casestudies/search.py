"""Finding a story by its words, the same on every database: both sides are folded here, and the engine compares letters. Pure."""

import unicodedata

MOST_WORDS, LONGEST = 8, 100


def fold(text: str) -> str:
    """Without accents and capitals, and with one blank between words: Élan Ward is elan ward."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(letter for letter in apart if not unicodedata.combining(letter)).split())


def words_of(asked: str) -> list[str]:
    """What is searched for: each word has to be found, in any order."""
    return fold(asked.replace("\0", "")[:LONGEST]).split()[:MOST_WORDS]
