"""Cards that were never filled in: the Hub's template says nothing of the model that it stands for."""

from __future__ import annotations

import re

_UNFILLED = "[More Information Needed]"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Headings and sentences of the Hub's template, and of what its Trainer writes, that stand in every such card.
_STANDING = re.compile(
    r"^.*(?:Direct and Downstream|bias, risks,? and limitations|Machine Learning Impact calculator|Lacoste et al|"
    r"Carbon emissions can be estimated|should be made aware of the risks|transformers model that has been pushed on "
    r"the Hub|has been automatically generated|base template for new models|Use the code below to get started).*$",
    re.MULTILINE | re.IGNORECASE,
)
_FIELD = re.compile(r"^.*\[(?:More Information Needed|optional)\].*$", re.MULTILINE)
_FRAMEWORKS = re.compile(r"^#+ Framework versions.*\Z", re.MULTILINE | re.DOTALL)


def without_template(text: str) -> str:
    """A card's text without what the template brought along."""
    text = _FRAMEWORKS.sub("", _COMMENT.sub(" ", text)) if "<!--" in text or "# Framework versions" in text else text
    if _UNFILLED in text:
        text = _FIELD.sub("", _STANDING.sub("", text))
    return text
