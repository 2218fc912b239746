"""up, demo, play: bringing an office up, and playing stories in it."""

import asyncio
import logging
import shlex
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from cli.founding import FOUNDING_MINUTES, link
from cli.matters import Json
from cli.output import Exit, err, fail, out, print_json, table
from cli.session import DEMO
from domain.policy import Policy
from domain.words import SHANGHAI
from hosting import logs
from hosting.codec_server.token import address
from hosting.connect import NAMESPACE
from hosting.embedded.errors import CannotStart
from hosting.embedded.paths import data_folder, usual_folder
from hosting.embedded.supervisor import Supervisor
from hosting.instance import Instance, open_instance
from importing.rules import Rules, RulesError, rules_for
from ledger.accounts import founding_slip
from ledger.queries import list_disputes
from policies import PolicyError, load
from starter.scenario.compare import Difference
from starter.scenario.county import read_county
from starter.scenario.player import Played, Player, Seen
from starter.scenario.script import Scenario, ScenarioError, Step, read
from worker import running_workers

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
AT_ONCE = 4
"""Stories played side by side."""
DAY = 86_400.0
WATCHED_PACE = 6 * DAY
"""Business seconds a second while a person watches."""
QUICK_PACE = 200 * DAY

Port = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="办案平台的端口，默认 8080")]
PolicyName = Annotated[str, typer.Option("--policy", help="政策名或文件")]


def _report(line: str) -> None:
    err.print(line, style="dim", highlight=False, soft_wrap=True)


def _policy(name: str, as_json: bool) -> Policy:
    try:
        return load(name)
    except PolicyError as error:
        fail(Exit.DIFFERS, str(error), as_json=as_json)


def _tickets(policy: str) -> Rules | None:
    try:
        return rules_for(policy)
    except RulesError as error:
        fail(Exit.USAGE, str(error))


def _run(work: Callable[[Supervisor], Awaitable[int]], *, as_json: bool = False) -> None:
    """Run under a supervisor: Ctrl-C stops all that was started, and nothing else."""

    async def supervised() -> int:
        code = int(Exit.OK)
        async with Supervisor() as run:
            code = await work(run)
        if run.interrupted:
            _report("已全部停止。")
        return code

    try:
        code = asyncio.run(supervised())
    except CannotStart as error:
        fail(Exit.UNREACHABLE, str(error), as_json=as_json)
    if code:
        raise typer.Exit(code)


def _doors(instance: Instance, home: Path) -> None:
    """Where everything is; the door's key goes to a terminal alone, never into a file that keeps what is printed."""
    servers, codec = instance.servers, instance.codec
    lines = [("办案平台", instance.desk, "")] if instance.desk else []
    lines += [("Temporal 服务（temporal 命令、SDK）", servers.temporal_address, f"命名空间 {NAMESPACE}")]
    if codec and servers.ui_url:
        whole = (
            address(codec.url, codec.token) if out.is_terminal else f"{_where(home)}.venv/bin/fengqiao door"
        )
        hint = "" if out.is_terminal else "（运行它，得到完整地址）"
        lines += [
            ("Temporal 界面（密文）", servers.ui_url, ""),
            ("管理员入口（可看明文，勿外传）", whole, hint),
        ]
    for name, where, more in lines:
        out.print(f"{name}  [bold]{escape(where)}[/bold]  {more}".rstrip(), highlight=False, soft_wrap=True)


def _where(home: Path) -> str:
    """What a command needs before it to find the office in ``home``."""
    return f"FENGQIAO_HOME={shlex.quote(str(home))} " if home != usual_folder() else ""


def _addresses(instance: Instance, home: Path, rules: Policy, *, demonstration: bool = False) -> None:
    newest = list_disputes(instance.ledger.engine, limit=1)
    out.print()
    _doors(instance, home)
    out.print(f"数据在 {home}，Ctrl-C 停止。另开一个终端可以试试：", highlight=False)
    login = [f"login {instance.desk}"] if instance.desk and not demonstration else []
    named = f" --as {rules.units.roles['center']}/<经办人>" if demonstration else ""
    for line in [*login, *_next_commands(rules, newest[0]["case_no"] if newest else None, named)]:
        out.print(f"  {_where(home)}.venv/bin/fengqiao {line}", highlight=False, soft_wrap=True)


def _next_commands(rules: Policy, newest: str | None, named: str) -> list[str]:
    """What can be done now. ``newest``: the newest matter, or ``None`` in an office that has none yet; ``named``: how a
    demonstration is told who registers."""
    first = [f"register samples/登记示例.yaml{named}", "import 热线导出表.xlsx --check-only"]
    inbox = f"inbox --unit {rules.units.roles['center']}"
    return [*first, inbox] if newest is None else [first[0], "list", inbox, f"show {newest}", "ledger verify"]


def up(policy: PolicyName = "pianguan", port: Port = None) -> None:
    """Real time, real use; data are kept."""
    rules, tickets = _policy(policy, False), _tickets(policy)
    logs.configure(json=False, level=logging.INFO)

    async def work(run: Supervisor) -> int:
        began = time.monotonic()
        instance = await open_instance(
            run, data_folder(), _report, rules, running_workers, port=port, tickets=tickets
        )
        out.print(
            f"枫桥已启动（{time.monotonic() - began:.1f} 秒），政策 {rules.county.name} {rules.version}"
        )
        _addresses(instance, data_folder(), rules)
        _first_administrator(instance)
        await asyncio.Event().wait()
        return Exit.OK

    _run(work)


def _first_administrator(instance: Instance) -> None:
    """In an office that has nobody yet, the link by which the first administrator opens an account."""
    slip = founding_slip(instance.ledger, minutes=FOUNDING_MINUTES)
    if slip and instance.desk:
        out.print(
            f"还没有账号。第一位账号管理员请在 {FOUNDING_MINUTES} 分钟内打开（只能用一次，勿外传；过期请重新启动）：\n"
            f"  [bold]{escape(link(slip, instance.desk))}[/bold]",
            highlight=False,
            soft_wrap=True,
        )


def demo(
    stay: Annotated[
        bool, typer.Option("--stay", help="演示后保持运行：另有一个县的在办案件与各角色的账号")
    ] = False,
    policy: PolicyName = "pianguan",
    port: Port = None,
) -> None:
    """All samples on a paced clock, in a data folder made anew each time; with ``--stay`` a county in the middle of its work."""
    rules, tickets = _policy(policy, False), _tickets(policy)
    logs.configure(json=False, level=logging.ERROR)
    files = sorted(p for p in SAMPLES.glob("*.yaml") if "script:" in p.read_text(encoding="utf-8"))
    stories = _read(files, rules)
    now = datetime.now(SHANGHAI)
    county = _county(policy, rules, now) if stay else []
    home = data_folder() / DEMO

    async def work(run: Supervisor) -> int:
        instance = await open_instance(
            run, home, _report, rules, running_workers, fresh=True, port=port, tickets=tickets
        )
        _doors(instance, home)
        began = time.monotonic()
        player = Player(instance.office, instance.ledger, pace=WATCHED_PACE, watch=_show_step)
        silent = Player(instance.office, instance.ledger, pace=QUICK_PACE)
        played, living = await asyncio.gather(
            _play(stories, lambda story: player.play(story, goes_on_at=now if stay else None)),
            _play(county, lambda story: silent.let_go(story, now)),
        )
        _summary(played)
        failed = [p for p in played if p["differences"]]
        out.print(
            f"{len(played)} 件样例，{len(played) - len(failed)} 件符合预期，用时 {time.monotonic() - began:.0f} 秒"
        )
        if stay:
            _differences(living)
            await _accounts(instance, rules, len(living))
            _addresses(instance, home, rules, demonstration=True)
            await asyncio.Event().wait()
        return Exit.DIFFERS if failed else Exit.OK

    _run(work)


def _county(policy: str, rules: Policy, now: datetime) -> list[tuple[Path, Scenario]]:
    """What is under way in the policy's county as of now; nothing for a county without such a file."""
    file = SAMPLES / "county" / f"{Path(policy).stem}.yaml"
    if not file.is_file():
        return []
    try:
        return [(file.with_name(story.id), story) for story in read_county(file, now.date(), rules.calendar)]
    except ScenarioError as error:
        fail(Exit.USAGE, str(error))


async def _accounts(instance: Instance, rules: Policy, living: int) -> None:
    """Everybody who may sign in to the demonstration, with his password."""
    from hosting.demonstration import open_accounts  # as in open_instance

    if living:
        out.print(
            f"另有 {living} 件案件已办到今天，以后按真实时间办理，登录办案平台即可接着办。", highlight=False
        )
    opened = await open_accounts(instance.ledger, rules)
    table("演示账号（每次启动重新生成，仅用于演示；回访须由初审人以外的人办理）", ["登录名", "口令", "姓名", "单位", "角色"],
          [[o.account.login, o.password, o.account.name, o.unit, o.account.role.word] for o in opened])  # fmt: skip


def play(
    files: Annotated[list[Path], typer.Argument(help="剧本文件")],
    check: Annotated[bool, typer.Option("--check", help="与预期逐项比对，不符则退出码为 4")] = False,
    policy: PolicyName = "pianguan",
    as_json: Json = False,
) -> None:
    """Stories played in an office of their own, taken down afterwards; no real matter is ever touched."""
    rules = _policy(policy, as_json)
    stories = _read(files, rules, as_json=as_json)
    logs.configure(json=False, level=logging.ERROR)

    data_folder().mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="play-", dir=data_folder()))

    async def work(run: Supervisor) -> int:
        instance = await open_instance(run, home, _report, rules, running_workers, headless=True)
        watch = None if as_json else _show_step
        player = Player(instance.office, instance.ledger, pace=QUICK_PACE, watch=watch)
        played = await _play(stories, player.play)
        if as_json:
            print_json(played)
        else:
            _summary(played)
        failed = any(p["case_no"] is None or (check and not p["ok"]) for p in played)
        return Exit.DIFFERS if failed else Exit.OK

    try:
        _run(work, as_json=as_json)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _read(files: list[Path], policy: Policy, *, as_json: bool = False) -> list[tuple[Path, Scenario]]:
    """Every story, before anything is started for them; leaves with all that is wrong with any."""
    stories: list[tuple[Path, Scenario]] = []
    problems: list[str] = []
    for file in files:
        try:
            stories.append((file, read(file, policy.calendar)))
        except ScenarioError as error:
            problems.append(str(error))
    if problems:
        fail(Exit.USAGE, "\n".join(["剧本有误，什么也没有启动：", *problems]), as_json=as_json)
    return stories


async def _play(
    stories: list[tuple[Path, Scenario]], perform: Callable[[Scenario], Awaitable[Played]]
) -> list[dict[str, Any]]:
    """Play the stories side by side; the results in their order."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(file: Path, scenario: Scenario) -> dict[str, Any]:
        async with free:
            try:
                return _entry(file, await perform(scenario))
            except (ScenarioError, TimeoutError, LookupError) as error:
                problem = Difference("play", "能演完的剧本", f"{type(error).__name__}：{error}")
                return _entry(file, None, [problem])

    return list(await asyncio.gather(*(one(file, scenario) for file, scenario in stories)))


def _entry(file: Path, played: Played | None, problems: list[Difference] | None = None) -> dict[str, Any]:
    differences = played.differences if played else problems or []
    return {
        "file": str(file),
        "ok": not differences,
        "case_no": played.case_no if played else None,
        "title": played.scenario.title if played else None,
        "differences": [d._asdict() for d in differences],
        "actual": played.actual if played else {},
    }


def _show_step(scenario: Scenario, step: Step, seen: Seen) -> None:
    at = f"{step.at:%m-%d %H:%M}" if step.at else ""
    done = "、".join(seen.verbs) or step.action
    end = (
        f"  [yellow]被拒绝：{escape(seen.refusal)}[/yellow]"
        if seen.refusal
        else f" → [bold]{seen.stage}[/bold]"
    )
    out.print(
        f"[dim]{scenario.id:<6}[/dim] {at}  {step.unit} {step.officer}：{done}{end}",
        highlight=False,
        soft_wrap=True,
    )


def _summary(played: list[dict[str, Any]]) -> None:
    table("结果", ["剧本", "案号", "经过", "结果"],
          [[Path(p["file"]).stem, p["case_no"], " → ".join(p["actual"].get("route") or []),
            "符合预期" if p["ok"] else f"{len(p['differences'])} 处不符"] for p in played])  # fmt: skip
    _differences(played)


def _differences(played: list[dict[str, Any]]) -> None:
    for entry in played:
        for d in entry["differences"]:
            out.print(f"[red]{Path(entry['file']).name}[/red]  {d['key']}：预期 {d['expected']}，实际 {d['actual']}",
                      highlight=False, soft_wrap=True)  # fmt: skip
