"""What arithmetic is called in words, as rows: a pattern over atoms, and the expression that it stands for.

"#" is an atom, "%" a percentage, LIST several atoms, PCT the word percent without a number, ~ a few words that do not
matter (`STORY` says which do).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

PEOPLE = (
    r"(?:(?:\s+(?:equal|the|other|of|my|our))*\s+(?:people|persons?|friends?|us|them|ways?|parts?|shares?|kids|children|"
    r"groups?|colleagues|guests|months?|days?|weeks?|mates|lads|heads|pax|adults|siblings|players|team ?mates|brothers|sisters|portions|pieces))"
)
# Words that change what is asked: where one is left over, the goal is no sum with a story around it.
QUANTITIES = re.compile(
    r"\b(?:half|halve|third|quarter|double|twice|triple|thrice|times|each|every|per|percent|off|discount|tax|vat|except|only|without|unless|"
    r"if|else|otherwise|not|don't|doesn't|didn't|more|less|fewer|rest|remaining|another|several|some|few|couple|dozen|pair|all but|both|plus|minus|"
    r"divided|multiplied|square|cube|root|power|average|mean|median|sum of|sort|sorted|order|list|count|translate|write|draw|explain|steps|"
    r"show me how|step by step|french|german|spanish|poem|picture|image|photo|table|chart|plot|graph|email|read|speak|aloud|convert|in words|"
    r"file|who|when|where|why|again|until|since last|ago|later|next|previous|same|also|besides|then|after|before|something|someone)\b|[#%\d(){}=+*/^<>]"
)
_GREETING = r"(?:(?:hi|hello|hey|ok|okay|oh|ah|well|um|hmm|so|and|but|mate|love|listen|sorry|excuse me|good [a-z]+|dear [a-z]+|quick question|question|lol|haha|please|thanks|thank you|cheers|ta|bye|homework|maths?) ?)*"
_OPENERS = (
    r"(?:for (?:my|our|the|a|an|this|that|his|her)|i|i'm|i've|i'd|im|we|we're|we've|he|she|they|it|it's|my|our|his|her|their|there|this|because|since|cause|cos|as|"
    r"the (?:price|bill|total|rent|waiter|teacher|boss|restaurant|shop|gross|net|amount|cost|value|number|numbers|values|result|meal|dinner|lunch|figures?|data|marks|scores|grades)|"
    r"in (?:my|our|the)|at (?:my|our|the|work|school)|a|an|mom|mum|dad|grandma|grandpa|trying|got|had|have)"
)
ASKED = re.compile(
    r"\b(?:need|needs|want|wants|tell|give|know|show|find|calculate|compute|wonder|wondering|ask|asks|asked|help|looking for|get me|have to|must|should|what|how (?:much|many))\b"
)
MATTERS = re.compile(r"\b(?:not|without|except|each|every|per|other|another|only)\b")
STORY = re.compile(rf"{_GREETING}(?:{_OPENERS}\b[a-z' -]*)?")
ASKING = re.compile(
    r"(?:(?:hi|hello|hey|ok|okay|so|and|now|please|pls|quick(?:ly)?|just|kindly|thanks?|thank you|the|a|an|me|us|to|for|is|are|there|mate|love|guys|folks|everyone|"
    r"be|it|that|this|can|could|would|will|you|i|we|want|need|like|know|tell|give|say|show|work|figure|find|out|solve|ya|sir|madam|dear|somebody|anyone|"
    r"calculate|compute|evaluate|determine|calc|calculator|which|one|do|math|maths|sum|what|whats|how|much|many|does|make|makes|making|get|gets|equals?|result|come|comes|has|have|"
    r"answer|value|total|price|cost|costs|pay|i'd|what's|in all|altogether|number|numbers|only|exactly|think|help|with|my|final|of|was|were|might|where|may|shall|should|"
    r"these|those|following|values|figures|scores|marks|data|list|here|come out|at|bill|bills|amount|amounts|quotient|reckon|wonder|wondering|then|left|remains?|end|up|your|at the end|em|"
    r"cheers|ta|lol|haha|:\)|:-\)|:d|innit|eh|by|but|oi|y'all|gives|bill's|price's|it's|express|convert|turn|put|bit|hmm|um|well|oh|ah|also|if|take|start|starting|da|nah|yo|bro|right|go|leave|leaves|see|check|ask|let's|let|quick question|lots|very much|in total|homework|don't|due|owe|i'm|written|decimal|as a decimal|in|from)\b"
    r"|:-?\)|[\s,.;:!?='\"…-])*"
)
PCT = r"(?:%|percent)"
ATOM, PERCENT = r"#(\d+)(?!\d)", r"%(\d+)(?!\d)"
_SEPARATOR = r"\s*(?:,\s*(?:and\s+)?|;\s*|and\s+)\s*"
LIST = rf"((?:-?#\d+)(?:{_SEPARATOR}-?#\d+)+)"
INFIX_WORD = r"(?:[-+*/^]|plus\b|minus\b|times\b|multiplied\b|divided\b|over\b|mod\b)"


class Percent(str):
    """The operand of a rule that is a percentage."""


Make = Callable[[Sequence[str]], str]
Rule = tuple[re.Pattern[str], Make]


def rule(pattern: str, make: Make) -> Rule:
    """A row with its pattern spelled out."""
    parts = re.split(r"(PCT|PEOPLE|LIST|#|%|~)", pattern)
    spelled = {"PCT": PCT, "PEOPLE": PEOPLE, "LIST": LIST, "#": ATOM, "%": PERCENT, "~": r"((?:[a-z']+,? ){0,8}?)"}
    return re.compile(r"(?<![\w'])(?:" + "".join(spelled.get(part, part) for part in parts) + ")"), make


def _of_list(function: str) -> Make:
    return lambda found: f"{function}({', '.join(found)})"


# Each list function stands for its own numbers alone; "of 3 and 4 times 2" is refused by `sums`.
LISTS = (
    rule(r"(?:the )?(?:average|mean)(?: value)?(?: of| from| between|:)? LIST", _of_list("mean")),
    rule(r"(?:the )?median(?: of| from|:)? LIST", _of_list("median")),
    rule(r"(?:the )?(?:sum|total)(?: of| from|:)? LIST|(?:add|sum)(?: up)?(?: together)? LIST(?: together| up)?|(?:what do )?LIST (?:add up to|together|in total|added(?: up| together)?|summed(?: up)?)", _of_list("sum")),
    rule(r"(?:the )?(?:biggest|largest|greatest|highest|maximum|max)(?: (?:one|number|value))?(?: of| among|:)? LIST", _of_list("max")),
    rule(r"(?:the )?(?:smallest|lowest|least|minimum|min)(?: (?:one|number|value))?(?: of| among|:)? LIST", _of_list("min")),
    rule(r"(?:the )?product of LIST|multiply LIST(?: together)?", lambda a: " * ".join(a)),
    rule(r"(?:the )?(?:difference|gap) (?:between|of) # (?:and|to) #", lambda a: f"abs({a[0]} - {a[1]})"),
    rule(r"(?:the )?quotient of # (?:and|by) #", lambda a: f"{a[0]} / {a[1]}"),
)  # fmt: skip
_A_TAX = r"(?:vat|tax|taxes|sales tax|mwst|gst)"
_TAX = rf"(?: {_A_TAX})"
_EXTRA = (
    r"(?:"
    + _TAX
    + r"| (?:service|tips?|gratuity|commission|interest|on top|added|extra|surcharge|shipping|service charge))"
)
_NOT_OF = r"(?! (?:of|off|from|on|discount|reduction|rebate)\b)"
_NET = r"(?:without(?: (?:it|the|vat|tax|that))*|before(?: (?:the|vat|tax|that|it))*|net(?: (?:price|amount|value|of it))?|excluding(?: (?:the|vat|tax|it))*|excl(?:\.|uding)?(?: (?:vat|tax))?|w/o(?: (?:the|vat|tax))*)"
_FALLS = r"(?:fall|falls|fell|drop|drops|dropped|decreased?|decreases|decline|declined|declines|reduced|reduction|down|sank|sink|went down|go down|goes down|loss|lowered|cut|cheaper|discount)"
_RISES = r"(?:rise|rises|rose|risen|go|goes|went|gone|change[sd]?|increased?|increases|grow|grows|grew|up|climb|climbs|climbed|jump|jumps|jumped|growth|raise[sd]?|gain)"
_LEFT = r"(?:what's|what is|how much is|what|is|the|and|are|how many|how much|would be|be|do you get|do i get) *(?:left(?: over)?|remainder|remains?|over|rest)"
# These bind before signs: "20 - 5%" is no "20 - 5".
TIGHT = (
    rule(r"(?:what|which|how many)(?: is the)? PCT(?: of)? # (?:is|are|makes?|was|would be|equals) #", lambda a: f"{a[1]} / {a[0]} * 100"),
    rule(r"(?:what|which|how many)(?: is the)? PCT (?:of|from) # (?:does |do )?# (?:represents?|make up|makes?)", lambda a: f"{a[1]} / {a[0]} * 100"),
    rule(r"(?:what|which|how many) PCT (?:is|are|does|do|would|was|makes?)? ?# (?:represents? |makes? |be |make up |constitutes? )?(?:out )?(?:of|from) #", lambda a: f"{a[0]} / {a[1]} * 100"),
    rule(r"# (?:is|as|in|are|=|equals|represents?|makes?) (?:a |what |which |how many |the )*PCT (?:of|from) #", lambda a: f"{a[0]} / {a[1]} * 100"),
    rule(r"# (?:out )?of # (?:as|in|is|are)(?: a| what| which| how many| how much)* PCT", lambda a: f"{a[0]} / {a[1]} * 100"),
    rule(r"PCT (?:of )?# (?:out )?of #", lambda a: f"{a[0]} / {a[1]} * 100"),
    rule(rf"PCT ~{_FALLS}? ?~from # (?:down )?to #|(?:~from )?# (?:down )?to #,? ~PCT(?: (?:~{_FALLS}|{_RISES}|difference))?", lambda a: ""),  # see `change`
    rule(r"# (?:is|are) (?:by )?(?:what|how many|which) PCT (?:more|higher|bigger|larger|greater|above) than #|(?:what|how many|which) PCT (?:more|higher|bigger|larger|greater) (?:is|are) # (?:than|compared to|compared with) #", lambda a: f"({a[0]} - {a[1]}) / {a[1]} * 100"),
    rule(r"# (?:is|are) (?:by )?(?:what|how many|which) PCT (?:less|lower|smaller|fewer|below|cheaper) than #|(?:what|how many|which) PCT (?:less|lower|smaller|cheaper) (?:is|are) # (?:than|compared to|compared with) #", lambda a: f"({a[1]} - {a[0]}) / {a[1]} * 100"),
    rule(r"% (?:of|from) (?:what|which)(?: (?:number|amount|value))? (?:is|makes|are|equals|gives) #", lambda a: f"{a[1]} / ({a[0]} / 100)"),
    rule(r"# (?:is|are|equals|makes) % (?:of|from) (?:what|which)(?: (?:number|amount|value))?", lambda a: f"{a[0]} / ({a[1]} / 100)"),
    rule(rf"(?:how much|what)(?: is)?(?: the)?{_TAX} (?:is |are )?(?:in|included in|contained in) # (?:at|with|for|if it's|when it's) %", lambda a: f"{a[0]} - {a[0]} / (1 + {a[1]} / 100)"),
    rule(rf"#,? (?:is |are |was |that |which |it |and |with |incl(?:\.|uding|udes?|usive of)? |gross,? |already |the |contains? |has )*%{_TAX}?(?: (?:is |was )?(?:included|inclusive|incl\.?|inside|in it|already|in))*[,.:;?]*(?: and)?(?: (?:what|how much|is|was|were|would|it|be|the|price|so|cost|did|amount|i|pay))* {_NET}(?: (?:the )?{_A_TAX})?", lambda a: f"{a[0]} / (1 + {a[1]} / 100)"),
    rule(rf"(?:the )?net (?:amount |price |value )*(?:of|from|for|when|if) #,? (?:gross,? )?(?:at|with|incl\.?|including|and) %{_TAX}?(?: included)?|(?:take|remove|strip|deduct)(?: the)? %{_TAX} (?:out of|from|off) #", lambda a: _net(a)),
    rule(rf"#,? (?:with )?{_A_TAX} (?:is )?(?:included|incl\.?)(?: already)? (?:at|of|with) %[,.:;?]*(?: what| how much| is| was| were| it| the| price| would| be)* {_NET}", lambda a: f"{a[0]} / (1 + {a[1]} / 100)"),
    rule(rf"{_A_TAX} (?:included|incl\.?|of % included)[,:]? #,? (?:at|with) %[,;:?]*(?: what| is| was| it| the| price)* {_NET}", lambda a: f"{a[0]} / (1 + {a[1]} / 100)"),
    rule(r"(?:what|how much)(?: was| is| were)?(?: it| the)? (?:original|old|full|regular|initial)(?: price| cost| amount)?(?:,? (?:if|when|of|for|something|it|that|is|now|costs?|a|price|sells|at|for))* # (?:after|with|including) (?:a |the )*% (?:off|discount|reduction)", lambda a: f"{a[0]} / (1 - {a[1]} / 100)"),
    rule(r"(?:after|with) (?:a )*% (?:off|discount|reduction)(?: it| that| the| price| now| costs?| is| was| comes| to| a| jacket| shirt)* #[,.;:?]*(?: what| how much)(?: was| is| did)?(?: it| the)? (?:original|old|full|regular|initial)(?:ly)?(?: price| cost)*", lambda a: f"{a[1]} / (1 - {a[0]} / 100)"),
    rule(r"#,? (?:(?:and|that|was|is|this|with|after|already|it|which|including|a|the|had|got|i) )*% (?:off|discount|reduction)[,.;:?]*(?: (?:and|so|what|how much|is|was|what's|did|it|cost|costs|the))*(?: (?:original|full|old|regular|initial|normal)(?:ly)?(?: price| cost)?| before(?: the discount| that)?)(?! reduction)", lambda a: f"{a[0]} / (1 - {a[1]} / 100)"),
    rule(r"% (?:and then |then |and |, then |, )(?:another |a further )?% (?:off|discount|reduction)(?: of| on| from)? #", lambda a: f"{a[2]} * (1 - {a[0]} / 100) * (1 - {a[1]} / 100)"),
    rule(r"% (?:off|discount|reduction|reduced|rebate)(?: (?:of|on|from|off|the|price|list|a|an|for|my))* #", lambda a: f"{a[1]} * (1 - {a[0]} / 100)"),
    rule(r"(?:discount|reduction|rebate) of %(?: (?:on|off|from|for))+ #", lambda a: f"{a[1]} * (1 - {a[0]} / 100)"),
    rule(r"#,? (?:with |at |less |minus |after |and |plus |reduced by |but |now |a |an |another |further |it's |is |it |there's |then |on |sale |the )*% (?:off|discount|reduction|rebate|cheaper)(?: (?:it|that))?", lambda a: f"{a[0]} * (1 - {a[1]} / 100)"),
    rule(r"(?:take|knock) % (?:off(?: of)?|from|away from) #", lambda a: f"{a[1]} * (1 - {a[0]} / 100)"),
    rule(r"% (?:more|higher|greater|bigger|above) (?:than )?#", lambda a: f"{a[1]} * (1 + {a[0]} / 100)"),
    rule(r"% (?:less|lower|smaller|fewer|cheaper|below) (?:than )?#", lambda a: f"{a[1]} * (1 - {a[0]} / 100)"),
    rule(r"(?:decrease|reduce|lower|cut|discount|shrink) # by %|#,? (?:is |was |if )*(?:decreased by|reduced by|lowered by|cut by|down|diminished by|minus|-|less)(?: another| a further)? %" + _NOT_OF, lambda a: f"{a[0]} * (1 - {a[1]} / 100)"),
    rule(rf"(?:increase|raise|up|mark up|grow|bump up|bump) # (?:up )?by %|(?:add|put|stick|whack) (?:a )?% ?{_EXTRA}? (?:to|on(?:to)?|on top of) #|#,? (?:is |was |if )*(?:increased by|raised by|marked up by|up|up by|plus|\+|add|and add|plus a)(?: another| a further| an extra)? %{_NOT_OF}{_EXTRA}*", lambda a: _more(a)),
    rule(r"(?:a )?(?:tip|gratuity|commission|interest|tax|vat|service charge)(?: of| at)? % (?:on|for|of|from) (?:a bill of |a |the |bill |a price of )*#", lambda a: f"{a[1]} * {a[0]} / 100"),
    rule(rf"#,? (?:with|and|and a|with a|including a|including) %{_EXTRA}+", lambda a: _more(a)),
    rule(r"(?:increased|raised|raises|increases|upped|put up)(?: (?:the|my|a|our|rent|price|prices|salary|fee|fees|wage|of|from))+ # by %", lambda a: _more(a)),
    rule(r"(?:decreased|reduced|lowered|cut|reduces|lowers|cuts)(?: (?:the|my|a|our|rent|price|prices|salary|fee|fees|wage|of|from))+ # by %", lambda a: f"{a[0]} * (1 - {a[1]} / 100)"),
    rule(rf"%{_EXTRA}? (?:of|on|from|for|in) (?:a bill of |a |the |bill |a price of |a total of )*#", lambda a: f"{a[1]} * {a[0]} / 100"),
    rule(r"(?:the )?(?:tip|gratuity|commission|tax|vat) (?:on|for) (?:a bill of |a |the |bill )*# (?:at|with|is|of|if i give|by) %", lambda a: f"{a[0]} * {a[1]} / 100"),
    *(rule(rf"{word} root (?:of |from )*#", lambda a, n=n: f"{a[0]} ** (1 / {n})") for n, word in enumerate(("fifth", "sixth", "seventh", "eighth"), 5)),
    rule(r"(?:fourth|4th) root (?:of |from )*#", lambda a: f"{a[0]} ** (1 / 4)"),
    rule(r"#(?:st|nd|rd|th) root (?:of |from )*#", lambda a: f"{a[1]} ** (1 / {a[0]})"),
    rule(r"(?:cube|cubic|third|3rd) root (?:of |from )*#", lambda a: f"cbrt({a[0]})"),
    rule(r"(?:square root|root|square-root)(?: of| from)* ?(?:#|\( ?# ?\))", lambda a: f"sqrt({a[0]})"),
    rule(r"(?:the )?factorial (?:of |from )*#|# factorial", lambda a: f"factorial({a[0]})"),
    rule(r"# (?:raised )?to the (?:power (?:of )?#|#(?:st|nd|rd|th)?(?: power)?)|raise # to the (?:power (?:of )?#|#(?:st|nd|rd|th)?(?: power)?)|# (?:to|raised to) power (?:of )?#|# (?:raised to|to) # power", lambda a: f"{a[0]} ** {a[1]}"),
    *(rule(rf"(?:raise )?# (?:raised )?to the (?:{word})(?: power)?", lambda a, n=n: f"{a[0]} ** {n}") for n, word in enumerate(("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"), 2)),
    rule(r"(?:the )?remainder (?:of|when|if|from)(?: you| i| we)?(?: divide| dividing)? # (?:is |divided |gets )*(?:by|/) #", lambda a: f"{a[0]} % {a[1]}"),
    rule(rf"{_LEFT}(?: over)? (?:when|if|after|from)(?: you| i| we)?(?: divide| dividing)? # (?:is |divided |gets )*(?:by|/|into) #", lambda a: f"{a[0]} % {a[1]}"),
    rule(r"(?:double|twice)(?: of| the| as much as| as many as)* #|# doubled|# times as (?:much|many) as #", lambda a: " * ".join(a if len(a) > 1 else ["2", *a])),
    rule(r"(?:triple|thrice|treble)(?: of| the)* #|# (?:tripled|trebled)", lambda a: f"3 * {a[0]}"),
    rule(r"quadruple(?: of| the)* #|# quadrupled", lambda a: f"4 * {a[0]}"),
    rule(r"halve(?: of| the)* #|# halved", lambda a: f"{a[0]} / 2"),
    rule(r"# squared|(?:the )?square of #|square #", lambda a: f"{a[0]} ** 2"),
    rule(r"# cubed|(?:the )?cube of #|cube #", lambda a: f"{a[0]} ** 3"),
)  # fmt: skip
LOOSE = (
    rule(r"# (?:as|in)(?: a)? PCT(?! (?:of|from))|(?:convert|turn|write|express) # (?:in)?to(?: a)? PCT", lambda a: f"{a[0]} * 100"),
    rule(r"how (?:many times|often) (?:does|do|will|can|would) # (?:go|goes|fit|fits)(?: in| into| inside)+ #", lambda a: f"{a[1]} // {a[0]}"),
    rule(r"(?:integer|whole|floor) (?:divide|division)(?: of)? # (?:by|and) #", lambda a: f"{a[0]} // {a[1]}"),
    rule(r"(?:take|subtract|deduct|remove|knock)(?: away| off)? #(?: away| off)? (?:from|off(?: of)?|away from) #", lambda a: f"{a[1]} - {a[0]}"),
    rule(r"(?:take|from|start with) #,? (?:(?:and|you|i|we|take|subtract|deduct|remove|knock|off|away|it) )+#(?: away| off)?", lambda a: f"{a[0]} - {a[1]}"),
    rule(r"# (?:subtracted|taken|deducted|removed)(?: away)? from #|# (?:less|fewer|smaller) than #", lambda a: f"{a[1]} - {a[0]}"),
    rule(r"# (?:more|greater|bigger|higher) than #|# added (?:on)?to #", lambda a: f"{a[1]} + {a[0]}"),
    rule(r"# (?:take away|takeaway|subtract|less|diminished by|decreased by|reduced by|lowered by)(?: the)? #", lambda a: f"{a[0]} - {a[1]}"),
    rule(r"add # (?:to|and|with|onto|on to|on top of) #|# increased by #", lambda a: f"{a[0]} + {a[1]}"),
    rule(r"# off(?: of| from)? #", lambda a: f"{a[1]} - {a[0]}"),
    rule(r"(?:multiply|times) # (?:by|with|and|times) #", lambda a: f"{a[0]} * {a[1]}"),
    rule(r"(?:divide|split|share|distribute)(?: up)? #(?: up)?(?: evenly| equally| fairly)? (?:between|among(?:st)?|by|into|in|over|through|with|for) #(?:PEOPLE)?(?: evenly| equally)?", lambda a: f"{a[0]} / {a[1]}"),
    rule(r"#,? (?:and )?(?:is |to be |if )?(?:split|shared|divided)(?: up| it)?(?: evenly| equally| fairly)? (?:between|among(?:st)?|by|into|in|over|through|with|for) #(?:PEOPLE)?(?: evenly| equally)?|#,? (?:split )#PEOPLE(?: evenly| equally)?|(?:split|share|divide) # #PEOPLE|#,? (?:between|among(?:st)?|for) (?:the )?#(?:PEOPLE)", lambda a: f"{a[0]} / {a[1]}"),
    rule(r"(?:increase|raise|up) # by #", lambda a: f"{a[0]} + {a[1]}"),
    rule(r"(?:decrease|reduce|lower|diminish) # by #", lambda a: f"{a[0]} - {a[1]}"),
)  # fmt: skip
_ENDINGS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
            "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
            "sixteenth": 16, "twentieth": 20, "hundredth": 100, "thousandth": 1000}  # fmt: skip
FRACTIONS = {word: n for name, n in _ENDINGS.items() for word in (name, f"{name}s")}


def _net(a: Sequence[str]) -> str:
    amount, percent = sorted(a, key=lambda operand: isinstance(operand, Percent))
    return f"{amount} / (1 + {percent} / 100)"


def _more(a: Sequence[str]) -> str:
    amount, percent = sorted(a, key=lambda operand: isinstance(operand, Percent))
    return f"{amount} * (1 + {percent} / 100)"


def change(phrase: str, a: Sequence[str]) -> str:
    """How much something changed in percent; of a fall, how far it fell, unless the change is what is asked for."""
    falls = re.search(rf"\b{_FALLS}\b", phrase) and not re.search(r"\bchanged?\b", phrase)
    return f"({a[0]} - {a[1]}) / {a[0]} * 100" if falls else f"({a[1]} - {a[0]}) / {a[0]} * 100"
