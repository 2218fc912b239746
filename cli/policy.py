"""policy: check a policy file, and show what it makes of the mechanism."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.matters import Json
from cli.output import Exit, fail, out, print_json, table
from cli.policy_rights import show_rights
from domain.actions import FORMS, VERBS
from domain.clocks import KIND_WORDS, START_WORDS, TAG_WORDS, AlarmKind
from domain.decide.may import MAY
from domain.decide.parts import word_of
from domain.policy import Policy
from domain.policy_dead import dead
from domain.policy_explain import explain_tier
from domain.policy_problem import Problem
from domain.tasks import TASKS
from domain.words import Stage, Step
from ledger.book import HEADERS
from ledger.figures import DISTRIBUTIONS, FIGURES
from policies import PolicyError, load
from policies.schema import policy_schema

policy_app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="政策名或文件")]
PolicyName = Annotated[str, typer.Option("--policy", help="政策名或文件")]


def load_policy(name: str, as_json: bool) -> Policy:
    """The policy by name or file; leaves with its faults when it has any."""
    try:
        return load(name)
    except PolicyError as error:
        fail(Exit.DIFFERS, str(error), as_json=as_json)


@policy_app.command("check")
def check_policy(name: Name = "pianguan", as_json: Json = False) -> None:
    """检查政策文件：无缺口、无重叠、无循环，每一步有人、有时限、有出口；并指出写了却用不到的."""
    policy = load_policy(name, as_json)
    unused = [*dead(policy), *_dead_words(policy)]
    if as_json:
        print_json(
            {
                "ok": True,
                "version": policy.version,
                "problems": [],
                "unused": [p.model_dump() for p in unused],
            }
        )
        return
    out.print(f"政策 {policy.county.name}（{policy.version}）检查通过")
    if unused:
        table(
            "写了却用不到的（不影响使用）",
            ["位置", "情况", "如何改"],
            [[p.path, p.what, p.fix] for p in unused],
        )


def _dead_words(policy: Policy) -> list[Problem]:
    """Words of the county's own for words that the software never says."""
    said = "\n".join(_software_words(policy))
    return [
        Problem(path=f"words.{word}", what=f"软件从不说“{word}”", fix="请核对左边的词，或删去")
        for word in policy.words
        if word not in said
    ]


def _software_words(policy: Policy) -> Iterator[str]:
    yield from (s.value for s in Stage)
    yield from (s.word for s in Step)
    yield from (a.value for a in AlarmKind)
    yield from (f"{rule.title}{rule.owner}{rule.opened_by}" for rule in TASKS.values())
    yield from (f"{form.verb}{form.basis}" for form in FORMS.values())
    yield from (field.title or "" for form in FORMS.values() for field in form.model_fields.values())
    yield from (rule.name for rule in policy.clocks.values())
    yield from policy.documents
    yield from HEADERS
    yield from (f"{f.name}{f.definition}" for f in FIGURES)
    yield from DISTRIBUTIONS
    yield from ("台账", "风险指标", "统计期")


@policy_app.command("explain")
def explain_policy(
    level: Annotated[str, typer.Argument(help="等级，如 低")],
    name: PolicyName = "pianguan",
    as_json: Json = False,
) -> None:
    """说明某一等级的案件会怎样办：何时、由谁、多久、出什么文书、怎样办结."""
    policy = load_policy(name, as_json)
    try:
        lines = explain_tier(policy, policy.tier(level))
    except ValueError as error:
        fail(Exit.USAGE, str(error), as_json=as_json)
    if as_json:
        print_json({"level": level, "lines": lines})
        return
    for line in lines:
        out.print(line, highlight=False, markup=False, soft_wrap=True)


@policy_app.command("new")
def new_policy() -> None:
    """打印一份最小而完整的县级政策，供新的县从它写起."""
    typer.echo(Path(__file__).with_name("policy_form.yaml").read_text(encoding="utf-8"), nl=False)


@policy_app.command("schema")
def schema_of_policy() -> None:
    """打印政策文件的 JSON Schema，每一项附中文说明，可供编辑器提示和校验."""
    print_json(policy_schema())


@policy_app.command("show")
def show_policy(
    name: Name = "pianguan",
    roster: Annotated[bool, typer.Option("--roster", help="名册：“1+7+N”各单位的职务和职责")] = False,
    rights: Annotated[bool, typer.Option("--rights", help="岗位权限：每种角色可以办什么、看多少")] = False,
    as_json: Json = False,
) -> None:
    """本县机制一览：等级和路线，任务，谁可以办什么，时限及其依据；--roster 为名册，--rights 为岗位权限."""
    policy = load_policy(name, as_json)
    if rights:
        show_rights(policy, as_json)
        return
    if roster:
        _show_roster(policy, as_json)
        return
    shown = {
        "version": policy.version,
        "tiers": _tiers(policy),
        "tasks": _tasks(policy),
        "who": _who(policy),
        "clocks": _clocks(policy),
    }
    if as_json:
        print_json({"county": policy.county.name, **shown})
        return
    out.print(f"[bold]{policy.county.name}[/bold]（政策版本 {policy.version}）")
    _print("等级和路线", shown["tiers"])
    _print("任务", shown["tasks"])
    _print("谁可以办什么", shown["who"])
    _print("时限", shown["clocks"])


def _show_roster(policy: Policy, as_json: bool) -> None:
    """Who is who: one row a unit."""
    rows = [
        {
            "部分": entry.part,
            "单位": policy.units.roles.get(entry.unit, entry.unit),
            "职务": "；".join(f"{p.post}：{p.holder}" for p in entry.posts),
            "职责": "；".join(entry.duties),
            "依据": f"{entry.basis}（{TAG_WORDS[entry.tag]}）",
        }
        for entry in policy.roster
    ]
    if as_json:
        print_json({"county": policy.county.name, "version": policy.version, "roster": rows})
    elif rows:
        _print(f"{policy.county.name}名册", rows)
    else:
        out.print(f"{policy.county.name}的政策没有写名册（roster）")


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


def _who(policy: Policy) -> list[dict[str, str]]:
    """Each verb with the units that may do it in a matter; any other unit is turned down."""
    return [
        {
            "操作": VERBS[kind],
            "代码": kind,
            "谁可以办": "、".join(dict.fromkeys(word_of(part, policy) for part in MAY[kind])),
            "依据": form.basis,
        }
        for kind, form in FORMS.items()
    ]


def _clocks(policy: Policy) -> list[dict[str, str]]:
    return [
        {
            "时限": c.name,
            "代码": c.id,
            "长度": c.text,
            "起算": START_WORDS[c.start] if c.id in policy.legal_rules() and not c.instead_of else "",
            "性质": KIND_WORDS[c.kind],
            "依据": c.basis,
            "来源": TAG_WORDS[c.tag],
        }
        for c in policy.clocks.values()
    ]
