"""文书: review, issue, service, revocation. A paper is drawn up by the act it follows from; here it gets its number."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from domain.actions import Act
from domain.actions.papers import (
    ANNOUNCED,
    ELECTRONIC,
    OTHERS,
    SAME_PAPER,
    Gap,
    IssuePaper,
    ReviewPaper,
    RevokePaper,
    ServePaper,
)
from domain.agreement import check_terms
from domain.decide import rights
from domain.decide.common import issues, promises
from domain.decide.registry import handles
from domain.declined import Declined, Unlawful, refuse
from domain.draft import Draft
from domain.meanings import papers as m
from domain.paper import Document, PaperState, Service
from domain.paper_content import BOTH, content, gaps, is_for_a_party
from domain.paper_waiting import has_form
from domain.policy_rules import DocumentRule
from domain.words import SHANGHAI

AGREEMENT = "调解协议书"
DEEMED_AFTER = timedelta(days=30)
"""公告送达: from the announcement until it counts as served (民事诉讼法第九十五条)."""

Numbered = tuple[int, Document]
"""A paper with its place among the matter's papers, from 1."""


def _own(draft: Draft) -> Iterator[Numbered]:
    """The papers that the acting unit issues: its own, and those that a party makes before it."""
    for no, paper in enumerate(draft.d.documents, 1):
        if draft.paper in (None, no) and issues(draft, paper):
            yield no, paper


def rule_of(draft: Draft, paper: Document) -> DocumentRule:
    """The policy's rule of a paper."""
    return draft.policy.paper_rule(paper.name)[1]


def _stands(draft: Draft, *states: PaperState) -> list[Numbered]:
    return [
        (no, paper)
        for no, paper in _own(draft)
        if (rule := rule_of(draft, paper)).mark and paper.state(reviewed=rule.reviewed) in states
    ]


def _some(found: list[Numbered], none: str) -> list[Numbered]:
    if not found:
        raise Declined("no_paper", none)
    return found


def to_review(draft: Draft) -> list[Numbered]:
    """What the policy wants reviewed before it is issued, by somebody else than who drew it up."""
    found = _some(_stands(draft, PaperState.TO_REVIEW, PaperState.SENT_BACK), "没有待本单位审核的文书")
    others = [(no, p) for no, p in found if not (p.drawn_by and p.drawn_by.is_same(draft.doer))]
    if not others:
        raise Declined("own_paper", "不得审核本人拟的文书，请由他人审核", "officer")
    return others


def to_issue(draft: Draft) -> list[Numbered]:
    """What may be issued now."""
    found = [(no, p) for no, p in _stands(draft, PaperState.DRAFT) if has_form(rule_of(draft, p))]
    if not found and _stands(draft, PaperState.TO_REVIEW, PaperState.SENT_BACK):
        raise Declined("not_reviewed", "本单位的文书须先审核通过，再制发")
    return _some(found, "没有待本单位制发的文书")


def issued(draft: Draft) -> list[Numbered]:
    """What has been issued and stands."""
    return _some(_stands(draft, PaperState.ISSUED, PaperState.SERVED), "没有本单位已制发的文书")


def to_serve(draft: Draft) -> list[Numbered]:
    """What has been issued and goes to a party."""
    found = [(no, p) for no, p in issued(draft) if is_for_a_party(draft.policy, p)]
    return _some(found, "没有须送达当事人的文书")


def _chosen(papers: list[Numbered], no: int) -> Document:
    found = next((paper for n, paper in papers if n == no), None)
    if found is None:
        known = "、".join(f"{n}（{paper.name}）" for n, paper in papers)
        raise Declined("unknown_paper", f"没有可以办理的第 {no} 份文书，可选：{known}", "paper")
    return found


def _called(paper: Document) -> str:
    """What the record and the receipts call an issued paper."""
    return f"{paper.name} {paper.issued.number if paper.issued else ''}".rstrip()


def _may_review(draft: Draft) -> None:
    to_review(draft)


@handles(ReviewPaper, _may_review)
def review_paper(draft: Draft, act: Act, body: ReviewPaper) -> None:
    """同意 or 不同意."""
    paper = _chosen(to_review(draft), body.paper)
    draft.record(body, m.PaperReviewed(paper=body.paper, called=paper.name, passed=body.approved))


def _may_issue(draft: Draft) -> None:
    to_issue(draft)


@handles(IssuePaper, _may_issue)
def issue_paper(draft: Draft, act: Act, body: IssuePaper) -> None:
    """制发: the next number of its kind, the bytes kept, their hash in the record."""
    _issue(draft, _chosen(to_issue(draft), body.paper), body)


def issue_with_act(draft: Draft, name: str) -> None:
    """制发 of the paper last drawn up, in the act that drew it up and by whoever took it: after that act no other can.

    One that the policy wants reviewed, or that has no number or form, stays a draft.
    """
    no = len(draft.d.documents)
    paper = draft.d.documents[-1]
    rule = draft.policy.documents[name]
    if (
        rule.omit
        or not rule.mark
        or rule.reviewed
        or not has_form(rule)
        or gaps(draft.policy, draft.d, paper)
    ):
        return
    _issue(draft, paper, IssuePaper(paper=no, signed_by=draft.officer))


def _issue(draft: Draft, paper: Document, body: IssuePaper) -> None:
    asked = _answered(draft, paper, body.gaps)
    rule = rule_of(draft, paper)
    number = draft.number(f"{draft.policy.county.case_prefix}{rule.mark}字")

    def values(code: str) -> dict[str, str | list[str]]:
        return content(
            draft.policy,
            draft.d,
            paper,
            number=number,
            code=code,
            signed_by=body.signed_by,
            on=draft.now.astimezone(SHANGHAI).date(),
            asked=asked,
        )

    made = draft.press(paper.name, number, values)
    draft.record(
        body,
        m.PaperIssued(
            paper=body.paper,
            called=f"{paper.name} {number}",
            number=number,
            code=made.code,
            sha256=made.sha256,
            signed_by=body.signed_by,
            asked=asked,
        ),
    )


def _answered(draft: Draft, paper: Document, given: list[Gap]) -> dict[str, str]:
    """What was missing, answered. Refused when something still is, or was not asked."""
    wanted = gaps(draft.policy, draft.d, paper)
    asked = {gap.field: gap.text for gap in given}
    if surplus := [field for field in asked if field not in wanted]:
        raise Declined("not_asked", f"《{paper.name}》不缺“{surplus[0]}”，请删去这一行", "gaps")
    if missing := [field for field in wanted if field not in asked]:
        named = "、".join(missing)
        raise Declined("gaps", f"《{paper.name}》还缺：{named}。请在“补充内容”中逐项填写", "gaps")
    refuse(_unlawful(draft, paper, given))
    return asked


def _unlawful(draft: Draft, paper: Document, given: list[Gap]) -> Iterator[Declined]:
    """What no act may write to a party, no paper says either: promises, and in an agreement waivers."""
    if not is_for_a_party(draft.policy, paper):
        return
    for number, gap in enumerate(given):
        place = f"gaps.{number}.text"
        yield from promises(draft, gap.text, place)
        if paper.name == draft.policy.paper(AGREEMENT):
            for found in check_terms([gap.text], draft.policy, place):
                said = f"协议条款违法，不能制发：{found.explanation}（{found.article}）"
                yield Unlawful("unlawful_agreement", said, place)


def _may_serve(draft: Draft) -> None:
    to_serve(draft)


@handles(ServePaper, _may_serve)
def serve_paper(draft: Draft, act: Act, body: ServePaper) -> None:
    """送达: what the law counts from it begins to run."""
    paper = _chosen(to_serve(draft), body.paper)
    assert paper.issued
    _require_addressed(paper, body.to)
    if (body.way, body.to, draft.d.facts.applicant.online) == (ELECTRONIC, "申请人", False):
        said = "申请人不同意电子送达，请改用其他方式；现已同意的，先办理“更正当事人信息”"
        raise Declined("not_agreed", said, "way")
    served_on = _served_on(body)
    draft.record(
        body,
        m.PaperServed(
            paper=body.paper,
            called=_called(paper),
            to=body.to,
            way=body.way,
            done_on=body.done_on,
            served_on=served_on,
            proof=body.proof.name,
        ),
    )
    if body.to != OTHERS and all(served_on < s.served_on for s in _services(paper, body.to)):
        name, _ = draft.policy.paper_rule(paper.name)
        rights.paper_served(draft, name, served_on, f"{_called(paper)} {body.way}")


def _services(paper: Document, to: str) -> list[Service]:
    """The services on one addressee: terms count from the earliest; a copy for anybody else moves none."""
    return [service for service in paper.services if service.to == to]


def _require_addressed(paper: Document, to: str) -> None:
    """Refuse the other side's service of a paper that is not for it."""
    words = re.split("[/、]", paper.to)
    if to != OTHERS and to not in words and BOTH not in words:
        raise Declined("not_addressed", f"《{paper.name}》写给{paper.to}，不能登记送达{to}", "to")


def _served_on(body: ServePaper) -> date:
    """From when terms count."""
    return body.done_on + DEEMED_AFTER if body.way == ANNOUNCED else body.done_on


def _may_revoke(draft: Draft) -> None:
    issued(draft)


@handles(RevokePaper, _may_revoke)
def revoke_paper(draft: Draft, act: Act, body: RevokePaper) -> None:
    """撤销: what counted from its service counts no more."""
    paper = _chosen(issued(draft), body.paper)
    again = body.then == SAME_PAPER
    draft.record(
        body, m.PaperRevoked(paper=body.paper, called=_called(paper), reason=body.reason, again=again)
    )
    name, _ = draft.policy.paper_rule(paper.name)
    if paper.services and not _stands_served(draft, name, body.paper):
        rights.paper_revoked(draft, name)


def _stands_served(draft: Draft, name: str, but: int) -> bool:
    """Whether another paper of this kind has been served on its addressee: terms count from that one."""
    return any(
        draft.policy.paper_rule(paper.name)[0] == name and any(s.to != OTHERS for s in paper.services)
        for no, paper in enumerate(draft.d.documents, 1)
        if no != but and paper.issued
    )
