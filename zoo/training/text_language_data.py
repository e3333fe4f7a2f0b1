"""The sentences that `text-language` learns from: Debian's translated catalogues, manuals, helps and fortune cookies.

Usage:
    python zoo/training/text_language_data.py --debs FOLDER --download   # apt-get download of PACKAGES, 1.4 GB
    python zoo/training/text_language_data.py --debs FOLDER --out sentences.tsv

The second call reads the .deb files where they lie (nothing is installed) and writes lines of language, package and
sentence. What is untranslated, full of markup or mostly no words is left out. Takes about five minutes.
"""

from __future__ import annotations

import argparse
import gettext
import gzip
import io
import random
import re
import subprocess
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch",
    "nb": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
OTHER_CODES = {"c": "en", "no": "nb", "iw": "he"}
# What a text in these languages is mostly written in. Serbian in Latin letters reads as Croatian and is left out.
SCRIPTS = {
    **dict.fromkeys(("ar", "fa"), "\u0600-\u06ff"),
    **dict.fromkeys(("bg", "ru", "sr", "uk"), "\u0400-\u04ff"),
    **{"el": "\u0370-\u03ff", "he": "\u0590-\u05ff", "hi": "\u0900-\u097f", "ko": "\uac00-\ud7af"},
    **{"ja": "\u3040-\u30ff\u4e00-\u9fff", "th": "\u0e00-\u0e7f", "zh": "\u4e00-\u9fff"},
}
MANUALS = "cs da de el es fi fr hu id it ja nb nl pl pt-br ro ru sr sv tr uk vi zh".split()
FORTUNES = "bg br cs de es it pl ru zh".split()
HELPS = (
    "bg ca cs da de el es et eu fi fr he hi hr hu id it ja ko lt lv nb nl pl pt ro ru sk sl sv tr uk vi zh-cn zh-tw"
).split()
CATALOGUES = (
    "aisleriot apt apt-listchanges aptitude-common audacity-data baobab bluefish-data brasero-common "
    "cheese-common coreutils darktable debconf debian-installer-launcher deja-dup dia-common dpkg "
    "epiphany-browser-data evince-common evolution-common filezilla-common fillets-ng-data five-or-more "
    "four-in-a-row freeciv-data freedink-dfarc freedroidrpg-data gbrainy gdebi geany-common gedit-common "
    "gimp-data git glabels-data gnome-calendar gnome-chess gnome-control-center-data gnome-klotski gnome-mahjongg "
    "gnome-mines gnome-nibbles gnome-robots gnome-software-common gnome-sudoku gnome-taquin gnome-tetravex "
    "gnome-user-docs gnome-weather gnubg-data gnucash-common gnumeric-common gramps grisbi-common hexchat-common "
    "hitori homebank-data iagno inkscape kalzium-data kbruch kdeconnect kgeography-data khangman kmymoney-common "
    "krita-l10n kturtle kwordquiz liferea-data lightsoff lyx-common manaplus-data marble-data mate-user-guide "
    "minetest-data mypaint-data nautilus-data pidgin-data popularity-contest pysiogame quadrapassel reportbug "
    "rhythmbox-data scribus-data shotwell-common simple-scan software-properties-common step swell-foop synaptic "
    "tali texmaker totem-common tuxmath-data tuxpaint-data tuxtype-data util-linux-locales vlc-l10n "
    "wesnoth-1.16-data widelands-data yelp"
).split()
PACKAGES = [
    *CATALOGUES,
    "manpages",
    *(f"manpages-{code}" for code in MANUALS),
    *(f"fortunes-{code}" for code in FORTUNES),
    *(f"libreoffice-help-{code}" for code in HELPS),
]
# Packages that training never sees: a help of GNOME, catalogues of games, tools and a paint box, the fortune cookies.
HELD_OUT = frozenset(
    "gnome-user-docs gbrainy tuxpaint-data gramps freeciv-data fillets-ng-data git".split()
    + [f"fortunes-{code}" for code in FORTUNES]
)
READ = 600_000  # texts of one package: all of most packages
READ_OF_HELP = 40_000  # those of one language alone say the same again and again
MOST = 12_000  # sentences of one language in one package

LOCALE = re.compile(r"/(?:locale|translations)/([^/]+)/LC_MESSAGES/[^/]+\.mo$")
MANUAL = re.compile(r"/man/(?:([^/]+)/)?man\d/[^/]+\.gz$")
YELP = re.compile(r"/share/help/([^/]+)/.+\.(?:page|docbook|xml)$")
OFFICE = re.compile(r"/help/([^/]+)/text/.+\.html$")
COOKIES = re.compile(r"/games/fortunes/(?:off/)?(?:([a-z]{2})/)?[^/.]+$")
LUA = re.compile(r"/dialogs_([a-z_A-Z]+)\.lua$")

SPOILT = re.compile(r"%[\w(]|[<>{}\\|=@#^~]|\$\w|://|\w_\w|\w\(\)|--|\.\w+/|[*/]\w|(?:\S{32,} )")
ENGLISH = re.compile(r"\b(?:the|of|and|is|to|with|for|this|that|are|you|from|be|not|or)\b", re.IGNORECASE)
ENDS = re.compile(r"(?<=[.!?…])[\"»”']?\s+|(?<=[。！？])|\n+")


def tidy(text: str) -> Iterator[str]:
    """The sentences of a text that are made of words: 8 to 300 characters, mostly letters, no markup."""
    for sentence in ENDS.split(text):
        sentence = re.sub(r"(?<=\w)[_&](?=\w)|^[_&]|(?<=\s)[_&]", "", re.sub(r"\s+", " ", sentence)).strip(" -•*\t")
        letters = sum(char.isalpha() or char == " " or "\u0300" <= char <= "\u0f00" for char in sentence)
        if 8 <= len(sentence) <= 300 and letters >= 0.8 * len(sentence) and not SPOILT.search(sentence):
            yield sentence


def code_of(locale: str) -> str | None:
    """The code of the language of a locale (pt_BR, sr@cyrillic, zh-cn), if it is one of ours."""
    code = re.split(r"[_@.-]", locale.lower())[0]
    return None if "latin" in locale or "shaw" in locale else code if code in LANGUAGES else OTHER_CODES.get(code)


def in_own_script(text: str, code: str) -> bool:
    """Whether most letters of a text are of the language's own script."""
    letters = sum(map(str.isalpha, text))
    return code not in SCRIPTS or len(re.findall(f"[{SCRIPTS[code]}]", text)) > 0.6 * letters


def is_english(text: str) -> bool:
    """Whether a text that should be in another language was left in English."""
    return len(ENGLISH.findall(text)) > max(1, len(text.split()) // 8)


def in_catalogue(raw: bytes, originals: bool = False) -> Iterator[str]:
    """The translations of a .mo file, or its (English) originals."""
    try:
        catalogue = gettext.GNUTranslations(io.BytesIO(raw))._catalog  # type: ignore[attr-defined]
    except (OSError, UnicodeDecodeError, ValueError, LookupError):
        return
    for original, text in catalogue.items():
        source = original[0] if isinstance(original, tuple) else original
        if source and text and text != source:
            yield source.split("\x04")[-1] if originals else text


def in_manual(raw: bytes) -> Iterator[str]:
    """The paragraphs of a manual page, without its macros."""
    text = gzip.decompress(raw).decode("utf-8", "replace")
    if "\ufffd" in text:
        return
    for block in re.split(r"\n\.[^\n]*|\n\s*\n", text):
        if not block.lstrip().startswith((".", "'")):
            plain = re.sub(r"\\f\w|\\f\[\w*\]|\\[&%/,|c]", "", block).replace("\\-", "-").replace("\\(aq", "'")
            yield re.sub(r"\s+", " ", plain)


def in_markup(raw: bytes) -> Iterator[str]:
    """The paragraphs of a page of help."""
    page = raw.decode("utf-8", "replace")
    try:
        root = ElementTree.fromstring(page)
    except ElementTree.ParseError:
        for block in re.findall(r"<(?:p|h\d)\b[^>]*>(.*?)</(?:p|h\d)>", page, re.DOTALL):
            yield re.sub(r"\s+", " ", re.sub(r"<[^>]+>|&\w+;", "", block))
        return
    for part in root.iter():
        if str(part.tag).rsplit("}", 1)[-1] in ("p", "para", "title", "h1", "h2"):
            yield re.sub(r"\s+", " ", "".join(part.itertext()))


def in_cookies(raw: bytes) -> Iterator[str]:
    """The fortune cookies of a file."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return
    for cookie in text.split("\n%"):
        yield re.sub(r"\n(?=\S)", " ", cookie)


def in_dialogue(raw: bytes) -> Iterator[str]:
    """What is said in the dialogues of a game."""
    yield from re.findall(r'dialogStr\("((?:[^"\\]|\\.)*)"\)', raw.decode("utf-8", "replace"))


READERS = {
    LOCALE: in_catalogue,
    MANUAL: in_manual,
    YELP: in_markup,
    OFFICE: in_markup,
    LUA: in_dialogue,
    COOKIES: in_cookies,
}


def texts(deb: Path) -> Iterator[tuple[str, str]]:
    """(code of the language, text) for all translated texts of a package, and for their originals."""
    package = deb.name.split("_")[0]
    command = ["dpkg-deb", "--fsys-tarfile", str(deb)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader,
        tarfile.open(fileobj=reader.stdout, mode="r|") as archive,
    ):
        for member in archive:
            place = next((rule for rule in READERS if (found := rule.search(member.name))), None)
            if not member.isfile() or place is None or (place is COOKIES) != package.startswith("fortunes-"):
                continue
            found = place.search(member.name)
            named = package.removeprefix("fortunes-") if place is COOKIES else found and (found.group(1) or "en")
            code = code_of("pt" if package == "fortunes-br" else str(named))
            if (stream := archive.extractfile(member)) is None or code is None:
                continue
            raw = stream.read()
            yield from ((code, text) for text in READERS[place](raw))
            if place is LOCALE and code == "de":  # one language is enough to have the originals
                yield from (("en", text) for text in in_catalogue(raw, originals=True))


def collect(debs: Path, seed: int = 0) -> Iterator[tuple[str, str, str]]:
    """(language's code, package, sentence) of all packages in a folder, each sentence once for a language."""
    seen: set[tuple[str, str]] = set()
    found = sorted(
        (path for path in debs.glob("*.deb") if path.name.split("_")[0] in PACKAGES),
        key=lambda path: (path.name.split("_")[0] in HELD_OUT, path.name),
    )
    for deb in found:  # those held out come last: a sentence that is in both is trained on, and no test
        package, kept = deb.name.split("_")[0], defaultdict(list)
        for code, text in islice(texts(deb), READ_OF_HELP if package.startswith("libreoffice") else READ):
            if (code != "en" and is_english(text)) or not in_own_script(text, code):
                continue
            for sentence in tidy(text):
                if (key := (code, sentence.lower())) not in seen:
                    seen.add(key)
                    kept[code].append(sentence)
        rng = random.Random(seed)
        for code, sentences in sorted(kept.items()):
            if code != "en":  # what was left in English is found again among the originals
                sentences = [sentence for sentence in sentences if ("en", sentence.lower()) not in seen]
            rng.shuffle(sentences)
            yield from ((code, package, sentence) for sentence in sentences[:MOST])


def main(arguments: list[str] | None = None) -> None:
    """Download the packages, or read them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--debs", type=Path, required=True, help="the folder of the .deb files")
    parser.add_argument("--download", action="store_true", help="fetch the packages there, with apt-get")
    parser.add_argument("--out", type=Path, help="where the sentences go")
    options = parser.parse_args(arguments)
    if options.download:
        options.debs.mkdir(parents=True, exist_ok=True)
        for package in PACKAGES:  # one by one: what a release does not have is left out
            subprocess.run(["apt-get", "download", "-q", package], cwd=options.debs, check=False)
    if options.out:
        counts: dict[tuple[str, bool], int] = defaultdict(int)
        with options.out.open("w", encoding="utf-8") as file:
            for code, package, sentence in collect(options.debs):
                file.write(f"{code}\t{package}\t{sentence}\n")
                counts[code, package in HELD_OUT] += 1
        for code in LANGUAGES:
            print(f"{code}: {counts[code, False]} to train on, {counts[code, True]} held out")


if __name__ == "__main__":
    main()
