"""policy: check a policy file, and show what it makes of the mechanism."""

from typing import Annotated, Any

import typer

from cli.matters import Json
from cli.output import Exit, fail, out, print_json, table
from domain.actions import VERBS
from domain.clocks import TAG_WORDS
from domain.policy import Policy
from domain.policy_check import check
from domain.tasks import TASKS
from policies import PolicyError, load

policy_app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="政策名或文件")]


def _load(name: str, as_json: bool) -> Policy:
    try:
        return load(name)
    except PolicyError as error:
        fail(Exit.DIFFERS, str(error), as_json=as_json)


@policy_app.command("check")
def check_policy(name: Name = "pianguan", as_json: Json = False) -> None:
    """检查政策文件：无缺口、无重叠、无循环，每一步有人、有时限、有出口."""
    policy = _load(name, as_json)
    problems = check(policy)
    if as_json:
        print_json(
            {"ok": not problems, "version": policy.version, "problems": [p.model_dump() for p in problems]}
        )
    elif problems:
        table("政策有问题", ["位置", "问题", "如何改"], [[p.path, p.what, p.fix] for p in problems])
    else:
        out.print(f"政策 {policy.county.name}（{policy.version}）检查通过")
    if problems:
        raise typer.Exit(Exit.DIFFERS)


@policy_app.command("show")
def show_policy(name: Name = "pianguan", as_json: Json = False) -> None:
    """本县机制一览：等级和路线，任务由谁办、时限多长、怎样办结，时限及其依据."""
    policy = _load(name, as_json)
    shown = {
        "version": policy.version,
        "tiers": _tiers(policy),
        "tasks": _tasks(policy),
        "clocks": _clocks(policy),
    }
    if as_json:
        print_json({"county": policy.county.name, **shown})
        return
    out.print(f"[bold]{policy.county.name}[/bold]（政策版本 {policy.version}）")
    _print("等级和路线", shown["tiers"])
    _print("任务", shown["tasks"])
    _print("时限", shown["clocks"])


def _print(title: str, rows: Any) -> None:
    table(title, list(rows[0]), [list(row.values()) for row in rows])


def _tiers(policy: Policy) -> list[dict[str, str]]:
    return [
        {
            "等级": t.name,
            "办理方式": t.path,
            "路线": " → ".join(f"{s.word}{'' if s.required else '（需要时）'}" for s in t.route),
            "总时限": policy.clock(t.total).text,
            "结果由谁告知": {"lead": "主办单位", "center": policy.units.roles["center"]}.get(
                t.notifier, t.notifier
            ),
            "依据": t.basis,
        }
        for t in policy.tiers
    ]


def _tasks(policy: Policy) -> list[dict[str, str]]:
    return [
        {
            "任务": rule.title,
            "代码": kind.value,
            "由谁办": rule.owner,
            "时限": "、".join(f"{c.name} {c.text}" for id_ in rule.clocks if (c := policy.clocks.get(id_)))
            or "随该步骤",
            "因何产生": rule.opened_by,
            "怎样办理": "、".join(VERBS[done] for done in rule.done_by),
        }
        for kind, rule in TASKS.items()
    ]


def _clocks(policy: Policy) -> list[dict[str, str]]:
    return [
        {"时限": c.name, "代码": c.id, "长度": c.text, "依据": c.basis, "来源": TAG_WORDS[c.tag]}
        for c in policy.clocks.values()
    ]
