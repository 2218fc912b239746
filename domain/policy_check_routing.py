"""Checks on the routing table: every claim finds exactly one row, every unit it names exists."""

from collections.abc import Iterator
from itertools import product

from domain.policy import Policy, UnknownUnit
from domain.policy_problem import Problem
from domain.words import ClaimType, Insurance, Regime


def routing_problems(policy: Policy) -> Iterator[Problem]:
    """Gaps, rows never reached, and units or categories that do not exist."""
    yield from _categories(policy)
    yield from _coverage(policy)
    yield from _units(policy)
    categories = {rule.category for rule in policy.routing.categories}
    for section in ("premium_categories", "execution_categories", "refund_categories"):
        for name in getattr(policy, section):
            if name not in categories:
                yield Problem(path=section, what=f"没有类别“{name}”", fix="请写 routing.categories 中的类别")
    for n, choice in enumerate(policy.routing.several):
        for name in set(choice.if_any) - categories:
            yield Problem(
                path=f"routing.several.{n}.if_any",
                what=f"没有类别“{name}”",
                fix="请写 routing.categories 中的类别",
            )
    if not policy.routing.several or policy.routing.several[-1].if_any:
        yield Problem(
            path="routing.several", what="多项诉求时可能没有主办", fix="最后一条请只写 lead，不写 if_any"
        )


def _categories(policy: Policy) -> Iterator[Problem]:
    rules = policy.routing.categories
    for kind in ClaimType:
        mine = [(n, r) for n, r in enumerate(rules) if r.type == kind]
        if not mine or mine[-1][1].keywords:
            what = f"争议类型“{kind}”没有归类" if not mine else f"争议类型“{kind}”不含关键词时没有归类"
            yield Problem(path="routing.categories", what=what, fix="请补一条不写 keywords 的归类")
        for place, (n, rule) in enumerate(mine[:-1]):
            if not rule.keywords:
                what = f"其后关于“{kind}”的 {len(mine) - place - 1} 条归类永远用不到"
                yield Problem(
                    path=f"routing.categories.{n}", what=what, fix="请把不写 keywords 的一条放在最后"
                )


def _coverage(policy: Policy) -> Iterator[Problem]:
    first: dict[tuple[str, Regime, Insurance], int] = {}
    for n, row in enumerate(policy.routing.rows):
        cells = list(product([row.category], row.regimes, row.insurances))
        taken = [first[cell] for cell in cells if cell in first]
        if len(taken) == len(cells):
            what = f"这一行永远用不到，所列情形已由第 {taken[0] + 1} 行承办"
            yield Problem(path=f"routing.rows.{n}", what=what, fix="请删去，或调整前后次序")
        elif taken:
            what = f"这一行与第 {taken[0] + 1} 行重叠，同一情形有两个去处"
            yield Problem(path=f"routing.rows.{n}", what=what, fix="请使各行互不重叠")
        for cell in cells:
            first.setdefault(cell, n)
    categories = dict.fromkeys(rule.category for rule in policy.routing.categories)
    for category, regime in product(categories, Regime):
        missing = [i for i in Insurance if (category, regime, i) not in first]
        if missing:
            what = f"类别 {category}、{regime}、{'/'.join(missing)}没有承办单位"
            yield Problem(path="routing.rows", what=what, fix="请补一行")


def _units(policy: Policy) -> Iterator[Problem]:
    named = [(f"routing.rows.{n}", [r.lead, *r.co]) for n, r in enumerate(policy.routing.rows)]
    named += [(f"routing.several.{n}", [c.lead]) for n, c in enumerate(policy.routing.several)]
    named += [(f"routing.modifiers.{n}", list(m.add)) for n, m in enumerate(policy.routing.modifiers)]
    for path, units in named:
        for unit in units:
            try:
                policy.unit(unit)
            except UnknownUnit as error:
                yield Problem(path=path, what=str(error), fix="请写角色或已登记的单位名称")
    for n, row in enumerate(policy.routing.rows):
        if row.lead in row.co:
            yield Problem(path=f"routing.rows.{n}.co", what="主办又列为协办", fix="请从 co 中删去")
