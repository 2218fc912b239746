"""An export that the ledger keeps: judged when it comes, registered as it was decided, its rejects written at any time."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from domain.masking import ANONYMOUS, mask_name
from domain.persons import Officer
from domain.policy import Policy
from importing.changed import Change, decided, is_changeable, needs_type
from importing.judged import Judged, Outcome
from importing.matters import Ref
from importing.rejected import rejected_path
from importing.rule_words import Column
from importing.rules import Rules
from importing.sheets import name_on_disk
from ledger import imports
from ledger.imports import Import, Row, State
from ledger.store import Ledger
from starter.filing.batch import BatchStopped, Filing, file_rows
from starter.filing.compared import Compared, Sees, again, compared, registered_in, will
from starter.filing.run import Run
from starter.office import Office

log = structlog.get_logger(__name__)

EXCERPT = 400
"""Characters of a narrative shown to whoever goes over the rows."""
_ALL = 1_000_000


class Exports:
    """The exports of one office; those that this process is registering."""

    def __init__(self, office: Office, ledger: Ledger, rules: Rules, policy: Policy) -> None:
        self._office, self._ledger, self._rules, self._policy = office, ledger, rules, policy
        self._filing: dict[str, asyncio.Task[None]] = {}

    def take(
        self, name: str, data: bytes, *, unit: str, person: str, told: datetime | None, sees: Sees
    ) -> str:
        """Judge every row of a file beside the ledger and keep it; the import's id. Raises UnreadableFile."""
        with self._run(name, data, told) as run:
            rows = compared(list(run.judged()), run.maker, self._ledger, sees)
            judged = [(row.judged.outcome.value, self._told(run, row)) for row in rows]
            return imports.begin(
                self._ledger, unit=unit, person=person, name=name, data=data, exported_at=run.found.exported.at,
                judged=judged,
            )  # fmt: skip

    def _told(self, run: Run, row: Compared) -> dict[str, Any]:
        """What a row says and how it was judged; no number of anybody's."""
        judged = row.judged
        run.take(judged)
        said, shown = judged.reading, run.rows.pop()
        shown = {k: v for k, v in shown.items() if k not in ("phone", "id_number")}
        return (
            shown
            | row.told()
            | {
                "said": judged.outcome.said,
                "caller": mask_name(said.person.name) if said.person.name else ANONYMOUS,
                "firm": said.employer.name or "",
                "narrative": said.narrative[:EXCERPT],
                "cut": len(said.narrative) > EXCERPT,
                "changeable": is_changeable(judged) and not row.known,
                "needs_type": needs_type(judged),
                "why": judged.proposal.why,
            }
        )

    @contextmanager
    def _run(self, name: str, data: bytes, told: datetime | None) -> Generator[Run]:
        with tempfile.TemporaryDirectory(prefix="fengqiao-import-") as folder:
            file = Path(folder) / name_on_disk(name)
            file.write_bytes(data)
            yield Run(file, self._rules, self._policy, told)

    def file(self, kept: Import, registrar: Officer) -> None:
        """Register its rows as they were decided, in the background, as whoever confirmed it; what is registered already stays
        so."""
        if kept.id in self._filing:
            return
        task = asyncio.create_task(self._file(kept, registrar))
        self._filing[kept.id] = task
        task.add_done_callback(lambda _: self._filing.pop(kept.id, None))

    async def _file(self, kept: Import, registrar: Officer) -> None:
        ledger = self._ledger
        await asyncio.to_thread(imports.file, ledger, kept.id)
        try:
            data, changes, found = await asyncio.to_thread(self._open, kept)
            with self._run(kept.name, data, kept.exported_at) as run:
                numbers: dict[Ref, int] = {}

                def left() -> Iterator[Judged]:
                    for n, judged in decided(_as_shown(run.judged(), found), changes):
                        if not found[n].filing:
                            numbers[judged.ref] = n
                            yield judged

                async for filed in file_rows(left(), self._office, ledger, run.maker, registrar):
                    n = numbers[filed.judged.ref]
                    problem = filed.problem or (
                        filed.judged.reason if filed.judged.outcome is Outcome.ROW_ERROR else None
                    )
                    await asyncio.to_thread(
                        imports.note, ledger, kept.id, n, filed.filing.value, filed.case_no, problem
                    )
        except BatchStopped as stopped:
            log.warning("import_stopped", reason=str(stopped))
            await asyncio.to_thread(imports.file, ledger, kept.id, stopped="登记中断了，已登记的不受影响")
            return
        await asyncio.to_thread(imports.file, ledger, kept.id, state=State.DONE)

    def _open(self, kept: Import) -> tuple[bytes, Mapping[int, Change], dict[int, Row]]:
        found = imports.page_of(self._ledger, kept.id, most=_ALL)
        changes = {row.n: Change.model_validate(row.change) for row in found if row.change}
        return imports.data_of(self._ledger, kept.id), changes, {row.n: row for row in found}

    def will(self, kept: Import) -> Counter[Filing]:
        """What would be done with how many of its rows, as they are decided now."""
        return Counter(will(row) for row in imports.page_of(self._ledger, kept.id, most=_ALL))

    def rejected(self, kept: Import) -> tuple[str, bytes]:
        """The workbook of the rows that are sent back, by the file or by an officer: its name and content."""
        data, changes, found = self._open(kept)
        with self._run(kept.name, data, kept.exported_at) as run:
            for n, judged in decided(run.judged(), changes):
                run.take(_as_done(judged, found[n]))
            file = rejected_path(run.export.path)
            run.write_rejected(file)
            return file.name, file.read_bytes()


def _as_shown(rows: Iterable[Judged], found: Mapping[int, Row]) -> Iterator[Judged]:
    """The rows with the registered matters that they were shown beside."""
    for n, judged in enumerate(rows, start=1):
        known = registered_in(found[n].told)
        yield again(judged, known) if known else judged


def _as_done(judged: Judged, row: Row) -> Judged:
    """The row as one in error where its registration came to nothing."""
    if row.filing != Filing.RETURNED or judged.outcome is Outcome.ROW_ERROR:
        return judged
    return replace(judged, outcome=Outcome.ROW_ERROR, errors=((Column.TICKET, row.problem or ""),))
