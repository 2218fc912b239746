"""重复投诉: the same person complains of the same firm in the same matter again, soon after it was closed.

Persons and firms are recognised by the keyed hashes in ``parties``, as a possible duplicate is: the same 证件号, or name and
telephone unless the 证件号 differ; the same 信用代码 or name. The same matter: a claim of the same 险种 and 争议类型.
"""

from sqlalchemy import ColumnElement, Exists, FromClause, and_, exists, or_, select

from ledger.read_tables import measures, parties


def is_repeated() -> ColumnElement[bool]:
    """Whether the matter of a row of ``measures`` repeats one closed before it.

    ``LIMIT`` keeps PostgreSQL from answering for all matters at once, which would read whole tables.
    """
    mine, theirs, known = parties.alias("mine"), parties.alias("theirs"), measures.alias("known")
    found = (
        select(known.c.dispute_id)
        .join(theirs, theirs.c.dispute_id == known.c.dispute_id)
        .join(mine, _same_person(mine, theirs))
        .where(
            mine.c.dispute_id == measures.c.dispute_id,
            theirs.c.dispute_id != measures.c.dispute_id,
            ~known.c.merged,
            known.c.closed_at < measures.c.registered_at,
            known.c.repeat_until >= measures.c.registered_at,
            known.c.subjects.overlap(measures.c.subjects),
            _same_firm(known),
        )
        .correlate(measures)
        .limit(1)
    )
    return found.scalar_subquery().is_not(None)


def _same_person(mine: FromClause, theirs: FromClause) -> ColumnElement[bool]:
    both_known = and_(mine.c.id_number.is_not(None), theirs.c.id_number.is_not(None))
    same_phone = and_(theirs.c.phone == mine.c.phone, theirs.c.name == mine.c.name, ~both_known)
    persons = and_(mine.c.kind != "respondent", theirs.c.kind != "respondent")
    return and_(persons, or_(theirs.c.id_number == mine.c.id_number, same_phone))


def _same_firm(known: FromClause) -> ColumnElement[bool]:
    """A respondent in common, or none on either side."""
    mine, theirs = parties.alias("my_firm"), parties.alias("their_firm")
    ours = and_(mine.c.dispute_id == measures.c.dispute_id, mine.c.kind == "respondent")
    known_ones = and_(theirs.c.dispute_id == known.c.dispute_id, theirs.c.kind == "respondent")
    same = or_(theirs.c.uscc == mine.c.uscc, theirs.c.name == mine.c.name)

    def some(*conditions: ColumnElement[bool]) -> Exists:
        return exists().where(*conditions).correlate(measures, known)

    return or_(some(ours, known_ones, same), and_(~some(ours), ~some(known_ones)))
