"""The texts that `text-sentiment` learns from: those of sentiment.tsv, and sentences built of words with a known sign.

`sentiment.tsv` holds writer, label and text, written for this model. The words below widen its vocabulary: they are put
into plain sentences, with and without negation, "but" and "too".
"""

from __future__ import annotations

import random
import re
from pathlib import Path

LABELS = ("negative", "neutral", "positive")
TEXTS = Path(__file__).with_name("sentiment.tsv")
EVERY = 5  # of the writers, every fifth (from the fifth on) is held out
Labelled = tuple[str, str]  # (label, text)


def listed(lines: str) -> list[str]:
    """The items between the bars of some lines."""
    return [item.strip() for item in lines.replace("\n", "").split("|")]


GOOD = """
    good great nice lovely excellent wonderful fantastic amazing awesome brilliant superb perfect beautiful
    delightful pleasant charming impressive outstanding marvellous magnificent splendid terrific fabulous gorgeous
    stunning incredible remarkable exceptional flawless impeccable faultless helpful friendly kind polite
    courteous attentive generous thoughtful caring patient warm welcoming cheerful professional competent
    efficient reliable dependable trustworthy honest fair prompt quick speedy punctual clean spotless tidy fresh
    delicious tasty yummy scrumptious mouthwatering juicy crispy tender comfortable comfy cosy cozy quiet peaceful
    relaxing calm soothing spacious roomy bright elegant stylish cute sweet adorable sturdy solid robust durable
    handy useful practical convenient easy effortless simple intuitive smooth seamless fast responsive stable
    accurate precise clear affordable reasonable worthwhile valuable fun funny hilarious witty clever entertaining
    enjoyable engaging gripping captivating fascinating thrilling exciting inspiring moving touching heartwarming
    uplifting memorable unforgettable refreshing satisfying rewarding encouraging promising healthy safe secure
    happy glad pleased delighted thrilled grateful thankful proud relieved satisfied content overjoyed ecstatic
    hopeful excited lucky blessed confident fab top-notch first-rate world-class phenomenal stellar exquisite
    heavenly divine blissful dreamy radiant glowing flattering soft silky plush crisp vivid rich smart genius
    ingenious innovative original skilful talented gifted knowledgeable wise gentle considerate respectful
    supportive understanding dedicated hardworking diligent admirable commendable praiseworthy superior unbeatable
    unmatched ideal welcome tremendous spectacular breathtaking glorious majestic sublime ace
""".split()
BAD = """
    bad terrible awful horrible dreadful poor lousy disappointing disgusting nasty appalling atrocious abysmal
    pathetic miserable useless worthless pointless hopeless faulty defective broken damaged cracked torn ruined
    dirty filthy grimy smelly stinky mouldy moldy stale rotten sour bland tasteless flavourless soggy greasy burnt
    undercooked overcooked raw cold inedible overpriced expensive costly rude impolite unfriendly unhelpful
    arrogant dismissive hostile aggressive careless negligent incompetent unprofessional lazy sloppy slow sluggish
    late delayed unreliable unstable buggy laggy glitchy clunky confusing complicated frustrating annoying
    irritating infuriating maddening exhausting tedious boring dull dreary tiresome lame predictable forgettable
    mediocre flimsy fragile cheap-looking shoddy tacky ugly hideous uncomfortable cramped noisy loud stuffy damp
    freezing dark gloomy depressing sad unhappy upset angry furious livid annoyed disappointed dissatisfied
    frustrated disgusted ashamed embarrassed worried anxious scared terrified hurt heartbroken devastated lonely
    exhausted fed-up regrettable unacceptable inexcusable outrageous scandalous shameful disgraceful unfair
    dishonest misleading deceptive fraudulent shady unsafe dangerous hazardous harmful toxic painful sore itchy
    scratchy harsh cruel mean hateful offensive insulting humiliating chaotic messy disorganised disorganized
    cluttered crowded neglected abandoned inadequate insufficient inferior substandard subpar unusable unplayable
    unwatchable unreadable unbearable intolerable insufferable inaccurate wrong incorrect incomplete missing leaky
    rusty wobbly crooked worn shabby rundown outdated obsolete bloated intrusive creepy pushy greedy stingy
    patronising condescending clueless ignorant stupid ridiculous absurd laughable crap crappy rubbish trash
    garbage dire woeful grim bleak ghastly vile foul putrid nauseating sickening repulsive catastrophic disastrous
    tragic lacklustre lackluster uninspired soulless hollow tepid lukewarm sticky
""".split()
THINGS = listed("""
    room|food|service|staff|waiter|hotel|restaurant|breakfast|coffee|pizza|soup|dessert|meal|menu|kitchen|bathroom|
    bed|view|pool|beach|flight|train|bus|driver|taxi|trip|tour|guide|museum|ticket|seat|queue|parcel|delivery|
    courier|package|shop|store|website|app|update|phone|laptop|screen|battery|camera|keyboard|headset|printer|
    charger|router|game|film|movie|book|story|plot|ending|acting|music|concert|show|episode|song|dress|shirt|jacket|
    shoes|bag|fabric|colour|size|doctor|nurse|dentist|clinic|hospital|treatment|therapist|medicine|school|teacher|
    lesson|course|lecture|exam|class|support|agent|bank|insurance|refund|price|bill|manager|boss|colleague|team|
    meeting|office|gym|coach|trainer|match|party|wedding|gift|toy|car|bike|garage|mechanic|plumber|repair|garden|
    plant|dog food|vet|neighbour|landlord|flat|house|weather|day|evening|weekend|experience|product|quality|design|
    instructions|packaging|software|atmosphere
""")
GOOD_WORDS = listed("""
    I love it|I love this {t}|we loved the {t}|I enjoyed the {t}|I adore the {t}|highly recommended|
    I recommend the {t}|I would recommend it to anyone|worth every penny|worth the money|I will be back|
    we will come again|it made my day|it made me smile|thank you so much|thanks a lot for the {t}|well done|
    I am impressed|it exceeded my expectations|better than expected|no complaints|no problems at all|
    never had a problem with the {t}|works perfectly|works a treat|the {t} saved us|the {t} is a lifesaver|
    could not be happier|the best {t} ever|my favourite {t}|five stars|I can't fault the {t}|
    nothing to complain about|the {t} was a joy|what a {a} {t}|so happy with the {t}|we had a blast|
    it was a pleasure|the {t} blew me away|I can't get enough of the {t}|the pain is gone|keep it up|
    you won't regret it|didn't disappoint|the {t} never lets me down|I feel much better|we won|I passed|
    it fits perfectly
""")
BAD_WORDS = listed("""
    I hate it|I hate this {t}|we hated the {t}|I can't stand the {t}|I regret buying it|not recommended|
    avoid the {t}|I would not recommend it to anyone|waste of money|waste of time|never again|I want my money back|
    it ruined my day|it made me sick|shame on you|I am sick of the {t}|I am appalled|
    it fell short of my expectations|worse than expected|nothing but problems|the {t} doesn't work|
    the {t} stopped working|it broke after a week|it fell apart|what a mess|the {t} let us down|the {t} is a joke|
    could not be worse|the worst {t} ever|my worst {t}|one star|zero stars|stay away|don't bother|don't buy it|
    the {t} was a nightmare|what a {a} {t}|so disappointed with the {t}|I gave up|I fell asleep|they ignored me|
    nobody answered|nobody helped us|they never replied|they lied to us|I feel cheated|it hurts|
    it gets worse every day|the {t} keeps crashing|the {t} leaks|they lost my {t}|they charged me twice|no refund|
    I was robbed|I cried|we lost|I failed|what a rip-off|it doesn't fit|I had to throw it away|such a letdown
""")
PLAIN = listed("""
    the {t} is on the second floor|the {t} starts at nine|I ordered the {t} on Monday|the {t} costs 20 euros|
    where is the {t}|my {t} is blue|the {t} opens at ten|we have a {t}|there is one {t} for each floor|
    he asked about the {t}|the {t} is next to the station|I will send the {t} tomorrow|the {t} was built in 1990|
    the {t} weighs two kilos|the new {t} replaces the old one|she works with the {t}|the {t} comes in three sizes|
    please check the {t}|what time is the {t}|I am writing about the {t}|the {t} has been moved to Friday|
    it takes an hour to get to the {t}|the {t} and the {u} are in the same building|there are two of them|
    it is made of wood|see you on Tuesday|can you send me the address|I live in a small town|
    they changed the {t} last year|the {t} belongs to my brother
""")
VERY = (
    "",
    "",
    "very ",
    "really ",
    "so ",
    "absolutely ",
    "quite ",
    "incredibly ",
    "pretty ",
    "just ",
    "simply ",
    "super ",
)
JOINTS = (". ", ". ", ", ", " and ", "! ", "; ", ". Also, ")
TURNS = (", but ", ". However, ", ", yet ", ", although ", ". Still, ")


def read_texts(held_out: bool | None = None, path: Path = TEXTS) -> list[Labelled]:
    """The written texts with their labels: of all writers, of those held out, or of the others."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    writers = list(dict.fromkeys(writer for writer, _, _ in rows))
    apart = set(writers[EVERY - 1 :: EVERY])
    return [(label, text) for writer, label, text in rows if held_out is None or (writer in apart) == held_out]


def statement(good: bool, rng: random.Random) -> str:
    """A short statement of a known sign."""
    own, other = (GOOD, BAD) if good else (BAD, GOOD)
    thing = rng.choice(THINGS)
    draw = rng.random()
    if draw < 0.3:
        words = rng.choice(GOOD_WORDS if good else BAD_WORDS)
        return words.format(t=thing, a=rng.choice(own))
    verb = rng.choice(("is", "was", "was", "looks", "seems", "turned out to be"))
    if draw < 0.62:
        return f"the {thing} {verb} {rng.choice(VERY)}{rng.choice(own)}"
    if draw < 0.72:
        return f"{rng.choice(('a', 'such a', 'what a', 'it is a', 'we had a'))} {rng.choice(own)} {thing}"
    if draw < 0.82:
        return f"{rng.choice(('', 'I am ', 'we were ', 'it is ', 'they are '))}{rng.choice(VERY)}{rng.choice(own)}"
    if draw < 0.9:
        return f"the {thing} {rng.choice(('is', 'was'))} {rng.choice(own)} and {rng.choice(own)}"
    if good:
        kind = rng.choice(("the {t} was never {a}", "nothing {a} about it, I like it"))
    else:
        kind = rng.choice(("the {t} was not {a} at all", "the {t} isn't {a}", "nothing {a} about it"))
    return kind.format(t=thing, a=rng.choice(other))


def built(rng: random.Random) -> Labelled:
    """A text of one to three statements; after a turn ("but") the last one decides."""
    draw = rng.random()
    if draw < 0.25:
        plain = [
            rng.choice(PLAIN).format(t=rng.choice(THINGS), u=rng.choice(THINGS)) for _ in range(rng.choice((1, 1, 2)))
        ]
        return "neutral", sentences(". ".join(plain), rng)
    good = rng.random() < 0.5
    if draw < 0.35:
        text = statement(not good, rng) + rng.choice(TURNS) + statement(good, rng)
    else:
        text = rng.choice(JOINTS).join(statement(good, rng) for _ in range(rng.choice((1, 1, 2, 2, 3))))
    if rng.random() < 0.2:
        text = rng.choice(PLAIN).format(t=rng.choice(THINGS), u=rng.choice(THINGS)) + ". " + text
    return ("positive" if good else "negative"), sentences(text, rng)


def sentences(text: str, rng: random.Random) -> str:
    """With capitals and a full stop, as most people write."""
    text = re.sub(r"(^|[.!] )([a-z])", lambda found: found[1] + found[2].upper(), text.replace(" i ", " I "))
    return text + rng.choice((".", ".", "!", ""))


def disturbed(text: str, rng: random.Random) -> str:
    """The text with a slip, without capitals or apostrophes, or shouted, now and then; its meaning stays."""
    if rng.random() < 0.15:
        text = text.replace("'", "")
    if rng.random() < 0.1 and len(text) > 8:
        at = rng.randrange(1, len(text) - 2)
        text = rng.choice((text[:at] + text[at + 1 :], text[:at] + text[at + 1] + text[at] + text[at + 2 :]))
    if rng.random() < 0.3:
        text = text.rstrip(".!?") + rng.choice(("", ".", "!", "!!", "..."))
    return text


def mixed(label: str, text: str, texts: dict[str, list[str]], rng: random.Random) -> str:
    """The text beside another of its label or a neutral one, in any order, now and then."""
    if rng.random() < 0.25:
        other = rng.choice(texts[label if label == "neutral" or rng.random() < 0.6 else "neutral"])
        parts = [text, other]
        rng.shuffle(parts)
        return " ".join(parts)
    return text
