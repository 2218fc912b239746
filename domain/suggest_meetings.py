"""What is suggested for 会商 and 联席会议: whom to call, when, about what, and what the minutes may well say."""

from datetime import datetime, time, timedelta

from domain.actions.form import LONGEST_TEXT
from domain.chinese import yuan
from domain.decide.proposing import proposed_items
from domain.decide.routes import joint_meeting_office
from domain.draft import Draft
from domain.suggested import Suggested, Suggestions
from domain.words import SHANGHAI


def invited(draft: Draft) -> list[str]:
    """The units that handle the matter, the lead first."""
    return list(dict.fromkeys(filter(None, (draft.d.lead, *draft.d.co))))


def consult(draft: Draft) -> Suggestions:
    """Whom a consultation calls."""
    return {"units": Suggested(invited(draft), "主办和协办单位")}


def _joint(draft: Draft) -> Suggestions:
    units = [*invited(draft), joint_meeting_office(draft)]
    return {
        "units": Suggested(list(dict.fromkeys(units)), "主办、协办单位和办公室"),
        "topic": Suggested(_agenda(draft), "登记的争议和提请的议题"),
    }


def _agenda(draft: Draft) -> str:
    """What the joint meeting studies, in one sentence, as it stands in the notice."""
    d = draft.d
    firms = [r.name for r in d.facts.respondents]
    whose = (firms[0] + (f"等{len(firms)}个单位" if len(firms) > 1 else "")) if firms else "有关单位"
    kinds = "、".join(dict.fromkeys(c.type for c in d.facts.claims if c.type)) or "社会保险费"
    topics = "、".join(d.proposal.topics if d.proposal else ["处置方案"])
    said = f"研究{whose}“{kinds}”争议（涉及{d.people_left}人）的{topics}"
    return said if len(said) <= LONGEST_TEXT else f"研究本案的{topics}"


def propose(draft: Draft) -> Suggestions:
    """Why, about what, whom and when."""
    said = _joint(draft)
    signs = "、".join(t.text for t in draft.d.triggers)
    figures = f"本案涉及 {draft.d.facts.applicant.headcount} 人，主张 {yuan(draft.d.facts.claimed)}。"
    loud = any(i.category == "舆情引导" for i in proposed_items(draft))
    return {
        "analysis": Suggested(
            f"{figures}触发的风险指标：{signs}。" if signs else figures, "风险指标和登记情况"
        ),
        "topics": Suggested(["处置方案", *(["舆情应对"] if loud else [])], "风险指标"),
        "units": said["units"],
        **convene_time(draft),
    }


def time_answered(draft: Draft) -> Suggestions:
    """The time that was proposed, as long as it lies ahead."""
    proposal = draft.d.proposal
    if proposal is None or proposal.held_at < draft.now:
        return {}
    return {"held_at": Suggested(proposal.held_at, "提请单的拟定时间")}


def call(draft: Draft) -> Suggestions:
    """The joint meeting as it was granted."""
    granted = draft.d.proposal
    if granted is None or granted.answer != "granted":
        return _joint(draft) | convene_time(draft)
    return _joint(draft) | {
        "held_at": Suggested(granted.held_at, "县政府同意的时间"),
        "units": Suggested(granted.units, "提请单的拟请单位"),
    }


def joint_minutes(draft: Draft) -> Suggestions:
    """The units called, and the items that the policy proposes for such a matter."""
    rule = draft.policy.clock("resolution")
    day = draft.policy.calendar.add_working_days(draft.now.date(), rule.length).due
    items = [
        {
            "category": item.category,
            "unit": (draft.d.lead or draft.d.center) if item.unit == "lead" else draft.known(item.unit)[0],
            "text": item.text,
            "due": day,
        }
        for item in proposed_items(draft)
    ]
    why = "；".join(dict.fromkeys(item.basis for item in proposed_items(draft)))
    return minutes(draft) | ({"items": Suggested(items, why)} if items else {})


def minutes(draft: Draft) -> Suggestions:
    """Who was called last."""
    meeting = draft.d.meetings[-1] if draft.d.meetings else None
    units = meeting.units if meeting else invited(draft)
    return {"attended": Suggested([{"unit": u} for u in units], "受邀单位")}


def convene_time(draft: Draft) -> Suggestions:
    """Nine o'clock on the next working day."""
    day = draft.policy.calendar.roll(draft.now.astimezone(SHANGHAI).date() + timedelta(days=1))
    return {"held_at": Suggested(datetime.combine(day, time(9), SHANGHAI))}
