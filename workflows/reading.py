"""Reading what comes in by update or signal, however malformed, without losing it and without repeating it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from activities.messages import Take
    from domain.actions import Act
    from domain.signed import Outside, claims_of
    from domain.sizes import ACT_LIMIT, too_large
    from domain.wording import field_lines

from workflows.origin import Origin, origin_of

UNKNOWN = "未知"


class Unreadable(Exception):
    """A message that is no action. Says which field is wrong, never what stood in it."""

    def __init__(
        self,
        message: str,
        *,
        unit: str = UNKNOWN,
        officer: str = UNKNOWN,
        action: str = UNKNOWN,
        code: str = "malformed",
        field: str | None = None,
        outside: Outside | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.unit = unit
        self.officer = officer
        self.action = action
        self.outside = outside


def read_take(raws: Sequence[Any], kind: str, *, by_signal: bool = False) -> Take:
    """The one action in what came under the name of its kind, which its body need not repeat. Raises Unreadable."""
    if len(raws) != 1 or not isinstance(raws[0], RawValue):
        raise Unreadable(f"{kind} 须带且只带一项内容，请按 docs/signals.md 的格式发送", action=kind)
    raw = raws[0]
    plain = _plain(raw)
    if not isinstance(plain, dict):
        raise Unreadable("内容不是一个动作，请按 docs/signals.md 的格式发送", action=kind)
    value = cast("dict[str, Any]", plain)
    origin = origin_of(raw.payload)
    outside = None if origin == Origin.OFFICE else Outside(sealed=origin is not None)
    if value.keys() == {"signed"} and isinstance(value["signed"], str):
        act, outside = _signed(value["signed"], kind, sealed=origin is not None)
    else:
        act = _plainly(raw, value, kind, outside)
    return Take(act=act, by_signal=by_signal, named=kind, outside=outside)


def _signed(signed: str, kind: str, *, sealed: bool) -> tuple[Act, Outside]:
    """What the JWS says, as far as it can be read; whether it is true is asked of the activity."""
    unknown, said = Outside(sealed=sealed), {"action": kind}
    if len(signed) > ACT_LIMIT:
        large = too_large("动作", {"signed": signed}, len(signed), ACT_LIMIT)
        raise Unreadable(str(large), **said, code="too_large", field=large.field, outside=unknown)
    try:
        claims = claims_of(signed)
        said |= {"unit": plain_name(claims.unit), "officer": plain_name(claims.sub)}
        return _readable(claims.act()), unknown.model_copy(update={"signed": signed})
    except ValidationError as error:
        raise Unreadable(f"签名内容有误：{field_lines(error)}", **said, outside=unknown) from None
    except ValueError as error:
        raise Unreadable(f"签名内容有误：{error}", **said, outside=unknown) from None


def _plainly(raw: RawValue, plain: dict[str, Any], kind: str, outside: Outside | None) -> Act:
    said = {"unit": _text(plain.get("unit")), "officer": _text(plain.get("officer")), "action": kind}
    if outside and "by" in plain:
        raise Unreadable("by：账号只由本系统写明，外来的操作不能填写", **said, outside=outside)
    value = _of_kind(plain, said, outside)
    if len(raw.payload.data) > ACT_LIMIT:
        large = too_large("动作", plain, len(raw.payload.data), ACT_LIMIT)
        raise Unreadable(str(large), **said, code="too_large", field=large.field, outside=outside)
    try:
        return _readable(Act.model_validate(value))
    except ValidationError as error:
        raise Unreadable(f"动作格式有误：{field_lines(error)}", **said, outside=outside) from None


def _readable(act: Act) -> Act:
    """As the ledger will read it: what only one of the two could read would be sent to it for ever. Raises ValidationError."""
    return Act.model_validate_json(act.model_dump_json(by_alias=True))


def _plain(raw: RawValue) -> Any:
    try:
        return workflow.payload_converter().from_payload(raw.payload, None)  # type: ignore[arg-type]
    except Exception as error:
        workflow.logger.warning("unreadable payload: %s", error.__class__.__name__)
        return None


def _of_kind(value: dict[str, Any], said: dict[str, str], outside: Outside | None) -> dict[str, Any]:
    body = value.get("body", {})
    if not isinstance(body, dict):
        return value
    form, kind = cast("dict[str, Any]", body), said["action"]
    if form.get("kind", kind) != kind:
        raise Unreadable(f"以“{kind}”之名发来的是另一种操作，请用它自己的名称发送", **said, outside=outside)
    return {**value, "body": {**form, "kind": kind}}


def _text(value: Any) -> str:
    return plain_name(value) if isinstance(value, str) else UNKNOWN


def plain_name(value: str) -> str:
    """A short name that the ledger can keep, whatever was sent."""
    return "".join(c for c in value if c.isprintable())[:40] or UNKNOWN


def read_moment(raw: RawValue) -> datetime | None:
    """A moment in a payload, or nothing."""
    value = _plain(raw)
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def read_version(raw: RawValue) -> int | None:
    """A version in a payload, or nothing."""
    value = _plain(raw)
    return value if isinstance(value, int) and value >= 0 else None
