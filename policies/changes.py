"""What is different between two versions of a policy, in words: a sentence for every rule that changed."""

from collections.abc import Callable, Hashable, Iterator
from typing import Any, NamedTuple, cast

from domain.policy import Policy
from domain.policy_conditions import Condition
from domain.words import Model
from policies import _said as said

IDENTITY: dict[str, tuple[str, ...]] = {
    "Tier": ("name",), "RouteStep": ("step",), "IndicatorRule": ("code",), "TimeNode": ("name",), "ReviewRule": ("name",),
    "RosterEntry": ("part", "unit"), "RosterPost": ("post",), "HubRule": ("hub",), "LadderRung": ("alarm",), "Forbidden": ("id",),
    "CategoryRule": ("category", "type"), "RouteRow": ("category", "regimes", "insurances"), "ProposedItem": ("category", "text"),
    "MergedPosts": ("units",), "LeadChoice": ("if_any",), "RouteModifier": ("add",),
}  # fmt: skip
"""By which items an entry of a list is known to be the same one."""
TEXT = 40
"""Characters of a text of which its lines are compared instead of the whole."""


class Change(NamedTuple):
    """One thing that is different. ``section``: the part of the policy it stands in; ``said``: the sentence."""

    section: str
    said: str


class _Place(NamedTuple):
    """Where in the policy; ``words``: of the codes that may stand there."""

    name: str
    words: dict[str, str]
    field: str = ""

    def at(self, model: type[Model], field: str, policy: Policy) -> "_Place":
        """An item of the entry here."""
        word = said.field_word(model, field)
        return _Place(
            f"{self.name}的{word}" if self.name else word, said.own_words(model, field, policy), field
        )

    def entry(self, name: str) -> "_Place":
        """An entry of the list here."""
        return self._replace(name=f"{self.name}“{name}”")


class _Comparison:
    """Two versions side by side."""

    def __init__(self, before: Policy, after: Policy) -> None:
        self.before, self.after = before, after

    def walk(self, old: Any, new: Any, place: _Place) -> Iterator[str]:
        """Sentences for all that is different here and below."""
        if old == new and type(old) is type(new):
            return
        if isinstance(old, Condition) or isinstance(new, Condition):
            yield self._other(old, new, place)
        elif isinstance(old, Model) and type(old) is type(new):
            yield from self._model(old, new, place)
        elif isinstance(old, dict) and isinstance(new, dict):
            yield from self._entries(
                {("key", k): (k, v) for k, v in cast("dict[Any, Any]", old).items()},
                {("key", k): (k, v) for k, v in cast("dict[Any, Any]", new).items()},
                place,
            )
        elif isinstance(old, tuple) and isinstance(new, tuple):
            yield from self._list(cast("tuple[Any, ...]", old), cast("tuple[Any, ...]", new), place)
        else:
            yield self._other(old, new, place)

    def _model(self, old: Model, new: Model, place: _Place) -> Iterator[str]:
        kind, merged = type(old), said.merged_fields(old)
        together = said.merged_fields(new)
        for field in kind.model_fields:
            if isinstance(old, Policy) and field == "version":
                continue
            here = place.at(kind, field, self.after)
            if field in merged:
                if merged[field] != together[field]:
                    yield f"{place.name}的{merged[field][0]}由 {merged[field][1]} 改为 {together[field][1]}"
            elif field not in said.skipped(old):
                yield from self.walk(getattr(old, field), getattr(new, field), here)

    def _list(self, old: tuple[Any, ...], new: tuple[Any, ...], place: _Place) -> Iterator[str]:
        models = [each for each in (*old, *new) if isinstance(each, Model)]
        fields = IDENTITY.get(type(models[0]).__name__) if models else None
        known: Callable[[Any], Hashable] = (
            (lambda each: tuple(getattr(each, field) for field in fields)) if fields else _same
        )
        of_old, of_new = {known(x): (x, x) for x in old}, {known(x): (x, x) for x in new}
        if len(of_old) < len(old) or len(of_new) < len(new):
            of_old, of_new = _numbered(old), _numbered(new)
        if models:
            yield from self._entries(of_old, of_new, place)
            yield from _order(of_old, of_new, place)
            return
        gone = [x for k, (x, _) in of_old.items() if k not in of_new]
        come = [x for k, (x, _) in of_new.items() if k not in of_old]
        if come:
            yield f"{place.name}增加：{said.value_word(come, self.after, place.words)}"
        if gone:
            yield f"{place.name}去掉：{said.value_word(gone, self.before, place.words)}"
        yield from _order(of_old, of_new, place)

    def _entries(
        self, old: dict[Hashable, tuple[Any, Any]], new: dict[Hashable, tuple[Any, Any]], place: _Place
    ) -> Iterator[str]:
        """Entries of a map or a list, each under what it is known by, with its key and itself."""
        for known, (key, entry) in new.items():
            if known not in old:
                yield f"增加{place.name}{self._whole(key, entry, self.after, place)}"
        for known, (key, entry) in old.items():
            if known not in new:
                yield f"删去{place.name}{self._whole(key, entry, self.before, place)}"
            else:
                name = self._name(key, entry, self.before)
                yield from self.walk(entry, new[known][1], place.entry(name))

    def _name(self, key: object, entry: object, policy: Policy) -> str:
        """What an entry is called among its like."""
        fields = IDENTITY.get(type(entry).__name__)
        if key is not entry or not fields:
            return said.entry_name(key, entry, policy)
        words = (
            said.value_word(
                getattr(entry, field), policy, said.own_words(cast("Any", type(entry)), field, policy)
            )
            for field in fields
        )
        return "　".join(words)

    def _whole(self, key: object, entry: object, policy: Policy, place: _Place) -> str:
        words = said.value_word(entry, policy, place.words)
        if key is entry and type(entry).__name__ not in IDENTITY:
            return f"：{words}"
        return f"“{self._name(key, entry, policy)}”：{words}"

    def _other(self, old: Any, new: Any, place: _Place) -> str:
        """From one value to another."""
        if isinstance(old, str) and isinstance(new, str) and max(len(old), len(new)) > TEXT:
            return f"{place.name}{_lines(old, new)}"
        was = said.tag_or(place.field, old, self.before, place.words)
        now = said.tag_or(place.field, new, self.after, place.words)
        if was == now:
            was, now = str(old), str(new)
        return f"{place.name}由 {was} 改为 {now}"


def _same(each: Any) -> Hashable:
    return repr(each) if isinstance(each, Model) else each


def _numbered(listed: tuple[Any, ...]) -> dict[Hashable, tuple[Any, Any]]:
    """A list in which the same stands twice: the first, the second of each."""
    found: dict[Hashable, tuple[Any, Any]] = {}
    for each in listed:
        number = 0
        while (repr(each), number) in found:
            number += 1
        found[repr(each), number] = (each, each)
    return found


def _order(old: dict[Hashable, Any], new: dict[Hashable, Any], place: _Place) -> Iterator[str]:
    """Whether what stayed stands in another order."""
    if [k for k in old if k in new] != [k for k in new if k in old]:
        yield f"{place.name}的次序有改动"


def _lines(old: str, new: str) -> str:
    """Which lines of a long text are others."""
    was, now = old.splitlines(), new.splitlines()
    gone = [line for line in was if line not in now]
    come = [line for line in now if line not in was]
    if len(was) < 2 and len(now) < 2:
        return f"由 {said.clipped(old)} 改为 {said.clipped(new)}" if len(old) + len(new) < 400 else "有改动"
    told = [f"去掉 {len(gone)} 行" if gone else "", f"增加 {len(come)} 行" if come else ""]
    first = f"，如：{said.clipped((come or gone)[0])}" if come or gone else "，只是行的次序或空白"
    return f"有改动：{'、'.join(filter(None, told))}{first}"


def changes(before: Policy, after: Policy) -> list[Change]:
    """Everything that is different in ``after``, in the order of the policy's parts."""
    walked = _Comparison(before, after)
    return [
        Change(section.name, sentence)
        for field in Policy.model_fields
        if field != "version"
        for section in [_Place("", {}).at(Policy, field, after)]
        for sentence in walked.walk(getattr(before, field), getattr(after, field), section)
    ]
