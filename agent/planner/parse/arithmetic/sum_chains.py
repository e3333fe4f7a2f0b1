"""How a sum goes on: "take 12 off 80, then halve it and add 3" is three clauses, each about what the last one came to."""

from __future__ import annotations

import re

_AGAIN = r"(?:(?:then|and|now|next|finally|lastly|afterwards|after that|also|please|again|you|i|we|to|with|is|gets?|it's|it is|that's) )*"
_VERB = (
    r"(?:halve|half (?:it|that|this)|halved|double|doubled|triple|treble|tripled|quadruple|square|squared|cube|cubed|add|adding|plus|minus|times|subtract|take|knock|deduct|remove|multiply|multiplied|"
    r"divide|divided|split|share|shared|round|rounded|increase|decrease|reduce|raise|lower|increased|decreased|reduced|raised|lowered|diminished|less|with|on top|"
    r"[#%]\d+ (?:off|discount)(?! #)|(?:another|a further|an extra|further) %\d+|(?:the )?(?:half|third|quarter|square root|cube root|root) of (?:it|that|this|the result)|"
    r"(?:what's |what is |how much is )?(?:a )?[%]\d+(?: tip| discount| tax| vat)? (?:of|on|off|from) (?:it|that|this|the result)|(?:what's |what is )?(?:it|that|the result|the answer) (?:times|plus|minus|divided|multiplied|squared|cubed|less)|from (?:it|that|the result)|to the|between #|among #|for #\d+ people)"
)
SPLIT = re.compile(
    rf"(?:\s*[,;.:-]+\s*(?:{_AGAIN})|\s+(?:and(?: then)?|then|after that|afterwards|finally)\s+(?:{_AGAIN}))(?={_VERB}\b)"
)
_IT = re.compile(
    r"\b(?:it|that|this|them|the (?:result|answer|total|sum|product|difference|quotient|outcome|remainder|rest|lot|whole(?: thing)?|new (?:price|total|number|amount|value))|what(?:ever)? (?:you|i|we) (?:get|have|got)|what's left|what is left)\b(?! (?:is|are|was)\b)"
)
_X = r"((?:a |an |another |a further |an extra |further )*[#%]\d+)"
# How a clause begins that leaves out what it is about, and the same with it.
_ELLIPSES = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (rf"(?:add|adding|plus|add on|and)(?: on)? {_X}(?! off| discount)", r"@ plus \1"),
        (rf"(?:minus|subtract|less|take away|take off|take|deduct|knock off|knock|remove|diminished by|with) {_X}(?: off| away| discount)+", r"@ minus \1"),
        (rf"(?:minus|subtract|less|take away|take off|take|deduct|knock off|knock|remove|diminished by) {_X}", r"@ minus \1"),
        (rf"{_X} (?:off|discount)(?: of| on)?$", r"@ minus \1"),
        (r"(?:times|multiply by|multiplied by|multiply with|multiplied with) (#\d+)", r"@ * \1"),
        (r"(?:divide|divided)(?: it)? (?:by|through|with) (#\d+)(?! (?:people|friends|persons?))", r"@ / \1"),
        (r"(?:divide|divided|split|shared?)(?: up)?((?: equally| evenly)? (?:by|between|among(?:st)?|in|into|over|through|with|for) #.*)", r"divide @\1"),
        (r"(?:split|shared?|divided?) (#\d+ .*)", r"@ split \1"),
        (r"((?:between|among(?:st)?|for) #.*)", r"@ \1"),
        (r"(double|triple|treble|quadruple|halve|square|cube)(?:d)?\b", r"\1 @"),
        (r"((?:squared|cubed|to the ).*)", r"@ \1"),
        (r"(increase|raise|decrease|reduce|lower)d? by (.*)", r"\1 @ by \2"),
        (r"with (?:a )?(%\d+ (?:tip|tax|vat|service).*)", r"@ plus \1"),
    )
)  # fmt: skip


def carried(clause: str, atom: str) -> str:
    """A clause with the atom of what came before in the place of "it", or where it was left out; "" when the clause is
    not about it."""
    clause = re.sub(rf"^[\s,;.:-]*{_AGAIN}(?={_VERB})", "", f"{clause.strip()} ".replace(" ;", ";")).strip()
    if re.match(r"(?:half|third|quarter) (?:it|that|this)\b", clause):
        return _IT.sub(f" {atom} ", clause, count=1)
    if _IT.search(_without_tail(clause)):
        return _IT.sub(f" {atom} ", clause, count=1)
    for pattern, said in _ELLIPSES:
        if found := pattern.match(clause):
            return found.expand(said).replace("@", atom) + clause[found.end() :]
    return f"{atom}" if not clause else ""


def _without_tail(clause: str) -> str:
    """Without a question that only asks again: "add 3, what is that?"."""
    return re.sub(r"[,.;?] *(?:and )?(?:what|how much|how).*$", "", clause)
