"""Stored lives: the events of whole stories as a ledger holds them, each with the state they came to when they were stored.

``python -m tests.support.golden`` writes the states anew as the fold reads the stored events now, and plays the stories
that are not stored yet. Its difference under version control shows what is read otherwise, field by field: a fold that
is only made tidier leaves none. Stored events stay as they are, as a county's record does. ``--anew`` plays all of them
again, which is right only while no ledger holds events of the old form.
"""

import json
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from domain import decide
from domain.declined import Declined
from domain.events import EVENT, Event
from domain.events import Declined as DeclinedFact
from domain.fold import replay
from domain.intake import DuplicateHint
from domain.materials import File, FileKind
from policies import load
from starter.scenario.script import read
from tests.support.case import (
    APPLICANT,
    CENTER,
    COMPLEX,
    GOVERNMENT,
    HRSS,
    LOUD,
    MEDIATOR,
    MEDICAL,
    OFFICE,
    POLICE,
    TAX,
    Case,
    case,
    consulted,
    county,
    told,
)
from tests.support.forms import filled
from tests.support.life import relive

FOLDER = Path(__file__).parents[1] / "domain" / "golden"
SAMPLES = Path(__file__).parents[2] / "samples"
YUNXI = Path(__file__).parents[1] / "policies" / "yunxi.yaml"
LONG = 1500
"""Characters of an event that is written on several lines."""

Lives = dict[str, list[Event]]
"""Events by matter."""
States = dict[str, dict[str, Any]]
"""States by matter, as JSON, by field."""


class Stored(NamedTuple):
    """One story as it is stored."""

    lives: Lives
    states: States


# --- the stories -------------------------------------------------------------------------------------------------


def _sample(file: Path) -> Lives:
    policy = load("pianguan")
    return relive(read(file, policy.calendar), policy).events


def _rest() -> Lives:
    """What no sample tells, and what only shows while a matter is under way."""
    cases = [
        _converted(), _broken(), _unwanted(), _looked_at(), _divided(), _suspended(), _reopened(), _upheld(), _parted(),
        _unpaid(), _taken_back(), _carded(), _proposed(), _handed_in(), _on_paper(), _put_right(),
    ]  # fmt: skip
    return {c.id: c.events for c in cases}


def _converted() -> Case:
    """A lead that becomes a dispute, and looks like another matter."""
    c = case(source_no="R-1", kind="线索").do("convert_lead", filed_by=["某甲"])
    alike = DuplicateHint(
        dispute_id="alike", source_no="R-0", case_no="偏社争〔2026〕0000号", basis=["单位一致"]
    )
    first = c.events[0]
    c.events[0] = first.model_copy(update={"fact": first.fact.model_copy(update={"duplicates": [alike]})})
    return c


def _broken() -> Case:
    """An agreement that is not kept."""
    parts = [{"due": "2026-03-25", "amount": 400}, {"due": "2026-04-10", "amount": 600}]
    c = consulted(source_no="R-2").do("mediation_start", MEDIATOR, voluntary_statement="双方自愿")
    c.do("mediate_agreed", MEDIATOR, clauses=["足额补缴养老保险费"], instalments=parts)
    return c.disposed().informed().on("2026-04-01")


def _unwanted() -> Case:
    """A mediation that a side does not want."""
    no = filled("decline_mediation", who=["被反映单位"], said_way="电话", said_on="2026-03-09")
    return consulted(source_no="R-3").act(no, HRSS)


def _looked_at() -> Case:
    """A task passed on; an officer who sees an identity, and one who may not and whose try is kept."""
    c, why = case(source_no="R-4").accepted().act(filled("reassign_officer"), TAX), "电话核实诉求"
    c.events.extend(decide.view(c.state, county(), c.now, "view-1", CENTER, "初审员", "parties", why))
    d, who = replay(c.id, c.events), "人社员甲"
    try:
        decide.view(d, county(), c.now, "view-2", HRSS, who, "parties", why)
    except Declined as no:
        fact = DeclinedFact(action="view", code=no.code, reason=str(no))
        kept = decide.keep(d, county(), c.now, action_id="view-2", unit=HRSS, officer=who, fact=fact)
        c.events.extend(kept)
    return c


def _put_right() -> Case:
    """Parties whose data was put right: an applicant who stands in the roll too, another of the roll, a firm."""
    roll = [{"line": 1, "name": "某甲", "phone": "19911110000"}, {"line": 2, "name": "某乙"}]
    group = {"name": "某甲", "phone": "19911110000", "is_group": True, "headcount": 2, "members": roll}
    c = case(source_no="R-16", applicant=group)
    for whose in (
        {"whose": "申请人", "name": "某贾", "told_by": "短信"},
        {"whose": "集体成员", "member": 2, "phone": "19911110002"},
        {"whose": "被反映单位", "respondent": 1, "uscc": "91140932MA0000074B"},
    ):
        c.act(filled("correct_party", reason="核对证件发现有误", **whose))
    return c


def _handed_in() -> Case:
    """Files that were kept."""
    c = case(source_no="R-14")
    for letter, name in (("a", "劳动合同.pdf"), ("b", "工资条.jpg")):
        file = File(
            id=letter * 16,
            name=name,
            kind=FileKind(name[-3:]),
            size=1024,
            sha256=letter * 64,
            given_by="申请人",
            about="证明劳动关系",
            scan="已扫描无毒",
        )
        who = (CENTER, "初审员")
        d = replay(c.id, c.events)
        events, _ = decide.keep_material(d, county(), c.now, f"file-{file.id}", *who, file)
        c.events.extend(events)
    return c


def _divided() -> Case:
    """Claims of two units; more time and leave to withdraw are asked for, a draft lies on the table."""
    claims = [
        {"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 1000},
        {"no": 2, "insurance": "医疗", "regime": "职工", "type": "待遇享受", "amount": 300},
    ]
    c = case(source_no="R-5", claims=claims, indicators=COMPLEX)
    c.accepted("中", TAX, (HRSS,), sub_items={"1": TAX, "2": MEDICAL})
    c.do("convene_meeting", form="会商", units=[TAX, HRSS]).do("minutes", opinion="一致")
    c.do("mediation_start", MEDIATOR, voluntary_statement="双方自愿")
    c.do("agreement_draft", MEDIATOR, version=1, clauses=["足额补缴养老保险费"])
    return c.do("request_extension", TAX, days="5 working days", reason="等资料").do("withdraw", APPLICANT)


def _suspended() -> Case:
    """A matter that waits for a ruling; more time was asked for and not given."""
    c = case(source_no="R-6").accepted()
    c.do("request_extension", TAX, days="2 working days", reason="等函查结果")
    c.do("reject_extension", reason="请按期办理")
    return c.do("legal_document", kind="仲裁受理通知书", pauses_internal_clock=True)


def _proposed() -> Case:
    """A joint meeting that was asked for and sent back for more; the police come in by invitation."""
    c = case(source_no="R-11", indicators=LOUD).accepted("高", TAX)
    c.act(filled("propose_joint_meeting"), OFFICE)
    c.act(filled("invite_unit"), CENTER).act(filled("answer_invitation"), POLICE)
    back = filled("answer_joint_proposal", decision="退回补充", held_at=None, reason="请补充涉及人数")
    return c.act(back, GOVERNMENT)


def _reopened() -> Case:
    """A matter that is handled again."""
    c = told().called("不满意", category="a")
    return c.do("reopen", reason="未履行", to_officer="税务员乙")


def _elsewhere() -> Lives:
    """What only another county's policy brings about: handed on from hub to hub, given to another area, steps by other names."""
    policy = load(YUNXI)
    tax, studio, hub = "云溪税务局", "北塘镇调解工作室", "云溪调解总室"

    def a_case(source_no: str, by: str) -> Case:
        return Case(
            policy, source_no=source_no, received_by=by, respondents=[{"name": "某厂", "town": "北塘镇"}]
        )

    handed = a_case("Y-1", tax)
    for unit, to in ((tax, studio), (studio, hub)):
        handed.act(filled("hand_over", to=to, opinion="本单位办不成", reason="双方不接受"), unit)
    given = a_case("Y-2", tax)
    given.act(
        filled("transfer_out", area="外省某县", to="外省税务局", ground="参保地在外地", reason="查明"), tax
    )
    hard = a_case("Y-3", studio)
    said = {"level": "难", "level_reason": "网上热议", "path": "专案", "lead": tax, "co": []}
    hard.act(filled("accept_case", **said), studio)
    return {c.id: c.events for c in (handed, given, hard)}


def _upheld() -> Case:
    """A decision objected to, studied at a sitting and confirmed."""
    c = consulted(source_no="R-7").disposed("部分支持")
    c.do("objection", TAX, conclusion="支持", reason="奖金应计入", against_step=6)
    c.do("convene_meeting", form="会商").do("minutes", opinion="维持")
    answers = {"claims": ["1"], "minutes": "一致", "reason": "会议维持原意见"}
    return c.act(filled("uphold_disposition", **answers), HRSS)


def _parted() -> Case:
    """A group of which one has withdrawn for himself."""
    c = case(source_no="R-8", applicant={"name": "某甲", "headcount": 3, "is_group": True})
    own = {
        "scope": "本人部分",
        "people": 1,
        "reason_code": "已自行和解",
        "said_way": "当面",
        "said_on": "2026-03-09",
    }
    c.act(filled("record_withdrawal", **own), APPLICANT)
    return c.do("withdraw_confirm", free_will=True, result="准予撤回")


def _unpaid() -> Case:
    """A sum that never came, on a stated ground; part of it was collected elsewhere."""
    paid = {"parts": [{"claim": "1", "principal": 400}], "paid_on": "2026-03-09", "late_fee": 0}
    paid |= {"paid_to": "缴入社会保险基金", "collected_by": "外地或上级税务机关"}
    c = case(source_no="R-9").accepted().disposed().informed().act(filled("record_payment", **paid), TAX)
    return c.act(filled("report_executed", claims=["1"], unpaid_ground="法院终结本次执行"), TAX)


def _taken_back() -> Case:
    """A payment that came back after it had closed its claim."""
    c = told(source_no="R-15").paid(1000)
    why = {"payment": 1, "reason": "款项被退回", "explanation": "银行退票"}
    return c.act(filled("withdraw_payment", **why), TAX)


def _carded() -> Case:
    """Cards appealed: one withdrawn, one that waits."""
    c = case(source_no="R-10").do("triage_confirm", decision="受理", level="低", path="直办", lead=TAX, co=[])
    c.on("2026-03-11", 8)
    red, yellow = (next(x.no for x in c.state.cards if x.card == word) for word in ("红牌", "黄牌"))
    why = {"ground": "不可抗力", "explanation": "停电"}
    c.act(filled("appeal_card", card=red, **why), TAX).act(
        filled("decide_card_appeal", decision="撤销", **why), OFFICE
    )
    return c.act(filled("appeal_card", card=yellow, **why), TAX)


def _on_paper() -> Case:
    """An order to pay reviewed, issued and served; a notice revoked, to be issued again."""
    c = case(source_no="R-13").accepted().disposed()
    c.act(filled("order_payment", pay_by="15工作日", arrears=ARREARS, served=False), TAX)
    order, notice = len(c.state.documents), 1
    c.act(filled("review_paper", paper=order, decision="同意"), TAX, "税务负责人")
    account = [{"field": "缴费账户", "text": "国家金库偏关县支库"}]
    c.act(filled("issue_paper", paper=order, signed_by="税务负责人", gaps=account), TAX)
    how = {
        "to": "被反映单位",
        "way": "直接送达",
        "received_by": "单位收发部门",
        "proof": {"name": "送达回证"},
    }
    c.act(filled("serve_paper", paper=order, done_on=c.now.date(), **how), TAX)
    c.act(filled("issue_paper", paper=notice, signed_by="初审员", gaps=[]))
    wrong = {"reason": "内容有误", "explanation": "期限写错", "then": "更正后重新制发"}
    return c.act(filled("revoke_paper", paper=notice, **wrong))


ARREARS = [{"claim": "1", "principal": "1000.00"}]

STORIES: dict[str, Callable[[], Lives]] = {
    **{file.stem: partial(_sample, file) for file in sorted(SAMPLES.glob("[0-9]*.yaml"))},
    "17_what_no_sample_tells": _rest,
    "18_another_county": _elsewhere,
}


# --- what is stored of them --------------------------------------------------------------------------------------


def stored(name: str, folder: Path = FOLDER) -> Stored:
    """A story as it is stored. Raises ValueError when its events cannot be read any more."""
    found = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    lives = {
        matter: [EVENT.validate_json(json.dumps(event)) for event in events]
        for matter, events in found["events"].items()
    }
    return Stored(lives, found["states"])


def states(lives: Lives) -> States:
    """The states that the fold reads from these events."""
    return {
        matter: json.loads(replay(matter, events).model_dump_json(by_alias=True))
        for matter, events in lives.items()
    }


def differences(before: States, now: States) -> list[str]:
    """Every field that does not stand as it stood, as ``matter.field``, with what it was and is."""
    found: list[str] = []
    for matter in before.keys() | now.keys():
        was, is_ = before.get(matter, {}), now.get(matter, {})
        found += [
            f"{matter}.{name}: {_shown(was, name)} -> {_shown(is_, name)}"
            for name in sorted(was.keys() | is_.keys())
            if (name in was, was.get(name)) != (name in is_, is_.get(name))
        ]
    return found


def _shown(state: dict[str, Any], name: str) -> str:
    return _compact(state[name]) if name in state else "no such field"


# --- writing -----------------------------------------------------------------------------------------------------


def store(folder: Path = FOLDER, *, anew: bool = False) -> None:
    """Write every story; of one that is stored already only its states, unless it is to be played ``anew``."""
    folder.mkdir(exist_ok=True)
    for name, play in STORIES.items():
        target = folder / f"{name}.json"
        lives = play() if anew or not target.exists() else stored(name, folder).lives
        target.write_text(_document(lives), encoding="utf-8")


def _document(lives: Lives) -> str:
    """One JSON document, an event or a field on a line; what is long, on several."""
    events = {
        matter: _listed(EVENT.dump_json(e, by_alias=True).decode() for e in of_one)
        for matter, of_one in lives.items()
    }
    fields = {
        matter: _braced({name: _written(value) for name, value in state.items()})
        for matter, state in states(lives).items()
    }
    return _braced({"events": _braced(events), "states": _braced(fields)}) + "\n"


def _listed(events: Iterable[str]) -> str:
    return "[\n" + ",\n".join(_written(json.loads(event)) for event in events) + "\n]"


def _braced(parts: dict[str, str]) -> str:
    return "{\n" + ",\n".join(f"{_compact(name)}: {part}" for name, part in parts.items()) + "\n}"


def _written(value: Any) -> str:
    text = _compact(value)
    return text if len(text) <= LONG else json.dumps(value, ensure_ascii=False, indent=1)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    store(anew="--anew" in sys.argv[1:])
