from __future__ import annotations

import json

from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.card import ModelCard


def test_hits_say_why_in_one_line(index: ModelIndex) -> None:
    hit = index.search("find the coins in the photo", k=1)[0]
    assert (hit.card.id, hit.rank) == ("shop/coin-finder", 1)
    assert hit.why == (
        "right task; cannot run here: not downloaded, and offline; close in meaning; "
        "mentions find, coins, photo; 4.0 MB"
    )
    assert hit.why == "; ".join(hit.reasons)
    assert str(hit) == f"1. shop/coin-finder (object-detection) {hit.score:.2f}: {hit.why}"
    assert "\n" not in str(hit)


def test_hits_are_plain_json_and_show_themselves(index: ModelIndex) -> None:
    index.add(ModelCard(id="x/evil", task="translation", text="<script>alert(1)</script> translate translate"))
    hits = index.search("translate", k=3)
    assert set(json.loads(json.dumps(hits[0].to_dict()))) == {"rank", "id", "task", "score", "reasons", "variants"}
    html = hits._repr_mimebundle_()["text/html"]
    assert "<script>" not in html
    assert html.count("<tr>") == 4
    assert hits._repr_mimebundle_()["text/plain"] == "\n".join(map(str, hits))
    assert "<table>" in hits[0]._repr_mimebundle_()["text/html"]
    assert repr(hits[0]) == f"<Hit {hits[0]}>"
