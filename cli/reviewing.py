"""review: the lists that the county goes through regularly. They block nothing and are nobody's task."""

from datetime import date, datetime
from typing import Annotated, Any

import typer

from cli.matters import Json
from cli.output import moment, out, print_json, table
from cli.session import open_ledger
from domain.policy import Policy
from domain.policy_life import ReviewRule
from domain.words import SHANGHAI
from ledger.queries import saved_policies
from ledger.reviews import review_list
from ledger.store import Ledger


def review(
    on: Annotated[
        datetime | None, typer.Option("--on", help="从哪一天起看，如 2026-11-01；不写即今天")
    ] = None,
    as_json: Json = False,
) -> None:
    """Each list with its next day, and the open matters that will stand on it."""
    ledger = open_ledger(as_json=as_json)
    today = (on or datetime.now(SHANGHAI)).date()
    policies = saved_policies(ledger.engine)
    found = [_list(ledger, policies[0], rule, today) for rule in policies[0].reviews] if policies else []
    if as_json:
        print_json(found)
    elif not found:
        out.print("本县政策没有写定期会审清单（reviews）")
    for one in found if not as_json else []:
        table(
            f"{one['name']}，{one['day']}，{one['unit']}（{len(one['matters'])} 件）",
            ["案号", "阶段", "等级", "主办", "最近期限"],
            [
                [m["case_no"], m["stage"], m["level"], m["lead"], moment(m["next_due"])]
                for m in one["matters"]
            ],
        )


def _list(ledger: Ledger, policy: Policy, rule: ReviewRule, today: date) -> dict[str, Any]:
    day = rule.next_day(today, policy.calendar)
    rows = review_list(ledger.engine, rule, day)
    listed = [row | {"stage": policy.say(row["stage"])} for row in rows]
    return {"name": rule.name, "day": day, "unit": policy.unit(rule.unit), "matters": listed}
