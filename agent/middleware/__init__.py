"""Reusable pieces for anybody's `create_agent`: find models, keep media out of messages, stay in budget, fail over."""

from .ahead import LoadAhead
from .budget import Budget, WithinBudget
from .failover import FailOver
from .guard import Guard
from .hint import PlanHint
from .media import MediaByReference
from .retrieve import RetrieveModels

__all__ = ["Budget", "FailOver", "Guard", "LoadAhead", "MediaByReference", "PlanHint", "RetrieveModels", "WithinBudget"]
