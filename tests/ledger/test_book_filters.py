"""Every filter of the book, alone and with others, against a plain count over the same matters."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.dispute import Dispute
from domain.due import next_due
from domain.policy import Policy
from domain.words import SHANGHAI, Channel, ClaimType, Insurance, MatterKind, Stage
from ledger import paging
from ledger.desk import Count
from ledger.paging import Page
from ledger.queries import EVERYTHING, Filters, list_disputes, number_of_disputes, page_of_disputes
from ledger.store import Ledger
from tests.ledger.lives import keep_sample
from tests.ledger.support import Books, a_claim, a_firm, an_intake

NOW = datetime.now(SHANGHAI)
TOWN, INDUSTRY = "老营镇", "建材制造"


@pytest.fixture(scope="module")
def stocked(ledger_of_the_module: Ledger, policy: Policy) -> tuple[Ledger, list[Dispute]]:
    """The lives of all samples, and matters of today: late, due soon, of a group, without an amount."""
    ledger = ledger_of_the_module
    ledger.save_policy(policy)
    for number in range(1, 17):
        keep_sample(ledger, policy, f"{number:02d}")
    books = Books(ledger, policy)
    for n, days in enumerate((0, 1, 40)):
        books.register(
            an_intake(
                f"BOOK-{n}",
                received_at=NOW - timedelta(days=days),
                respondents=[a_firm(town=TOWN, industry=INDUSTRY)],
                claims=[a_claim(insurance="工伤", amount=None if n else "88.50")],
            )
        )
    every = [ledger.state(row["dispute_id"]) for row in list_disputes(ledger.engine)]
    return ledger, every


def fits(d: Dispute, f: Filters) -> bool:
    """Whether a matter is meant, told from its state alone."""
    facts = d.facts
    claims = [c for c in facts.claims if c.insurance or c.type]
    due, told = next_due(d), facts.claimed > 0
    late = due is not None and due < datetime.now(SHANGHAI) and not d.is_over

    def within(moment: datetime | None, name: str) -> bool:
        first, until = getattr(f, f"{name}_from"), getattr(f, f"{name}_until")
        if first is None and until is None:
            return True
        return moment is not None and (first is None or moment >= first) and (until is None or moment < until)

    return all(
        (
            f.kind in (None, d.kind),
            f.channel in (None, facts.channel),
            f.stage in (None, d.stage),
            f.level in (None, d.level or d.suggested),
            f.lead in (None, d.lead),
            f.center in (None, d.center),
            f.unit is None or f.unit in (d.lead, d.center),
            f.card in (None, d.card),
            f.is_over in (None, d.is_over),
            f.is_closed in (None, d.closed_at is not None or d.is_over),
            f.co is None or f.co in d.co,
            f.overdue in (None, late),
            f.grouped in (None, d.group),
            f.claim_type is None or f.claim_type in [c.type for c in claims],
            f.insurance is None or f.insurance in [c.insurance for c in claims],
            f.town is None or f.town in [r.town for r in facts.respondents],
            f.industry is None or f.industry in [r.industry for r in facts.respondents],
            within(min(s.received_at for s in d.sources), "opened"),
            within(d.closed_at, "closed"),
            within(due, "due") and ((f.due_from is None and f.due_until is None) or not d.is_over),
            f.amount_from is None or (told and facts.claimed >= f.amount_from),
            f.amount_to is None or (told and facts.claimed <= f.amount_to),
        )
    )


_MOMENTS = st.one_of(
    st.none(),
    st.builds(lambda n: datetime(2026, 1, 1, tzinfo=SHANGHAI) + timedelta(days=n), st.integers(0, 400)),
)
_SUMS = st.one_of(st.none(), st.sampled_from([Decimal(n) for n in (0, 88, 1320, 4000, 25600, 10**6)]))
ALL: dict[str, Any] = {
    "kind": st.sampled_from(MatterKind),
    "channel": st.sampled_from(Channel),
    "stage": st.sampled_from([stage.value for stage in Stage]),
    "level": st.sampled_from(["低", "中", "高"]),
    "lead": st.sampled_from(["县税务局", "县人社局", "县水务局"]),
    "center": st.just("县综治中心"),
    "unit": st.sampled_from(["县税务局", "县综治中心"]),
    "card": st.sampled_from(["黄牌", "红牌"]),
    "claim_type": st.sampled_from(ClaimType),
    "insurance": st.sampled_from(Insurance),
    "town": st.sampled_from([TOWN, "新关镇", "无此镇"]),
    "industry": st.sampled_from([INDUSTRY, "无此行业"]),
    "is_over": st.booleans(),
    "is_closed": st.booleans(),
    "co": st.sampled_from(["县税务局", "县司法局", "县水务局"]),
    "overdue": st.booleans(),
    "grouped": st.booleans(),
}
ONE_OF = {name: st.one_of(st.none(), st.none(), st.none(), values) for name, values in ALL.items()}
SPANS = {f"{name}_{end}": _MOMENTS for name in ("opened", "closed", "due") for end in ("from", "until")}


@settings(max_examples=150)
@given(
    asked=st.fixed_dictionaries({**ONE_OF, **SPANS, "amount_from": _SUMS, "amount_to": _SUMS}),
    few=st.sampled_from([0, 4, 1000]),
)
def test_many_filters_together_find_what_a_plain_count_finds(
    stocked: tuple[Ledger, list[Dispute]], asked: dict[str, Any], few: int
) -> None:
    """However many are called few: whether they are fetched by their ids or walked to."""
    ledger, every = stocked
    filters = Filters.model_validate({name: value for name, value in asked.items() if value is not None})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging, "FEW", few)
        found = {row["dispute_id"] for row in list_disputes(ledger.engine, filters)}
    assert found == {d.id for d in every if fits(d, filters)}, filters.words()


@pytest.mark.parametrize("name", [*ALL, *SPANS, "amount_from", "amount_to"])
def test_each_filter_alone_finds_some_and_leaves_some(
    stocked: tuple[Ledger, list[Dispute]], name: str
) -> None:
    ledger, every = stocked
    sizes: set[int] = set()
    for value in VALUES[name]:
        filters = Filters.model_validate({name: value})
        found = {row["dispute_id"] for row in list_disputes(ledger.engine, filters)}
        assert found == {d.id for d in every if fits(d, filters)}, (name, value)
        assert filters.words(), name
        sizes.add(len(found))
    assert any(0 < size < len(every) for size in sizes) or name == "center", (name, sizes)


VALUES: dict[str, list[Any]] = {
    "kind": list(MatterKind),
    "channel": list(Channel),
    "stage": [stage.value for stage in Stage],
    "level": ["低", "中", "高"],
    "lead": ["县税务局", "县人社局"],
    "center": ["县综治中心", "无此单位"],
    "unit": ["县税务局", "无此单位"],
    "card": ["黄牌", "红牌"],
    "claim_type": list(ClaimType),
    "insurance": list(Insurance),
    "town": [TOWN, "无此镇"],
    "industry": [INDUSTRY],
    "is_over": [True, False],
    "is_closed": [True, False],
    "co": ["县税务局", "县司法局", "县水务局"],
    "overdue": [True, False],
    "grouped": [True, False],
    **{name: [NOW, NOW - timedelta(days=30), datetime(2026, 6, 1, tzinfo=SHANGHAI)] for name in SPANS},
    "amount_from": [Decimal(1000)],
    "amount_to": [Decimal(1000)],
}


@pytest.mark.parametrize("filters", [EVERYTHING, Filters(insurance=Insurance.PENSION), Filters(is_over=True)])
def test_the_pages_of_a_filter_are_its_list(stocked: tuple[Ledger, list[Dispute]], filters: Filters) -> None:
    ledger, every = stocked
    paged: list[str] = []
    page = Page([], "")
    while page.after is not None:
        page = page_of_disputes(ledger.engine, filters, after=page.after or None, most=3)
        paged += [row["dispute_id"] for row in page.rows]
    assert len(set(paged)) == len(paged)
    assert set(paged) == {d.id for d in every if fits(d, filters)}
    assert number_of_disputes(ledger.engine, filters) == Count(len(paged), more=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ledger.desk.MOST_COUNTED", 2)
        assert number_of_disputes(ledger.engine, filters) == Count(2, more=True)
