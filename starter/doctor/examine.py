"""One look at the whole office."""

import asyncio
from typing import NamedTuple

from temporalio.client import Client

from ledger.batches import Progress, silent
from ledger.store import Ledger
from starter.doctor.books import examine_ledger
from starter.doctor.finding import Finding, Severity
from starter.doctor.limits import STRICT, Limits
from starter.doctor.parts import LEDGER, TEMPORAL, WORKER, Part, ledger_part, temporal_part, workers_part
from starter.doctor.stuck import Comparison


class Examined(NamedTuple):
    """What was seen: the parts, and everything that is not as it should be."""

    parts: list[Part]
    findings: list[Finding]

    @property
    def sound(self) -> bool:
        """Whether nothing has to be done."""
        return all(f.severity == Severity.HINT for f in self.findings)

    @property
    def unreachable(self) -> bool:
        """Whether a server cannot be reached at all."""
        return any(f.code in ("ledger_down", "temporal_down") for f in self.findings)

    def beside(self, part: Part) -> "Examined":
        """The same with a part that stands by itself."""
        return Examined([*self.parts, part], _once([*self.findings, *part.findings]))

    def usable(self, part: str) -> bool:
        """Whether what rests on this part can be looked at and mended."""
        return any(p.name == part and p.usable for p in self.parts)


async def examine(
    client: Client | None,
    ledger: Ledger,
    *,
    queue: str,
    demo: bool = False,
    limits: Limits = STRICT,
    progress: Progress = silent,
) -> Examined:
    """Look at everything that can be reached; ``client`` is ``None`` when Temporal cannot."""
    parts = [await ledger_part(ledger), await temporal_part(client)]
    books, temporal = (part.usable for part in parts)
    if client and temporal:
        parts.append(await workers_part(client, queue, limits))
    findings = [f for part in parts for f in part.findings]
    if books:
        findings += await asyncio.to_thread(examine_ledger, ledger, limits, demo=demo)
    if books and client and temporal:
        at_work = parts[-1].usable
        comparison = Comparison(client, ledger, queue, limits, progress, at_work=at_work)
        findings += await comparison.findings()
    return Examined(parts, _once(findings))


def _once(findings: list[Finding]) -> list[Finding]:
    """Each thing once, the gravest first."""
    grave = list(Severity)
    unique = {(f.code, f.dispute_id, f.seq, f.lead_id, f.means): f for f in findings}
    return sorted(unique.values(), key=lambda f: (grave.index(f.severity), f.code, f.case_no or ""))


__all__ = ["LEDGER", "TEMPORAL", "WORKER", "Examined", "examine"]
