"""收存材料: who may hand in files, how many a matter holds, and which of them a unit is shown."""

from typing import Any, cast

from domain import events as ev
from domain.actions.form import Asked, Material
from domain.decide import parts
from domain.decide.common import same_unit
from domain.decide.viewing import may_look
from domain.declined import Declined
from domain.draft import Draft
from domain.materials import File, KeptFile
from domain.sizes import MATTER_LIMIT, size_of

HANDS_IN = (parts.CENTER, *parts.HANDLES, *parts.TAKING_PART, parts.RECEIVED)
"""Whoever has the matter in hand, was called to it, or took it in."""


def may_hand_in(draft: Draft) -> None:
    """Raises Declined, with the reason, for a unit that has nothing to hand in, or not any more."""
    d = draft.d
    if not d.version:
        raise Declined("unknown", "没有这件案件，请核对案号")
    if d.is_over:
        raise Declined("archived", "案件已归档，不能再收存材料；新的情况请另行登记并关联")
    if parts.stands_aside(draft) or not parts.has_any(draft, HANDS_IN):
        raise Declined(
            "wrong_unit", f"{draft.unit}不办理本案，不能收存材料；请交给主办单位或综治中心", "unit"
        )


def keep(draft: Draft, file: File) -> KeptFile | None:
    """Note that a file was handed in; the one that the unit is shown already, where these very bytes are there.

    What it is not shown is kept once more: to say that it is there would tell of it. Raises Declined.
    """
    may_hand_in(draft)
    file = file.model_copy(update=_unnamed(draft, file))
    for known in to_choose(draft):
        if (known.sha256, known.of_reporter) == (file.sha256, file.of_reporter):
            return known
    files = draft.d.files
    rules = draft.policy.materials
    if len(files) >= rules.most:
        raise Declined(
            "too_many", f"本案已收存 {len(files)} 件材料，至多 {rules.most} 件；请合并成一件再交", "file"
        )
    if sum(each.size for each in files) + file.size > rules.total:
        raise Declined(
            "too_much", f"本案材料合计至多 {rules.total_mb} MB，放不下这一件；请压缩图片或分卷存档", "file"
        )
    if size_of(draft.d) > MATTER_LIMIT:
        raise Declined("matter_full", "本案已登记的内容过多，不能再收存材料；请存档后只写引用", "file")
    draft.emit(ev.MaterialKept(file=file))
    return None


def _unnamed(draft: Draft, file: File) -> dict[str, Any]:
    """Of a reporter whose identity is kept neither the file's name nor what was said of it goes into the record."""
    hidden = draft.d.confidential or draft.d.facts.applicant.anonymous
    if not (hidden and file.given_by == "申请人"):
        return {}
    return {"of_reporter": True, "name": f"举报人提交的{file.kind.word}.{file.kind}", "about": ""}


def shown_to(draft: Draft, *, whole: bool) -> list[KeptFile]:
    """The files that the acting unit is shown. ``whole``: it sees all of the matter; else only what it handed in itself.

    A reporter's are for those alone who may learn who he is (信访工作条例第三十条).
    """
    looks = whole and may_look(draft, "reporter")
    return [
        file
        for file in draft.d.files
        if (looks if file.of_reporter else whole or same_unit(draft, draft.unit, file.unit))
    ]


def to_choose(draft: Draft) -> list[KeptFile]:
    """The files that the acting unit may name in a form."""
    return shown_to(draft, whole=parts.has_any(draft, (parts.CENTER, *parts.HANDLES)))


def require_known(draft: Draft, body: Asked) -> None:
    """Refuse a form that names a file which is not there, or not for this unit. Raises Declined."""
    named = list(_named(body))
    if named and not set(named) <= {file.id for file in to_choose(draft)}:
        raise Declined("unknown_file", "所选的文件不在本案收存的材料中，请重新选择", "file")


def _named(model: Asked) -> list[str]:
    if isinstance(model, Material):
        return [model.file] if model.file else []
    found: list[str] = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        rows = cast("list[Any]", value) if isinstance(value, list) else [value]
        for row in rows:
            if isinstance(row, Asked):
                found += _named(row)
    return found
