"""A planner over the real embedder and the task table; no models are needed to plan."""

import pytest

from prefrontal.agent.planner.compose.matching import Matcher
from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.builtin import builtin_cards


@pytest.fixture(scope="session")
def planning_index(tmp_path_factory):
    index = ModelIndex(tmp_path_factory.mktemp("planning"))
    index.add(list(builtin_cards()))
    return index


@pytest.fixture(scope="session")
def matcher(planning_index):
    return Matcher(planning_index.task_scores)
