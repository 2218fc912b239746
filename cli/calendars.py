"""calendar: compare the policy's table of days off with the published one, day by day."""

import typer

from cli.matters import Json
from cli.output import Exit, out, print_json, table
from cli.policy import Name, load_policy
from domain.calendar import WorkCalendar
from policies.published import Compared

calendar_app = typer.Typer(no_args_is_help=True)


@calendar_app.callback()
def about() -> None:
    """放假、调休日历."""


@calendar_app.command("check")
def check_calendar(name: Name = "pianguan", as_json: Json = False) -> None:
    """逐日核对放假、调休日历与已公布的安排（chinesecalendar），列出不同之处."""
    calendar = load_policy(name, as_json).calendar
    found = Compared(calendar)
    if as_json:
        print_json(
            {
                "ok": not found.differences,
                "version": calendar.version,
                "compared": found.compared,
                "unpublished": found.unpublished,
                "differences": _rows(found),
            }
        )
    else:
        _say(calendar, found)
    if found.differences:
        raise typer.Exit(Exit.DIFFERS)


def _rows(found: Compared) -> list[dict[str, str]]:
    return [
        {"日期": f"{d.day} 周{'一二三四五六日'[d.day.weekday()]}", "本表": d.here, "已公布": d.published}
        for d in found.differences
    ]


def _say(calendar: WorkCalendar, found: Compared) -> None:
    if found.differences:
        rows = _rows(found)
        table("与已公布的安排不同", list(rows[0]), [list(row.values()) for row in rows])
    compared = "、".join(map(str, found.compared)) or "没有一年"
    agrees = f"有 {len(found.differences)} 日不同" if found.differences else "逐日一致"
    out.print(f"日历 {calendar.version}：{compared}年与已公布的安排{agrees}")
    if found.unpublished:
        years = "、".join(map(str, found.unpublished))
        out.print(
            f"{years}年的安排 chinesecalendar 中还没有，未核对；公布后请升级该软件包并更新 national.yaml"
        )
