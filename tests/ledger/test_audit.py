"""However much the audit holds, a page of it is read by its indexes, whatever it is filtered by."""

from itertools import product

import pytest
from sqlalchemy import text

from ledger import audit
from ledger.audit import PAGE
from ledger.store import Ledger
from tests.access.test_accounts import County
from tests.ledger.test_query_plans import plans

GROWN = 30_000
PEOPLE, VERBS = 40, ("登录", "查看身份信息", "导出台账", "极少见的")


@pytest.fixture
def grown(ledger_of_its_own: Ledger) -> Ledger:
    """Thousands of entries of many people; one verb is rare, and one person's alone."""
    county = County(ledger_of_its_own)
    for n in range(PEOPLE):
        county.person(f"p{n}")
    grow = """
        INSERT INTO audit (n, at, person_id, address, verb, object, result, prev_hash, hash, seal)
        SELECT last + n, now(), p.ids[1 + n % :people], '', CASE WHEN n = 5 THEN '极少见的' ELSE v.verb END,
               '', '成功', '', '', ''
        FROM generate_series(1, :n) n, (SELECT max(n) AS last FROM audit) a,
             (SELECT array_agg(person_id ORDER BY login) AS ids FROM persons WHERE login LIKE 'p%') p,
             LATERAL (SELECT (ARRAY['登录', '查看身份信息', '导出台账'])[1 + n % 3] AS verb) v
    """
    with ledger_of_its_own.engine.begin() as connection:
        connection.execute(text(grow), {"n": GROWN, "people": PEOPLE})
    with ledger_of_its_own.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE audit, persons, posts"))
    return ledger_of_its_own


def person(ledger: Ledger, login: str) -> str:
    with ledger.engine.connect() as connection:
        return str(connection.scalar(text("SELECT person_id FROM persons WHERE login = :l"), {"l": login}))


def test_a_page_is_read_by_an_index_whatever_is_asked(grown: Ledger) -> None:
    for login, verb in product((None, "p0", "p7"), (None, *VERBS)):
        who = login and person(grown, login)
        nodes = plans(grown, lambda w=who, v=verb: audit.entries(grown, person=w, verb=v), "FROM audit")
        scans = [n["Node Type"] for n in nodes if n.get("Relation Name") == "audit"]
        assert scans, (login, verb)
        assert "Seq Scan" not in scans, (login, verb, nodes)


def test_the_rare_is_found_among_the_many_without_reading_them(grown: Ledger) -> None:
    (rare,) = audit.entries(grown, verb="极少见的")
    assert rare.who
    assert audit.entries(grown, person=person(grown, rare.who.login), verb="极少见的") == [rare]
    nodes = plans(grown, lambda: audit.entries(grown, verb="极少见的"), "FROM audit")
    (scan,) = [n for n in nodes if n.get("Index Name", "").startswith("audit")]
    assert scan["Index Name"] == "audit_verb_n_idx"


def test_every_verb_is_listed_by_as_many_probes(grown: Ledger) -> None:
    assert set(VERBS) <= set(audit.verbs(grown))
    assert audit.verbs(grown) == sorted(set(audit.verbs(grown)))
    nodes = plans(grown, lambda: audit.verbs(grown), "FROM audit")
    scans = [n["Node Type"] for n in nodes if n.get("Relation Name") == "audit"]
    assert set(scans) == {"Index Only Scan"}, nodes


def test_pages_follow_each_other_without_a_gap(grown: Ledger) -> None:
    who = person(grown, "p0")
    first = audit.entries(grown, person=who)
    second = audit.entries(grown, person=who, before=first[-1].n)
    assert len(first) == PAGE
    numbers = [kept.n for kept in (*first, *second)]
    assert numbers == sorted(set(numbers), reverse=True)
    assert {kept.who and kept.who.login for kept in (*first, *second)} == {"p0"}
