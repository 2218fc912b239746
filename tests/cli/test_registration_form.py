"""``fengqiao template register``: a form that ``register`` takes, and that knows all there is to fill in."""

import re
from typing import Any

import pytest
import yaml
from pydantic import ValidationError
from typer.testing import CliRunner

from cli.app import app
from cli.output import Exit
from cli.registering import intake_of
from domain.intake import (
    Applicant,
    Claim,
    CounterClaim,
    Evidence,
    Indicators,
    Intake,
    Member,
    Petition,
    PublicOpinion,
    Respondent,
)
from domain.words import Channel, ClaimType, Employment, Insurance, LabourRelation, MatterKind, Regime
from policies.plain_yaml import PlainLoader

NOT_FOR_A_PERSON = {"proposal", "remarks", "unconfirmed", "withheld"}
FILLED = {
    "channel:": "channel: 来访",
    "received_by:": "received_by: 县综治中心",
    "source_no:": "source_no: LF-1",
    "narrative:": "narrative: 三个月的失业保险费没有缴",
    "- name:": "- name: 某厂",
}


@pytest.fixture(scope="module")
def form() -> str:
    result = CliRunner().invoke(app, ["template", "register"])
    assert result.exit_code == Exit.OK, result.output
    return result.stdout


def parsed(text: str) -> Any:
    return intake_of(yaml.load(text, Loader=PlainLoader))


def filled(form: str) -> str:
    for blank, full in FILLED.items():
        form, times = re.subn(rf"^{re.escape(blank)}", full, form, flags=re.MULTILINE)
        assert times == 1, blank
    return form


def test_filled_in_it_can_be_registered(form: str) -> None:
    intake = Intake.model_validate(parsed(filled(form)))
    assert (intake.source_no, intake.respondents[0].name) == ("LF-1", "某厂")
    assert intake.indicators == Indicators()


def test_left_blank_it_is_refused_for_what_must_be_filled_in(form: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Intake.model_validate(parsed(form))
    places = {".".join(map(str, e["loc"])) for e in refused.value.errors()}
    assert places == {"channel", "received_by", "source_no", "narrative", "respondents.0.name"}


def test_its_examples_can_be_registered_too(form: str) -> None:
    text = re.sub(r"^# (received_at|linked_to)", r"\1", filled(form), flags=re.MULTILINE)
    text, times = re.subn(r"\[\]  # [^\n]*?如 (\[.*\])$", r"\1", text, flags=re.MULTILINE)
    assert times == 5
    with pytest.raises(ValidationError) as refused:  # a fingerprint cannot be made up
        Intake.model_validate(parsed(text))
    assert [e["loc"] for e in refused.value.errors()] == [("evidence", 0, "sha256")]
    Intake.model_validate(parsed(text.replace("十六进制指纹", "0" * 64)))


def test_it_has_every_field_and_every_choice(form: str) -> None:
    models = (Intake, Applicant, Member, Respondent, Claim, Evidence, Indicators, PublicOpinion, Petition,
              CounterClaim)  # fmt: skip
    for model in models:
        for name, field in model.model_fields.items():
            assert name in NOT_FOR_A_PERSON or f"{field.alias or name}:" in form, (model, name)
    for choices in (Channel, ClaimType, Employment, Insurance, LabourRelation, MatterKind, Regime):
        assert [c for c in choices if c not in form and c != Channel.SPAWNED] == []
