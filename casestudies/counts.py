"""Counts of very few in a text, which may point at somebody. Pure, and quick on any text.

A small number is taken for people unless what follows it is plainly something else: a question too many is answered in a minute.
"""

import re
from collections.abc import Iterator

WORD = re.compile(r"[^\W\d_][\w'’-]*")
SMALL_NUMBER = re.compile(
    r"(?<![\w£#/.,:’'-])(?P<number>one|two|three|four|[0-4]|a single|both|a couple of)(?![\w:%’']|-(?!\d)|[.,/]\d+[/.%]|[.,]\d)",
    re.IGNORECASE,
)
# Between a small number and what it counts: "2 or 3", "3 of the 15", "2/13".
RANGE = re.compile(r"\s*(?:-|–|to|or|and)\s*(?:a half\b|\d+\b|one\b|two\b|three\b|four\b|five\b)(?![\w%-])", re.IGNORECASE)
OF_MORE = re.compile(
    r"\s*(?:/\s*\d[\d,]*|(?:out )?of (?:the |these |those |our |their |all )?(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine"
    r"|ten|eleven|twelve)?)(?![\w%/-])",
    re.IGNORECASE,
)
# No count: "twenty two", "one in four"; and with no people behind it: "type 2 diabetes", "Priority 1".
PART_OF_A_NUMBER = re.compile(
    r"\b(?:hundred and|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|one in|1 in|one to) ?$", re.IGNORECASE
)
LABEL = re.compile(
    r"\b(?:aim|age[ds]?|band|chapter|figure|grade|level|page|phase|priority|section|stage|step|table|tier|type|version) $",
    re.IGNORECASE,
)
PRONOUN = re.compile(r"\b(?:an?|the|th[ai][ts]|these|those|each|every|any|no|which|another)(?: [\w'’-]+)? $", re.IGNORECASE)


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def both_numbers(text: str) -> frozenset[str]:
    """Each word and its plural, as most words make it."""
    return words(text) | {plural(word) for word in text.split()}


def plural(word: str) -> str:
    if re.search("[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "ch")) else f"{word}s"


PEOPLE = both_numbers(
    """people person individual patient man men woman women child children boy girl adult baby infant toddler teenager
    resident tenant family household couple carer parent mother father sibling brother sister son daughter veteran client
    user staff nurse doctor worker colleague volunteer member pupil student trainee apprentice attender attendee
    participant visitor caller inpatient outpatient smoker drinker refugee survivor victim case death suicide birth
    stillbirth miscarriage pregnancy admission readmission discharge referral attendance diagnosis diagnoses cancer
    overdose injury fall fracture amputation"""
)
THINGS = both_numbers(
    """second minute hour day night morning afternoon evening week weekend fortnight month quarter year decade winter spring
    summer autumn time january february march april june july august september october november december pound pence
    percent percentage half halves third fourths fifth tenth mile metre kilometre litre unit degree am pm site practice
    place area neighbourhood district borough ward county town city village street road building home house flat hospital
    clinic hub centre school college university pharmacy surgery garden kitchen venue room bed church organisation partner
    partnership trust council charity agency service provider network board group team department system collaborative
    priority principle aim ambition commitment deliverable milestone theme objective outcome goal action measure target
    indicator project programme pilot scheme initiative plan policy strategy phase stage step part round wave cycle
    session event workshop course class roadshow meeting visit letter survey report question answer lesson point reason
    way thing kind type sort method tool model pathway document page figure number value rank device score index sensor
    vehicle van bus boiler meal language another"""
)
# Behind which nothing is counted any more.
ENDS = words(
    """a an the this that every each his her their our your its who whom whose which where when than then because but for in
    at on to with from by as into after before during is are was were be been being am has have had do does did can could
    may might will would should came come comes went go goes gone got took left felt fell said made moved lived died
    became began found saw told not also only now later never once twice again"""
)
ALSO_VERBS = words(
    "answer board cycle measure model network partner place plan point question report score step survey target visit"
)
SURE_ONLY = ("one", "a single", "both", "a couple of")  # may stand for anything, so people have to be named
LARGE = ("hundred", "thousand", "million", "billion", "dozen")
MANY = ("s", "people", "men", "children")
LOOKED_AT = 90  # characters behind a number


def small_counts_in(text: str) -> Iterator[str]:
    """Fewer than five people, counted in words or figures: the number, and what follows it."""
    end = 0
    for found in SMALL_NUMBER.finditer(text):
        before = text[max(0, found.start() - 40) : found.start()]
        after = re.split(r"[.;:!?()\n]", text[found.end() : found.end() + LOOKED_AT])[0]
        if found.start() < end or PART_OF_A_NUMBER.search(before):
            continue
        if is_in_a_list(found[0], before, text[found.end() : found.end() + 2]):
            continue
        length = counted(found["number"].lower(), before, after)
        if length is not None:
            end = found.end() + length
            yield text[found.start() : end].strip()


def counts_people(unit: str) -> bool:
    """Whether what is counted in it is people, or may be, since nothing says what else."""
    return "%" not in unit and what_follows(unit, many=False)[0] is not False


def is_in_a_list(number: str, before: str, behind: str) -> bool:
    """As in “1. Ask”, at the beginning of a line."""
    return number.isdigit() and behind in (". ", ") ") and before.rstrip(" ")[-1:] in ("", "\n")


def counted(number: str, before: str, after: str) -> int | None:
    """How many characters of `after` go with a number that counts people; None where it counts something else."""
    if number in ("one", "1") and re.match(r"\s+in\s", after):
        return None  # a share, not a count
    more = RANGE.match(after)
    of_more = OF_MORE.match(after, more.end() if more else 0)
    begins = of_more.end() if of_more else more.end() if more else 0
    is_people, length = what_follows(after[begins:], many=number not in ("one", "1", "a single"))
    if is_people is None:
        is_people = not LABEL.search(before) and (number not in SURE_ONLY or bool(of_more) or stands_alone(number, before, after))
    return begins + length if is_people else None


def stands_alone(number: str, before: str, after: str) -> bool:
    """As in “only one came”, and not as in “a special one”, “one for veterans” or “one another”."""
    return number == "one" and not PRONOUN.search(before) and not re.match(r"\s+(?:for|by|to|or|and)\b", after)


def what_follows(text: str, *, many: bool) -> tuple[bool | None, int]:
    """Whether the first thing that is counted is people, None where nothing says so, and where it ends."""
    found, end = list(WORD.finditer(text))[:6], 0
    said = [one[0].lower().rstrip("'’") for one in found] + [""]
    for place, (one, word) in enumerate(zip(found[:5], said, strict=False)):
        if text[end : one.start()].strip(" -–"):
            break
        follows = said[place + 1]
        if word in LARGE or one[0] == "May" or (word, follows) == ("per", "cent"):
            return False, one.end()
        if many and word in ALSO_VERBS and follows not in THINGS | PEOPLE:
            return None, one.end()  # "three report feeling better"
        if word in THINGS and (word.endswith("s") or follows not in PEOPLE):
            return False, one.end()  # and not "two service users"
        if word in PEOPLE and (word.endswith(MANY) or follows not in THINGS):
            return True, one.end()  # and not "two patient groups"
        if word in ENDS or (word.endswith("ed") and "-" not in word):
            return None, end or one.end()
        end = one.end()
    return None, end
