"""Papers of every kind, as full and as bare as they come, in matters of every shape."""

from datetime import date
from functools import cache
from typing import Any

from domain.dispute import Dispute
from domain.paper import Document
from domain.paper_content import BESIDE, content, gaps
from domain.policy import Policy
from papers.press import pressed
from papers.reading import blocks
from tests.support.case import CENTER, TAX, case, county

RARE = "𠮷㛃·阿卜杜热西提"
LONGEST_FIRM = (
    "偏关县" + "晋西北黄河流域生态保护和高质量发展新型建筑材料装备制造" * 3 + "有限责任公司新关镇分公司"
)
LINES = ["第一项内容，2026-03-10 前办理", "第二项内容", "<b>&第三项</b> {{ 不是代码 }}"]
CODE = "AB3D-EF6H-JK9M-NP0R"
DAY = date(2026, 11, 30)
_FULL: dict[str, Any] = {
    "本金": "1234567.80",
    "结论": {"1": "支持", "2": "部分支持"},
    "子项": {"1": TAX, "2": CENTER},
    "各方意见": {TAX: "同意", CENTER: "同意"},
    "处置": {"1": "责令限期缴纳"},
    "主管部门的结论": {"2": "已转人社部门"},
    "机构": {"劳动仲裁确认劳动关系": "劳动人事争议仲裁委员会"},
    "时效": {"劳动仲裁确认劳动关系": "自知道之日起一年内"},
    "材料": {"劳动仲裁确认劳动关系": "仲裁申请书、身份证明"},
    "期限": "15工作日",
    "受理日": "2026-03-09",
    "所属期": ["2024-01至2024-12", "不详至2025-06"],
    "撤回人员": [1, 3],
    "撤回人数": 2,
    "参会单位": [TAX, CENTER],
    "主送": [TAX, CENTER],
    "报送": ["县政府", "县委"],
    "应缴金额": "1234567.80",
    "结论不同的人员": {"2": "部分支持，入职较晚"},
    "受邀单位": [TAX],
}

_ISSUERS = {"tax": TAX, "applicant": "申请人"}
_TO = {"mediator": "调解组织"}
CLAIMS = [
    {"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 1000},
    {"no": 2, "insurance": "医疗", "regime": "职工", "type": "缴费基数不实", "amount": 300},
]


@cache
def group() -> Dispute:
    """Sixty people with rare names against two employers with the longest."""
    names = [RARE, "𠮷田", "㛃", *(f"张{n:02d}" for n in range(4, 61))]
    members = [{"line": n, "name": name} for n, name in enumerate(names, 1)]
    who = {"name": RARE, "headcount": 60, "is_group": True, "members": members}
    firms = [{"name": LONGEST_FIRM}, {"name": "偏关县第二&<公司>"}]
    return case(applicant=who, respondents=firms, claims=CLAIMS).state


@cache
def alone() -> Dispute:
    """One person, no employer, nothing known of what is asked for."""
    return case(respondents=[], claims=[], applicant={"name": "㛃"}).state


@cache
def hidden() -> Dispute:
    """Somebody who asked not to be known."""
    return case(applicant={"name": "某举报人", "phone": "19911110000"}).state.model_copy(
        update={"confidential": True}
    )


def bare(policy: Policy, name: str) -> Document:
    """A paper of this kind of which no act said anything."""
    rule = policy.documents[name]
    issuer = _ISSUERS.get(rule.issuer, CENTER)
    called, to = policy.paper(name), _TO.get(rule.to, rule.to)
    return Document(number="甲文01", name=called, issuer=issuer, to=to, at=case().now, action_id="a")


def full(policy: Policy, name: str) -> Document:
    """A paper of this kind with everything that any act ever says in one."""
    rule = policy.documents[name]
    given = {f: _FULL.get(f, LINES) for f in (*rule.fields, *BESIDE)}
    return bare(policy, name).model_copy(update={"fields": given, "together": [TAX]})


def answered(policy: Policy, d: Dispute, paper: Document) -> dict[str, str]:
    """What is missing, answered."""
    return {field: f"{field}的第一行\n{field}的第二行" for field in gaps(policy, d, paper)}


def made(d: Dispute, paper: Document, policy: Policy | None = None) -> bytes:
    """The paper, issued."""
    policy = policy or county()
    values = content(
        policy,
        d,
        paper,
        number="偏社争X字〔2026〕0001号",
        code=CODE,
        signed_by="张三",
        on=DAY,
        asked=answered(policy, d, paper),
    )
    return pressed(policy, policy.paper_rule(paper.name)[1], values)


def words(paper: bytes) -> str:
    """All that a paper says."""
    found = blocks(paper)
    return "\n".join([*(b.text for b in found), *(cell for b in found for row in b.rows for cell in row)])
