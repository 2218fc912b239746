"""One line of the desk: a task with what its matter is about, opened once for each version of the matter."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from api.known import policy_of
from api.site import Site
from console import words
from console.showing import clocks
from console.showing.matter import insurances, types
from domain.access import Post, Role
from domain.actions import VERBS
from domain.clocks import Deadline
from domain.dispute import Dispute
from domain.due import Standing, card_of, clock_of
from domain.policy import Policy
from domain.rights import Sight, sight
from domain.tasks import TASKS, TaskKind
from domain.words import SHANGHAI
from ledger import book
from ledger.book import Value
from ledger.names import without_place
from ledger.vault import hidden_names
from starter.office.views import applicant

KEPT = 10_000
"""Matters of which the lines are kept; about a kilobyte each."""
KEPT_ENTRIES = 3_000
"""Matters of which the forty cells are kept; about four kilobytes each."""

Row = dict[str, Any]
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class About(NamedTuple):
    """What a line says of a matter, nobody named; and of each open task the clock and its card."""

    applicant: str
    respondent: str
    what: str
    level: str
    town: str
    policy_version: str
    clocks: dict[str, Deadline]
    cards: dict[str, str]
    appeals: dict[str, str]
    """What came of the appeal against the last card of a task's clock."""


class Lines:
    """What lines say of matters and who sees how much of them, kept by version: an unchanged matter is not opened again."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._known: OrderedDict[tuple[str, int], About] = OrderedDict()
        self._seen: OrderedDict[tuple[str, int, str, Role], Sight] = OrderedDict()
        self._entries: OrderedDict[tuple[str, int], list[Value]] = OrderedDict()
        self._lock = Lock()

    def of(self, rows: Iterable[Row]) -> dict[str, About]:
        """Of the matters of these rows, each with its version."""
        wanted = {row["dispute_id"]: row["version"] for row in rows}
        return self._found(self._known, {m: (m, v) for m, v in wanted.items()}, _about)

    def seen(self, rows: Iterable[Row], post: Post) -> dict[str, About]:
        """Only those of them that a post knows of, and of some no more than the stage."""
        rows = list(rows)
        sights = self.sights(rows, post)
        return {
            matter: about if sights[matter] >= Sight.MASKED else veiled(about)
            for matter, about in self.of(rows).items()
            if sights.get(matter, Sight.NOTHING) is not Sight.NOTHING
        }

    def sights(self, rows: Iterable[Row], post: Post) -> dict[str, Sight]:
        """How much of each of these matters a post sees."""
        keys = {row["dispute_id"]: (row["dispute_id"], row["version"], post.unit, post.role) for row in rows}
        return self._found(self._seen, keys, lambda d: sight(d, post, policy_of(self._site, d)))

    def entries(self, rows: Iterable[Row]) -> dict[str, list[Value]]:
        """The forty cells of each, masked by the matter's own policy."""
        wanted = {row["dispute_id"]: (row["dispute_id"], row["version"]) for row in rows}
        return self._found(self._entries, wanted, self._entry, KEPT_ENTRIES)

    def _entry(self, d: Dispute) -> list[Value]:
        ledger = self._site.ledger
        hidden = hidden_names(ledger, d.id) if d.facts.applicant.anonymous else []
        return book.row(book.Entry(d, ledger.policy(d.policy_version).masks, hidden))

    def _found(
        self, kept: OrderedDict[K, V], keys: dict[str, K], make: Callable[[Dispute], V], most: int = KEPT
    ) -> dict[str, V]:
        with self._lock:
            found = {matter: kept[key] for matter, key in keys.items() if key in kept}
        missing = [matter for matter in keys if matter not in found]
        made = {matter: make(d) for matter, d in self._site.ledger.states(missing).items()}
        with self._lock:
            for matter, value in made.items():
                kept[keys[matter]] = value
            while len(kept) > most:
                kept.popitem(last=False)
        return found | made


def _about(d: Dispute) -> About:
    facts = d.facts
    many = f" 等 {facts.applicant.headcount} 人" if facts.applicant.headcount > 1 else ""
    own = {t.id: clock for t in d.open_tasks() if (clock := clock_of(d, t))}
    return About(
        applicant=f"{applicant(d)}{many}",
        respondent=_short_firm(facts.respondents[0].name, d.county) if facts.respondents else "—",
        what=f"{insurances(d, 2)}　{types(d)}".strip("　"),
        level=d.level or "",
        town=next((r.town for r in facts.respondents if r.town), ""),
        policy_version=d.policy_version,
        clocks=own,
        cards={task: card for task, clock in own.items() if (card := card_of(clock, d))},
        appeals={task: said for task, clock in own.items() if (said := _appeal(d, clock))},
    )


def _appeal(d: Dispute, clock: Deadline) -> str:
    appealed = [card for card in d.cards if card.clock_id == clock.id and card.appealed_at]
    if not appealed:
        return ""
    last = appealed[-1]
    result = "撤销" if last.withdrawn_at else "维持" if last.decided_at else "待决定"
    return f"{words.month_day(last.decided_at or last.appealed_at)} {result if last.decided_at else f'提出，{result}'}"


def veiled(about: About) -> About:
    """As much of it as whoever sees the stage alone may read."""
    return about._replace(applicant="", respondent="", what="", town="")


def _short_firm(name: str, county: str) -> str:
    """Without what nearly all of a county's firms begin and end with."""
    return (
        without_place(name, county)
        .replace("有限责任公司", "公司")
        .replace("股份有限公司", "公司")
        .replace("有限公司", "公司")
    )


class Line(NamedTuple):
    """One line as the template writes it."""

    key: str
    address: str
    when: str
    clock: clocks.Reading | None
    todo: str
    look: str
    standing: str
    case_no: str
    about: About
    unit: str
    officer: str
    title: str
    due: datetime | None
    next: bool
    fresh: bool

    @property
    def matter(self) -> str:
        """The id of the matter that it is about."""
        return self.key.partition("|")[0]

    @property
    def card(self) -> str:
        """What the clock came to."""
        return self.clock.card if self.clock else ""

    @property
    def appeal(self) -> str:
        """What came of an appeal against it."""
        return self.about.appeals.get(self.key.partition("|")[2], "")


class Group(NamedTuple):
    """The lines of one day of the rail."""

    look: str
    word: str
    note: str
    lines: list[Line]


def line(row: dict[str, Any], about: About, policy: Policy, now: datetime) -> Line:
    """A row as a line."""
    matter, task = row["dispute_id"], row["task_id"]
    clock = about.clocks.get(task)
    read = clocks.of(clock, policy, now, about.cards.get(task, "")) if clock else None
    look, standing = _standing(row)
    to_sign = row["standing"] == Standing.TO_SIGN
    return Line(
        key=f"{matter}|{task}",
        address=f"/matters/{matter}/do/sign_for?task={task}" if to_sign else f"/matters/{matter}",
        when=_when(row, read, policy, now),
        clock=read,
        todo=_todo(row, to_sign=to_sign),
        look=look,
        standing=standing,
        case_no=row["case_no"],
        about=about,
        unit=row["unit"],
        officer=row["officer"] or "",
        title=row["title"],
        due=row["due_at"],
        next=False,
        fresh=(now - row["opened_at"]).total_seconds() < 600,
    )


def _todo(row: dict[str, Any], *, to_sign: bool) -> str:
    if to_sign:
        return "签收"
    kind = TaskKind(row["kind"])
    if kind in (TaskKind.HANDLE, TaskKind.ASSIST):
        return "主办办理" if kind is TaskKind.HANDLE else "提交协办意见"
    verbs = [v for v in TASKS[kind].done_by if v != "sign_for"]
    return VERBS[verbs[0]] if len(verbs) == 1 else str(row["title"])


def _standing(row: dict[str, Any]) -> tuple[str, str]:
    """Dot and word: nobody looked, looked but nothing done, in hand, waiting, done."""
    match row["standing"]:
        case Standing.DONE:
            return "done", row["outcome"] or "已办"
        case Standing.WAITING:
            return "wait", "等申请人选择" if row["kind"] == TaskKind.AWAIT_CHOICE else "等待他方"
        case Standing.TO_SIGN:
            return ("seen", "已看未签") if row["seen"] else ("new", "未看")
        case _ if row["signed_at"] or row["officer"]:
            return "do", "办理中"
        case _:
            return ("seen", "已看未办") if row["seen"] else ("new", "未看")


def _when(row: dict[str, Any], read: clocks.Reading | None, policy: Policy, now: datetime) -> str:
    """The hour of what is due today, the day of what is due later, how late what is late is."""
    due = row["closed_at"] or row["due_at"]
    if due is None:
        return ""
    due, today = due.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    if row["closed_at"]:
        return words.month_day(due, today)
    if read and read.late:
        return read.left
    if due.date() == today:
        ends = due if read and read.by_hours else policy.calendar.end_of_working_day(today)
        return words.hour(ends)
    return words.hour(due) if read and read.by_hours else ""
