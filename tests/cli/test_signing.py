"""signing: a key made, registered and let go; an act signed, or refused before it is."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from cli.output import Exit
from domain.signed import claims_of, header_of
from ledger.store import Ledger
from privacy.keys import KeyProblem
from privacy.signing import is_signed, make
from tests.support.signing import found

NEW = ("--unit", "县税务局", "--client", "税务征管系统", "--county", "偏关县")
ACT = ("--dispute", "dispute/12345热线-XF-0002", "--officer", "郝建业", "--id", "tax-1")


def run(*words: str | Path, code: int = Exit.OK, given: str | None = None) -> Result:
    result = CliRunner().invoke(app, ["signing", *(str(word) for word in words)], input=given)
    assert result.exit_code == code, (result.output, result.exception)
    return result


@pytest.fixture
def key(tmp_path: Path) -> Path:
    run("new", tmp_path / "tax.key", *NEW)
    return tmp_path / "tax.key"


def public(key: Path) -> dict[str, Any]:
    return json.loads(key.with_name("tax.key.pub").read_text("utf-8"))


def test_a_private_key_is_closed_and_never_replaced(key: Path) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "d" not in public(key)
    before = key.read_bytes()
    with pytest.raises(KeyProblem, match="没有覆盖"):
        raise_of("new", key, *NEW)
    assert key.read_bytes() == before


def test_no_keys_id_looks_like_an_option(tmp_path: Path) -> None:
    ids = [make(tmp_path / f"{n}.key", {})["kid"] for n in range(400)]
    assert not [kid for kid in ids if kid.startswith("-")]


def raise_of(*words: str | Path) -> None:
    raised = CliRunner().invoke(app, ["signing", *(str(word) for word in words)]).exception
    assert raised
    raise raised


def test_an_act_is_signed_for_one_dispute(key: Path) -> None:
    message = json.loads(run("sign", key, "--name", "sign_for", "--task", "t3", *ACT).stdout)
    signed = message["signed"]
    assert message.keys() == {"signed"}
    assert header_of(signed) == {"alg": "Ed25519", "kid": public(key)["kid"], "typ": "fengqiao-act+jws"}
    claims = claims_of(signed)
    assert (claims.dispute, claims.kind, claims.sub, claims.jti) == (ACT[1], "sign_for", "郝建业", "tax-1")
    assert is_signed(signed, public(key)["x"])


def test_the_form_is_read_from_the_standard_input_too(key: Path) -> None:
    form = {"to_officer": "乙"}
    signed = run(
        "sign", key, "--name", "reassign_officer", *ACT, "--body", "-", given=json.dumps(form)
    ).stdout
    assert claims_of(json.loads(signed)["signed"]).body == form


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--name", "sign_for", "--body", "[]"), "JSON 对象"),
        (("--name", "sign_for", "--body", "{"), "JSON 对象"),
        (("--name", "sign_for", "--body", '{"注": 1}'), "注"),
        (("--name", "no_such_action"), "没有签名"),
        (("--name", "sign_for", "--body", '{"kind": "give_opinion"}'), "不一致"),
    ],
)
def test_what_is_no_act_is_not_signed(key: Path, words: tuple[str, ...], said: str) -> None:
    assert said in run("sign", key, *ACT, *words, code=Exit.USAGE).stderr


def test_a_key_that_others_may_read_signs_nothing(key: Path) -> None:
    key.chmod(0o640)
    with pytest.raises(KeyProblem, match="chmod 600"):
        raise_of("sign", key, "--name", "sign_for", *ACT)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"kty": "OKP", "crv": "Ed25519", "x": "AA"}'])
def test_what_is_no_key_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "no.key"
    file.write_text(text, "utf-8")
    with pytest.raises(KeyProblem, match=r"no\.key"):
        raise_of("sign", file, "--name", "sign_for", *ACT)


def test_the_public_key_signs_nothing(key: Path) -> None:
    with pytest.raises(KeyProblem, match="公钥"):
        raise_of("sign", key.with_name("tax.key.pub"), "--name", "sign_for", *ACT)


def test_a_key_is_registered_listed_and_retired(kept: Ledger, key: Path) -> None:
    found(kept)
    handed = key.with_name("tax.key.pub")
    assert "没有登录名" in run("register", handed, "--by", "nobody", code=Exit.DECLINED).stderr
    assert json.loads(run("register", handed, "--by", "admin", "--json").stdout)["unit"] == "县税务局"
    assert "已登记过" in run("register", handed, "--by", "admin", code=Exit.DECLINED).stderr
    (listed,) = json.loads(run("list", "--json").stdout)
    assert (listed["kid"], listed["standing"]) == (public(key)["kid"], "有效")
    assert "此前签的仍可办理" in run("retire", listed["kid"], "--by", "admin").stdout
    assert "一律不再办理" in run("retire", listed["kid"], "--by", "admin", "--compromised").stdout
    (listed,) = json.loads(run("list", "--json").stdout)
    assert listed["standing"] == "已泄露作废"


def test_a_key_of_no_unit_is_not_registered(kept: Ledger, tmp_path: Path) -> None:
    found(kept)
    for unit, said in (("县水务", "没有名为"), ("tax", "全称“县税务局”")):
        file = tmp_path / f"{unit}.key"
        run("new", file, "--unit", unit, *NEW[2:])
        refused = run("register", file.with_name(f"{file.name}.pub"), "--by", "admin", code=Exit.USAGE)
        assert said in refused.stderr
