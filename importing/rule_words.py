"""The parts of a rule file (policies/hotline): column names, and the words of callers and platforms by what they tell."""

import re
from enum import StrEnum

from pydantic import Field

from domain.words import ClaimType, Insurance, Model

Says = tuple[re.Pattern[str], ...]


class Column(StrEnum):
    """What a column holds, whatever a platform calls it."""

    TICKET = "ticket"
    TIME = "time"
    DAY = "day"
    NAME = "name"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    ID_KIND = "id_kind"
    CATEGORY = "category"
    UNIT = "unit"
    USCC = "uscc"
    KINDS = "kinds"
    NARRATIVE = "narrative"
    HEADCOUNT = "headcount"
    AMOUNT = "amount"
    TOWN = "town"


class ColumnRule(Model):
    """The county's own word for a column, and every name platforms give it, the surest first.

    ``like``: how the header of a platform not met before may read; what is found so is said to be.
    """

    label: str
    names: tuple[str, ...] = Field(min_length=1)
    like: re.Pattern[str] | None = None


class TimeWords(Model):
    """Words in a time: vague ones leave no date; the others say which half of the day."""

    vague: Says
    noise: Says
    morning: tuple[str, ...]
    noon: tuple[str, ...]
    afternoon: tuple[str, ...]
    night: tuple[str, ...]


class AmountWords(Model):
    """``approximate`` keep the figure; ``inexact`` (ranges, bounds, 十几) leave none."""

    approximate: tuple[str, ...]
    inexact: Says
    before: tuple[str, ...]
    after: tuple[str, ...]


class HeadcountWords(Model):
    """What may stand around a head-count."""

    before: tuple[str, ...]
    after: tuple[str, ...]


class NameWords(Model):
    """Who gave no name, and what is a form of address, not a full name.

    ``nobody``: what is written for anybody's name; anonymous when there is no number to reach them by either.
    ``firm``: the name of an employer, who may apply too (plan, annex 一).
    """

    anonymous: Says
    nobody: re.Pattern[str]
    title: Says
    firm: re.Pattern[str]


class UnitWords(Model):
    """Which employers are not named, and what kind of unit a name shows."""

    vague: Says
    village: Says
    public: Says
    business: re.Pattern[str]
    forms: re.Pattern[str]
    in_narrative: re.Pattern[str]


class Places(Model):
    """What tells this county's employers from others'.

    ``living_there``: where somebody is now, not where the employer owes; ``working_here``: wherever the firm is registered.
    """

    home: tuple[str, ...]
    neighbours: tuple[str, ...]
    far: tuple[str, ...]
    elsewhere: re.Pattern[str]
    employer_in: Says
    living_there: re.Pattern[str]
    working_here: re.Pattern[str]


class Bundle(Model):
    """A word for several insurances."""

    says: re.Pattern[str]
    kinds: tuple[Insurance, ...]


class RegimeWords(Model):
    """参保制度 by the words used. ``resident_part``: of two regimes spoken of, the residents' is what is asked about."""

    resident: re.Pattern[str]
    resident_part: re.Pattern[str]
    public: re.Pattern[str]
    employee: re.Pattern[str]
    resident_sign: re.Pattern[str]
    self_paying: re.Pattern[str]


class Redirect(Model):
    """A 不予受理 code and the right way."""

    code: str
    redirect: str


class Proceeding(Model):
    """When a court, an arbitration or a review in a narrative is no ground: not of this matter, or not any more.

    ``unless``: said in the sentence, it was never this matter's (a bankruptcy, somebody else's case, one withdrawn).
    ``dismissed``: turned away as the administration's business. ``other_matter``: what else a proceeding may be about.
    ``this``: a clause that means the one before.
    """

    unless: Says
    dismissed: re.Pattern[str]
    other_matter: re.Pattern[str]
    this: re.Pattern[str]


class ScopeRule(Redirect):
    """One ground for proposing 不予受理.

    ``unless_types``: not when there is a complaint of one of these types; ``other_money``: only said in clauses that do
    not speak of social insurance; ``column``: the 险种 column may say it too; ``own_words``: only the narrative itself can
    make a complaint; ``units``: complained of, it is one unless premiums are owed; ``proceeding``: it is looked at which
    matter is meant.
    """

    says: Says
    unless: Says = ()
    unless_types: tuple[ClaimType, ...] = ()
    other_money: bool = False
    column: bool = False
    own_words: bool = False
    units: re.Pattern[str] | None = None
    proceeding: Proceeding | None = None


class OtherMatter(Redirect):
    """Where a row belongs that speaks of no social insurance, by what it speaks of; without ``says``: any."""

    says: re.Pattern[str] | None = None


class Consultation(Redirect):
    """咨询: a question without a complaint. ``employer``: words that show an employer behind it.

    ``suggestion``: a narrative that opens so complains of nothing, unless of an employer.
    """

    says: Says
    suggestion: re.Pattern[str]
    grievance: re.Pattern[str]
    question: re.Pattern[str]
    employer: re.Pattern[str]


class Signs(Model):
    """What the reviewing officer's indicators are pre-filled from.

    ``at_work``: words without which a minor is no worker. ``old_after_years``: after so long since a claim's last month
    the legal office looks at it. ``together``: how many people complain, in ``n``.
    """

    special_groups: dict[str, re.Pattern[str]]
    at_work: re.Pattern[str]
    old_after_years: int
    together: Says
    respondent_status: dict[str, re.Pattern[str]]
    relation_disputed: re.Pattern[str]
    opinion: re.Pattern[str]
    beyond_level: re.Pattern[str]
    extreme: re.Pattern[str]
    petition: re.Pattern[str]
