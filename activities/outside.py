"""Whether an action from outside the office is its sender's: the checks, each with its own refusal, in this order.

size, header, readable content, key (known, of this unit, in force now), signature, audience, dispute and kind, moment.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from activities.messages import Take
from activities.names import workflow_id
from domain.declined import Declined
from domain.signed import TYPE, Claims, audience, claims_of, header_of
from domain.sizes import ACT_LIMIT
from ledger.signal_keys import SignalKey
from privacy.signing import ALGORITHMS, is_signed

AHEAD = timedelta(minutes=2)
"""By how much the sender's clock may be ahead of ours."""
OLDEST = timedelta(hours=72)
"""A signal may have waited in Temporal while no worker ran. What is sent twice is known by its id, not by its age."""

UNSIGNED = (
    "来自系统之外且没有签名的操作，不予办理：请用本单位登记过的密钥签名后再发送"
    "（fengqiao signing sign，见 docs/signals.md），或由经办人在系统中办理"
)
GUIDE = "请按 docs/signals.md 核对"

KeyOf = Callable[[str], SignalKey | None]


class Gate:
    """Where actions from outside are judged. ``take_unsigned``: a demonstration's, which takes and marks them."""

    def __init__(self, county: str, key_of: KeyOf, *, take_unsigned: bool = False) -> None:
        self._audience = audience(county)
        self._key_of = key_of
        self._take_unsigned = take_unsigned

    def admit(self, take: Take, dispute_id: str, now: datetime | None = None) -> Take:
        """The action, with whose it is; one of the office's own passes as it is. ``now``: the real time.

        Unit and officer are those that were signed. Raises Declined.
        """
        if take.outside is None:
            return take
        if take.outside.signed is None:
            if not self._take_unsigned:
                raise Declined("unsigned", UNSIGNED)
            return take
        signed = take.outside.signed
        claims, key = self._read(signed, now or datetime.now(UTC))
        if not is_signed(signed, key.public):
            raise Declined("bad_signature", "签名与内容不符，或不是登记的密钥所签；请用私钥重新签名后发送")
        self._addressed(claims, workflow_id(dispute_id), take.named)
        _require_timely(claims, now or datetime.now(UTC))
        known = {"client": key.client, "key": key.kid}
        return take.model_copy(update={"act": claims.act(), "outside": take.outside.model_copy(update=known)})

    def _read(self, signed: str, now: datetime) -> tuple[Claims, SignalKey]:
        """What is claimed, and by which key, before the signature is looked at."""
        if len(signed) > ACT_LIMIT:
            raise Declined(
                "too_large", f"签名后的动作至多 {ACT_LIMIT // 1000} KB，请缩短，材料存档后只写引用"
            )
        kid = _kid(signed)
        try:
            claims = claims_of(signed)
            claims.act()
        except ValueError as error:
            said = (
                f"签名内容有误：{GUIDE}" if isinstance(error, ValidationError) else f"签名内容有误：{error}"
            )
            raise Declined("malformed", said) from None
        key = self._key_of(kid)
        if key is None:
            raise Declined(
                "unknown_key",
                "签名所用的密钥没有登记；请把公钥交管理员登记（fengqiao signing register）",
                "kid",
            )
        _require_in_force(key, claims, now)
        return claims, key

    def _addressed(self, claims: Claims, dispute: str, named: str) -> None:
        if claims.aud != self._audience:
            raise Declined("wrong_audience", f"签名的对象不是本县：aud 应为 {self._audience}", "aud")
        if claims.dispute != dispute:
            raise Declined("wrong_dispute", "签名是给另一件案件的，在本案无效；请为本案另行签名", "dispute")
        if claims.kind != named:
            raise Declined(
                "wrong_kind",
                f"签名的操作是“{claims.kind}”，却以“{named}”之名发来；请用它自己的名称发送",
                "kind",
            )


def _kid(signed: str) -> str:
    """The key that the header names: nothing else is taken from a header, so nothing else may stand in it."""
    try:
        header: dict[str, Any] = header_of(signed)
    except ValueError as error:
        raise Declined("bad_header", f"签名的头部有误：{error}") from None
    if header.keys() != {"alg", "kid", "typ"}:
        raise Declined("bad_header", "签名的头部须有且只有 alg、kid、typ 三项", "header")
    if header["alg"] not in ALGORITHMS or header["typ"] != TYPE:
        raise Declined(
            "bad_header", f"签名的头部有误：alg 只能是 {' 或 '.join(ALGORITHMS)}，typ 只能是 {TYPE}", "header"
        )
    if not isinstance(header["kid"], str):
        raise Declined("bad_header", "签名的头部有误：kid 须为登记的公钥编号", "header")
    return header["kid"]


def _require_in_force(key: SignalKey, claims: Claims, now: datetime) -> None:
    """Of this unit and client, and good now. A retired key stands for what it signed before, a compromised one for nothing."""
    if (key.unit, key.client) != (claims.unit, claims.iss):
        raise Declined(
            "key_of_another", "此密钥登记在另一单位或另一系统名下：unit 与 iss 须与登记的一致", "kid"
        )
    if key.compromised_at:
        raise Declined("key_compromised", "此密钥已因泄露作废，用它签名的一律不予办理；请登记新的密钥", "kid")
    signed_at = datetime.fromtimestamp(claims.iat, UTC)
    if not key.starts <= now < key.ends or (key.retired_at and signed_at >= key.retired_at):
        raise Declined("key_not_in_force", f"此密钥{key.standing(now)}；请换用有效的密钥签名", "kid")


def _require_timely(claims: Claims, now: datetime) -> None:
    signed_at = datetime.fromtimestamp(claims.iat, UTC)
    if signed_at > now + AHEAD:
        raise Declined("signed_ahead", "签名时间晚于现在；请校准发送方的时钟后重新签名", "iat")
    if signed_at < now - OLDEST:
        raise Declined("signed_too_long_ago", "签名已超过 72 小时；仍要办理的，请核对情况后重新签名", "iat")
