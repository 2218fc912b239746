"""What is asked of a signed act, and in which order: each refusal has its own code."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OctKey

from activities.messages import Take
from activities.outside import AHEAD, OLDEST, Gate
from domain.actions import Act
from domain.declined import Declined
from domain.signed import TYPE, Outside
from domain.sizes import ACT_LIMIT
from ledger.signal_keys import SignalKey
from tests.support.forms import filled
from tests.support.signing import CLIENT, System, part

NOW = datetime(2026, 9, 3, 9, 0, tzinfo=UTC)
KIND, MATTER = "sign_for", "12345热线-XF-0002"
ACT = Act(id="as-the-workflow-read-it", unit="县医保局", officer="丁", body=filled(KIND))

TWICE = '{"alg": "none", "alg": "Ed25519", "kid": "k", "typ": "fengqiao-act+jws"}'

ORDER = [
    "too_large", "bad_header", "unknown_key", "key_of_another", "key_compromised", "key_not_in_force",
    "bad_signature", "wrong_audience", "wrong_dispute", "wrong_kind", "signed_ahead",
]  # fmt: skip


class Sent:
    """A signed act, and the key as it is registered."""

    def __init__(self, folder: Path) -> None:
        self.system, self.thief = System(folder), System(folder, name="thief.key")

    def registered(self, **changes: Any) -> SignalKey:
        key = SignalKey(
            kid=self.system.kid, unit="县税务局", client=CLIENT, public=self.system.key["x"],
            starts=NOW - timedelta(days=1), ends=NOW + timedelta(days=1), registered_by="admin",
            registered_at=NOW - timedelta(days=1),
        )  # fmt: skip
        return key._replace(**changes)

    def claims(self, *faults: str, **changes: Any) -> dict[str, Any]:
        wrong: dict[str, Any] = {
            "too_large": {"body": {"note": "x" * ACT_LIMIT}},
            "wrong_audience": {"aud": "urn:fengqiao:河曲县"},
            "wrong_dispute": {"dispute": "dispute/12345热线-XF-0003"},
            "wrong_kind": {"kind": "record_withdrawal", "body": filled("record_withdrawal").model_dump(mode="json")},
            "signed_ahead": {"iat": int((NOW + AHEAD).timestamp()) + 1},
        }  # fmt: skip
        made = self.system.claims(MATTER, KIND, "tax-1", {}, iat=int(NOW.timestamp()))
        for fault in ORDER[::-1]:
            made |= wrong.get(fault, {}) if fault in faults else {}
        return made | changes

    def judged(self, *faults: str) -> str | None:
        """The code by which it is refused with these faults."""
        key = self.registered()
        if "key_of_another" in faults:
            key = key._replace(unit="县医保局")
        if "key_compromised" in faults:
            key = key._replace(compromised_at=NOW - timedelta(hours=1))
        if "key_not_in_force" in faults:
            key = key._replace(ends=NOW)
        header = {"kid": self.system.kid} | ({"typ": "JWT"} if "bad_header" in faults else {})
        signer = self.thief if "bad_signature" in faults else self.system
        signed = signer.sign(self.claims(*faults), **header)
        return refusal(signed, None if "unknown_key" in faults else key)


def refusal(signed: str, key: SignalKey | None) -> str | None:
    """The code by which it is refused; none when it is taken, as what was signed and not as what came beside it."""
    gate = Gate("偏关县", {key.kid: key}.get if key else lambda _: None)
    take = Take(act=ACT, named=KIND, outside=Outside(signed=signed))
    try:
        admitted = gate.admit(take, MATTER, NOW)
    except Declined as declined:
        return declined.code
    assert admitted.outside == Outside(signed=signed, client=CLIENT, key=key and key.kid)
    assert (admitted.act.unit, admitted.act.officer, admitted.act.id) == ("县税务局", "郝建业", "tax-1")
    return None


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    return Sent(tmp_path)


def test_the_first_fault_in_order_is_the_one_that_is_told(sent: Sent) -> None:
    for n, code in enumerate(ORDER):
        assert sent.judged(*ORDER[n:]) == code
        assert sent.judged(code) == code
    assert sent.judged() is None


@pytest.mark.parametrize(
    ("before", "code"),
    [(timedelta(0), None), (-AHEAD, None), (OLDEST, None), (OLDEST + timedelta(seconds=1), "signed_too_long_ago")],
)  # fmt: skip
def test_a_signature_is_good_for_72_hours(sent: Sent, before: timedelta, code: str | None) -> None:
    signed = sent.system.sign(sent.claims(iat=int((NOW - before).timestamp())))
    assert refusal(signed, sent.registered()) == code


def test_a_retired_key_stands_for_what_it_signed_before(sent: Sent) -> None:
    key = sent.registered(retired_at=NOW - timedelta(hours=2))
    before, after = (
        sent.system.sign(sent.claims(iat=int((NOW - timedelta(hours=h)).timestamp()))) for h in (3, 1)
    )
    assert refusal(before, key) is None
    assert refusal(after, key) == "key_not_in_force"
    assert refusal(before, key._replace(compromised_at=NOW)) == "key_compromised"


def test_a_key_is_not_good_before_its_time(sent: Sent) -> None:
    assert (
        refusal(sent.system.sign(sent.claims()), sent.registered(starts=NOW + timedelta(seconds=1)))
        == "key_not_in_force"
    )


def test_another_system_of_the_unit_needs_a_key_of_its_own(sent: Sent) -> None:
    assert refusal(sent.system.sign(sent.claims(iss="报表系统")), sent.registered()) == "key_of_another"


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_the_older_name_of_the_algorithm_is_taken_as_well(sent: Sent) -> None:
    assert refusal(sent.system.sign(sent.claims(), alg="EdDSA"), sent.registered()) is None


@pytest.mark.parametrize(
    "more",
    [
        {"alg": "none"}, {"alg": "HS256"}, {"alg": "ES256"}, {"crit": ["exp"]}, {"b64": False}, {"zip": "DEF"},
        {"jku": "https://evil.example/keys"}, {"jwk": {"kty": "OKP"}}, {"x5u": "https://evil.example/c"}, {"x5c": []},
        {"typ": "JWT"}, {"kid": None}, {"kid": ["k"]}, {"alg": ["Ed25519"]},
    ],
)  # fmt: skip
def test_nothing_else_may_stand_in_the_header(sent: Sent, more: dict[str, Any]) -> None:
    header = {"alg": "Ed25519", "kid": sent.system.kid, "typ": TYPE} | more
    for signature in ("", sent.system.sign(sent.claims()).rpartition(".")[2]):
        signed = f"{part(header)}.{part(sent.claims())}.{signature}"
        assert refusal(signed, sent.registered()) == "bad_header"


@pytest.mark.parametrize("left_out", ["alg", "kid", "typ"])
def test_the_header_is_whole(sent: Sent, left_out: str) -> None:
    header = {"alg": "Ed25519", "kid": sent.system.kid, "typ": TYPE}
    del header[left_out]
    assert refusal(f"{part(header)}.{part(sent.claims())}.", sent.registered()) == "bad_header"


def test_the_public_key_is_no_secret_to_sign_with(sent: Sent) -> None:
    secret = OctKey.import_key(sent.system.key["x"])
    header = {"alg": "HS256", "kid": sent.system.kid, "typ": TYPE}
    signed = jws.serialize_compact(header, json.dumps(sent.claims()), secret, algorithms=["HS256"])
    assert refusal(signed, sent.registered()) == "bad_header"
    disguised = f"{part(header | {'alg': 'Ed25519'})}.{signed.partition('.')[2]}"
    assert refusal(disguised, sent.registered()) == "bad_signature"


@pytest.mark.parametrize(
    ("signed", "code"),
    [
        ("", "bad_header"), ("a.b", "bad_header"), ("....", "bad_header"), ("!.!.!", "bad_header"),
        (f"{part('[]')}.{part('{}')}.", "bad_header"),
        (f"{part('[' * 50_000)}.{part('{}')}.", "bad_header"),
        (f"{part(TWICE)}.{part('{}')}.", "bad_header"),
    ],
)  # fmt: skip
def test_rubbish_is_refused(sent: Sent, signed: str, code: str) -> None:
    assert refusal(signed, sent.registered()) == code


@pytest.mark.parametrize(
    "changed", [{"exp": 1}, {"iat": "now"}, {"iat": True}, {"body": []}, {"sub": None}, {"unit": 1}]
)
def test_content_that_is_no_act_is_refused(sent: Sent, changed: dict[str, Any]) -> None:
    assert refusal(sent.system.sign(sent.claims(**changed)), sent.registered()) == "malformed"


def test_what_was_signed_cannot_be_changed(sent: Sent) -> None:
    header, _, signature = sent.system.sign(sent.claims()).split(".")
    forged = f"{header}.{part(sent.claims(sub='别人'))}.{signature}"
    assert refusal(forged, sent.registered()) == "bad_signature"
