"""calendar: compare the policy's table of days off with the published one, day by day."""

from datetime import date, timedelta

import typer

from cli.matters import Json
from cli.output import Exit, out, print_json, table
from cli.policy import Name, load_policy
from domain.calendar import WorkCalendar

calendar_app = typer.Typer(no_args_is_help=True)

_WORDS = {True: "上班", False: "放假"}


class Compared:
    """A table held against the published one: the days that differ, the years that nobody has published."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.differences: list[dict[str, str]] = []
        self.compared: list[int] = []
        self.unpublished: list[int] = []
        for year in _years(calendar):
            self._compare(calendar, year)

    def _compare(self, calendar: WorkCalendar, year: int) -> None:
        import chinese_calendar  # pyright: ignore[reportMissingTypeStubs]

        day = date(year, 1, 1)
        try:
            while day.year == year:
                published = bool(chinese_calendar.is_workday(day))  # pyright: ignore[reportUnknownMemberType]
                if published != calendar.is_working(day):
                    self.differences.append(
                        {
                            "日期": f"{day} 周{'一二三四五六日'[day.weekday()]}",
                            "本表": _WORDS[not published],
                            "已公布": _WORDS[published],
                        }
                    )
                day += timedelta(days=1)
        except NotImplementedError:
            self.unpublished.append(year)
        else:
            self.compared.append(year)


def _years(calendar: WorkCalendar) -> range:
    known = [*calendar.off, *calendar.work]
    first = calendar.covers_from or min(known, default=date.today())
    last = calendar.covers_to or max(known, default=date.today())
    return range(first.year, last.year + 1)


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
                "differences": found.differences,
            }
        )
    else:
        _say(calendar, found)
    if found.differences:
        raise typer.Exit(Exit.DIFFERS)


def _say(calendar: WorkCalendar, found: Compared) -> None:
    if found.differences:
        table("与已公布的安排不同", list(found.differences[0]), [list(d.values()) for d in found.differences])
    compared = "、".join(map(str, found.compared)) or "没有一年"
    agrees = f"有 {len(found.differences)} 日不同" if found.differences else "逐日一致"
    out.print(f"日历 {calendar.version}：{compared}年与已公布的安排{agrees}")
    if found.unpublished:
        years = "、".join(map(str, found.unpublished))
        out.print(
            f"{years}年的安排 chinesecalendar 中还没有，未核对；公布后请升级该软件包并更新 national.yaml"
        )
