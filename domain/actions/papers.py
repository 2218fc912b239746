"""文书: reviewed where the policy asks for it, issued under a number, served, taken back."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.actions.conditions import when
from domain.actions.days import Happening
from domain.actions.form import (
    Approval,
    Asked,
    Confirmed,
    Form,
    LongText,
    Material,
    OfficerName,
    Text,
    asks,
)

PaperNo = Annotated[int, Field(ge=1)]
"""The place of a paper among the matter's papers, from 1."""

IN_PERSON, LEFT, BY_POST, ENTRUSTED, ELECTRONIC, ANNOUNCED = (
    "直接送达", "留置送达", "邮寄送达", "委托送达", "电子送达（经同意）", "公告送达",
)  # fmt: skip
SAME_PAPER, OTHERS = "更正后重新制发", "其他受送达人"


class ReviewPaper(Approval):
    """核稿: whether a paper may be issued as it is."""

    verb, basis = "审核文书", "党政机关公文处理工作条例第二十条"
    kind: Literal["review_paper"] = "review_paper"
    paper: PaperNo = asks("文书", choices="papers_to_review")


class Gap(Asked):
    """What a paper must say and the matter does not know."""

    field: Text = asks("缺少的内容", choices="paper_gaps")
    text: LongText = asks("填写")


class IssuePaper(Form):
    """制发: a number of its own, and nothing changed any more."""

    verb, basis, final = "制发文书", "党政机关公文处理工作条例第九条、第二十二条", True
    handles = True
    kind: Literal["issue_paper"] = "issue_paper"
    paper: PaperNo = asks("文书", "制发后编文号，内容不能再改", choices="papers_to_issue")
    signed_by: OfficerName = asks("签发人")
    gaps: Annotated[list[Gap], Field(max_length=40)] = asks(
        "补充内容", "案件里没有、文书必须写明的", default=[]
    )


class ServePaper(Form):
    """送达 to one addressee: how, when, with which proof."""

    verb, basis, final = "登记文书送达", "民事诉讼法第八十七条至第九十五条", True
    kind: Literal["serve_paper"] = "serve_paper"
    paper: PaperNo = asks("文书", choices="papers_to_serve")
    to: Literal["申请人", "被反映单位", "其他受送达人"] = asks("受送达人")
    way: Literal[
        "直接送达", "留置送达", "邮寄送达", "委托送达", "电子送达（经同意）", "公告送达"
    ] = asks("送达方式")  # fmt: skip
    done_on: Annotated[date, Happening("issued")] = asks(
        "日期", "直接、留置、委托为交付日，邮寄为签收日，电子为到达对方系统日，公告为发出公告日"
    )
    received_by: (
        Literal["本人", "法定代表人或负责人", "单位收发部门", "同住成年家属", "委托代理人", "指定代收人"]
        | None
    ) = asks("谁签收", when=when("way", IN_PERSON, BY_POST, ENTRUSTED))
    witnessed: Literal["基层组织或所在单位代表见证并签名", "拍照、录像记录送达过程"] | None = asks(
        "留置的见证", when=when("way", LEFT)
    )
    agreed: Confirmed | None = asks("受送达人已书面同意电子送达", when=when("way", ELECTRONIC))
    unreachable: Literal["下落不明", "以其他方式无法送达"] | None = asks(
        "公告的理由", when=when("way", ANNOUNCED)
    )
    proof: Material = asks("送达凭证", "送达回证、邮寄回执、系统到达记录或公告截图")


class RevokePaper(Form):
    """撤销 an issued paper, with its reason: the number stays used, and whoever verifies the paper hears of it."""

    verb, basis, final = "撤销文书", "党政机关公文处理工作条例第三十四条", True
    handles = True
    kind: Literal["revoke_paper"] = "revoke_paper"
    paper: PaperNo = asks("文书", choices="issued_papers")
    reason: Literal["内容有误", "受送达人有误", "依据变化", "经复议、诉讼被撤销", "不应制发"] = asks(
        "撤销原因"
    )
    explanation: Text = asks("说明")
    then: Literal["更正后重新制发", "不再制发"] = asks("撤销后", "重新制发的另编文号")
