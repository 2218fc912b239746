"""Checks on 救济途径: every paper that tells of it has its act, every act its ways, every department its body."""

from collections.abc import Iterable, Iterator
from typing import get_args

from domain.policy import Policy
from domain.policy_problem import Problem
from domain.policy_remedies import ActKind, RemedyRule
from domain.policy_units import ROLE_WORDS
from domain.remedies import FIELD, review_body
from domain.words import Conclusion, LawfulWay

NO_ACT: ActKind = "opinion"
"""What a unit says that does no administrative act; told in no paper by itself."""


def remedy_problems(policy: Policy) -> Iterator[Problem]:
    """Acts without a paper or a way, papers without an act, issuers without a body, ways nobody is told about."""
    table = policy.remedies
    yield from _missing("remedies.acts", "行为", get_args(ActKind), table.acts)
    yield from _missing("remedies.guidance", "指引途径", get_args(LawfulWay), table.guidance)
    for kind, rule in table.acts.items():
        yield from _act(policy, kind, rule)
    yield from _papers(policy)
    yield from _bodies(policy)
    used = {name for rule in table.acts.values() for name in (*rule.ways, *rule.petition)}
    for name in table.ways.keys() - used:
        yield Problem(path=f"remedies.ways.{name}", what="没有行为用到这一途径", fix="请删去，或写入 acts")


def _missing(path: str, what: str, needed: Iterable[str], given: Iterable[str]) -> Iterator[Problem]:
    have = set(given)
    for name in needed:
        if name not in have:
            yield Problem(path=path, what=f"缺少{what}“{name}”", fix="请补上")


def _act(policy: Policy, kind: ActKind, rule: RemedyRule) -> Iterator[Problem]:
    path, ways = f"remedies.acts.{kind}", policy.remedies.ways
    for key in ("ways", "petition"):
        for name in getattr(rule, key):
            if name not in ways:
                yield Problem(path=f"{path}.{key}", what=f"没有途径“{name}”", fix=f"可写：{'、'.join(ways)}")
    if rule.first and rule.first not in rule.ways:
        yield Problem(
            path=f"{path}.first", what=f"前置途径“{rule.first}”不在 ways 中", fix="请列入 ways，或删去 first"
        )
    if not rule.ways and not rule.said:
        yield Problem(path=path, what="既没有途径，也没有说明", fix="请写 ways，或在 said 写明为何没有途径")
    if rule.ways and rule.said:
        yield Problem(path=f"{path}.said", what="有途径的行为不写 said", fix="请删去 said 或 ways")
    if not rule.papers and kind != NO_ACT:
        yield Problem(path=f"{path}.papers", what="没有写明在哪种文书中告知", fix="请写文书名称")
    for name in rule.papers:
        if name not in policy.documents:
            yield Problem(path=f"{path}.papers", what=f"没有文书“{name}”", fix="请在 documents 中定义")
        elif FIELD not in policy.documents[name].fields:
            yield Problem(
                path=f"documents.{name}.fields", what=f"缺少“{FIELD}”", fix=f"请补上，或改写 {path}.papers"
            )


def _papers(policy: Policy) -> Iterator[Problem]:
    for name, paper in policy.documents.items():
        if FIELD not in paper.fields:
            continue
        rules = [r for r in policy.remedies.acts.values() if name in r.papers]
        told = {c for r in rules for c in (r.conclusions or tuple(Conclusion))}
        for conclusion in Conclusion:
            if conclusion not in told:
                what = (
                    f"文书“{name}”结论为“{conclusion}”时没有{FIELD}" if told else f"文书“{name}”没有{FIELD}"
                )
                yield Problem(path="remedies.acts", what=what, fix=f"请在某一行为的 papers 中写上“{name}”")
                break


def _bodies(policy: Policy) -> Iterator[Problem]:
    roles = policy.units.roles
    for name, rule in policy.remedies.bodies.items():
        if rule.to in ROLE_WORDS and rule.to not in roles:
            yield Problem(
                path="units.roles",
                what=f"缺少角色“{rule.to}”（{ROLE_WORDS[rule.to]}）：它是复议机关",
                fix=f"请补上，或在 remedies.bodies.{name}.to 写明机关名称",
            )
    words = [*(r.lead for r in policy.routing.rows), *(r.lead for r in policy.routing.several)]
    words += [w for w in policy.powers.levy.units if w in roles]
    for word in dict.fromkeys(words):
        unit = roles.get(word, word)
        body = review_body(policy, unit)
        if body is None or body == unit:
            yield Problem(
                path="remedies.bodies",
                what=f"{unit}主办或征缴，却没有写明向谁申请行政复议"
                if body is None
                else f"{unit}自己复议自己",
                fix="请在 remedies.bodies 中写明它的复议机关",
            )
