"""Conditions of a policy, as data: what the risk rules and the routing modifiers may ask about a matter."""

from decimal import Decimal
from typing import Any, Protocol, Self, cast

from pydantic import field_validator, model_validator

from domain.words import ClaimType, LabourRelation, Model

Value = bool | str | int

NUMBERS = ("headcount", "in_person_headcount", "amount", "lead_departments")
FLAGS = (
    "amount_unknown", "strong_proof", "opinion_present", "opinion_needs_response",
    "beyond_level", "extreme_words", "is_group", "has_counter_claim", "nobody_to_mediate", "units_disagree",
    "hub_failed",
)  # fmt: skip
CHOICES: dict[str, tuple[Value, ...]] = {
    "labour_relation": tuple(r.value for r in LabourRelation),
    "respondent_cooperative": (True, False, "不明", "不适用"),
    "claim_types": tuple(t.value for t in ClaimType),
}
"""Facts with a closed list of values. 不适用: there is no 被反映单位. Of ``claim_types`` any one counts."""

OWN = "own."
"""How a fact begins that the county asks for itself: yes, no or not known."""
UNKNOWN = "不明"

FACTS = (*NUMBERS, *FLAGS, *CHOICES, "respondent_status", "special_groups", "time_node")
"""headcount 人数; in_person_headcount 来访人数; amount 主张的社保费 (yuan); lead_departments 主责部门数;
nobody_to_mediate 没有可调解的对方; units_disagree 部门意见不一致; hub_failed 前一接手单位没办成; claim_types 争议类型;
respondent_status 单位状况; special_groups 特殊人群 of the policy's list; time_node 时间节点 in force."""

_OPERATORS = ("at_least", "more_than", "at_most", "equals", "one_of", "none_of", "present")


class Facts(Protocol):
    """Anything that answers for every fact by name."""

    def value(self, name: str) -> Any:
        """The fact's value."""
        ...


class Condition(Model):
    """One comparison of one fact, or ``all`` / ``any`` of several conditions."""

    fact: str | None = None
    at_least: Decimal | None = None
    more_than: Decimal | None = None
    at_most: Decimal | None = None
    equals: Value | None = None
    one_of: tuple[Value, ...] | None = None
    none_of: tuple[Value, ...] | None = None
    present: bool | None = None
    all: tuple["Condition", ...] | None = None
    any: tuple["Condition", ...] | None = None

    @field_validator("fact")
    @classmethod
    def _is_a_fact(cls, value: str | None) -> str | None:
        if value is not None and value not in FACTS and not value.startswith(OWN):
            raise ValueError(
                f"没有“{value}”这个取值，可取：{'、'.join(FACTS)}，或 {OWN}本县自设的事实（facts）"
            )
        return value

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        shapes = [name for name in ("fact", "all", "any") if getattr(self, name) is not None]
        if len(shapes) != 1:
            raise ValueError("条件须写 fact、all、any 之一，且只写一个")
        used = [op for op in _OPERATORS if getattr(self, op) is not None]
        if self.fact is None:
            if used or not (self.all or self.any):
                raise ValueError(f"{shapes[0]} 之下须列出至少一个条件，不能再写比较")
        elif not used:
            raise ValueError(f"条件“{self.fact}”缺少比较，可写：{'、'.join(_OPERATORS)}")
        else:
            self._fits(self.fact, used)
        return self

    def _fits(self, fact: str, used: list[str]) -> None:
        if fact in NUMBERS:
            allowed = {"at_least", "more_than", "at_most", "equals"}
        elif is_flag(fact):
            allowed = {"equals"}
        elif fact in ("special_groups", "time_node"):
            allowed = {"present"}
        else:
            allowed = {"equals", "one_of", "none_of"}
        if wrong := [op for op in used if op not in allowed]:
            raise ValueError(f"“{fact}”不能用 {wrong[0]} 比较，可用：{'、'.join(sorted(allowed))}")
        if is_flag(fact) and not isinstance(self.equals, bool):
            raise ValueError(f"“{fact}”只能与 true 或 false 比较")
        if fact in CHOICES and (unknown := [v for v in self.values() if v not in CHOICES[fact]]):
            raise ValueError(
                f"“{fact}”没有“{unknown[0]}”这个取值，可取：{'、'.join(map(str, CHOICES[fact]))}"
            )

    def values(self) -> list[Value]:
        """The values that are compared with, for equality."""
        given = [] if self.equals is None else [self.equals]
        return [*given, *(self.one_of or ()), *(self.none_of or ())]

    def parts(self) -> list["Condition"]:
        """The comparisons within, flattened."""
        inner = self.all or self.any
        return [p for c in inner for p in c.parts()] if inner else [self]

    def holds(self, facts: Facts) -> bool:
        """Whether the facts meet it."""
        if self.all is not None:
            return all(c.holds(facts) for c in self.all)
        if self.any is not None:
            return any(c.holds(facts) for c in self.any)
        return self._compares(facts.value(self.fact or ""))

    def _compares(self, value: Any) -> bool:
        if self.fact == "claim_types" and isinstance(value, tuple):
            return self._compares_any(cast("tuple[Value, ...]", value))
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.more_than is None or value > self.more_than)
            and (self.at_most is None or value <= self.at_most)
            and (self.equals is None or value == self.equals)
            and (self.one_of is None or value in self.one_of)
            and (self.none_of is None or value not in self.none_of)
            and (self.present is None or bool(value) == self.present)
        )

    def _compares_any(self, values: tuple[Value, ...]) -> bool:
        return (
            (self.equals is None or self.equals in values)
            and (self.one_of is None or any(v in self.one_of for v in values))
            and (self.none_of is None or not any(v in self.none_of for v in values))
        )


def is_flag(fact: str) -> bool:
    """Whether a fact is yes or no."""
    return fact in FLAGS or fact.startswith(OWN)


def can_be_unknown(fact: str) -> bool:
    """Whether it may be that nobody knows it."""
    return fact.startswith(OWN) or fact == "amount" or UNKNOWN in CHOICES.get(fact, ())
