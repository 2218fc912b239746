"""The labelled rows: what an experienced operator would tick, in one word each, before the row itself.

A line is ``labels | 被反映单位 | 险种栏 | 诉求内容``; ``-`` is an empty cell. The labels: a type (未参 未缴 基数 其他 待遇),
insurances (养 医 工 失 生, 五 for all), a regime (机 居; else 职工), special groups, 争 (the labour relation is disputed),
旧 (over for more than two years), a refusal code, 重 or 另 (the same caller as the row before: the same matter, or another).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.words import ClaimType, Insurance, Regime

from .exports import id_number, ticket

FOLDER = Path(__file__).with_name("corpus")
TYPES: dict[str, ClaimType] = dict(zip(("未参", "未缴", "基数", "其他", "待遇"), ClaimType, strict=True))
KINDS = {
    "养": Insurance.PENSION,
    "医": Insurance.MEDICAL,
    "工": Insurance.INJURY,
    "失": Insurance.UNEMPLOYMENT,
    "生": Insurance.MATERNITY,
}
REGIMES = {"机": Regime.PUBLIC, "居": Regime.RESIDENT}
GROUPS = {
    "农民工": "农民工",
    "退役": "退役军人",
    "残疾": "残疾人",
    "孕产": "孕产哺乳",
    "工伤期": "工伤/职业病/医疗期",
    "近退": "距退休≤5年",
    "低保": "低保特困",
    "困难": "困难/破产/改制企业职工",
    "遗属": "死亡职工遗属",
    "未成年": "未成年工",
}
CODES = ("N1", "N2", "N3", "N4", "N5", "N7", "N8", "N9", "N11")
_OTHERS = {"五", "争", "旧", "重", "另"}


@dataclass(frozen=True)
class Labelled:
    """A row and its labels."""

    line: int
    labels: frozenset[str]
    unit: str
    kinds_column: str
    narrative: str

    @property
    def code(self) -> str | None:
        """The refusal an operator would propose."""
        return next((code for code in CODES if code in self.labels), None)

    @property
    def types(self) -> set[ClaimType]:
        return {TYPES[word] for word in self.labels & TYPES.keys()}

    @property
    def kinds(self) -> set[Insurance]:
        if "五" in self.labels:
            return set(Insurance)
        return {KINDS[word] for word in self.labels & KINDS.keys()}

    @property
    def regime(self) -> Regime:
        return next((REGIMES[word] for word in self.labels & REGIMES.keys()), Regime.EMPLOYEE)

    @property
    def groups(self) -> set[str]:
        return {GROUPS[word] for word in self.labels & GROUPS.keys()}

    @property
    def again(self) -> bool:
        """Whether it repeats the row before."""
        return "重" in self.labels

    @property
    def same_caller(self) -> bool:
        return bool(self.labels & {"重", "另"})


def labelled(part: str) -> list[Labelled]:
    """The rows of one part (``used``, ``held``). Raises ValueError for a label that is none."""
    rows: list[Labelled] = []
    for line, text in enumerate((FOLDER / f"{part}.txt").read_text(encoding="utf-8").splitlines(), 1):
        if not text or text.startswith("#"):
            continue
        labels, unit, kinds, narrative = (cell.strip() for cell in text.split(" | ", 3))
        words = frozenset(labels.split())
        known = TYPES.keys() | KINDS.keys() | REGIMES.keys() | GROUPS.keys() | set(CODES) | _OTHERS
        if unknown := words - known:
            raise ValueError(f"{part} line {line}: {unknown}")
        rows.append(Labelled(line, words, unit.strip("-"), kinds.strip("-"), narrative))
    return rows


def as_rows(rows: list[Labelled]) -> list[dict[str, Any]]:
    """The rows as an export has them: everybody another caller, but where the labels say the same one."""
    told: list[dict[str, Any]] = []
    for row in rows:
        caller = {key: told[-1][key] for key in ("来电人", "来电号码", "证件号码")} if row.same_caller else {}
        if row.code == "N5":
            caller = {"来电人": "匿名", "来电号码": "", "证件号码": ""}
        told.append(
            ticket(
                **{
                    "证件号码": id_number(),
                    "被反映单位": row.unit,
                    "涉及险种": row.kinds_column,
                    "诉求内容": row.narrative,
                    "涉及金额": "",
                    **caller,
                }
            )
        )
    return told
