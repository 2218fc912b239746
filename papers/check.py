"""Checks on the forms of a policy's papers: each can be filled in, and names nothing that no paper has."""

from base64 import b64decode
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from jinja2 import TemplateSyntaxError, meta

from domain.paper_content import known_to_forms
from domain.policy import Policy
from domain.policy_problem import Problem
from domain.policy_rules import DocumentRule
from papers.filling import BadForm, environment


def form_problems(policy: Policy) -> Iterator[Problem]:
    """Papers that have a number and no form, marks given twice, forms that are broken or name what is unknown."""
    marks: dict[str, str] = {}
    for name, rule in policy.documents.items():
        if rule.omit:
            continue
        path = f"documents.{name}"
        if rule.mark:
            if other := marks.get(rule.mark):
                what = f"文号中的字“{rule.mark}”已用于文书“{other}”"
                yield Problem(path=f"{path}.mark", what=what, fix="请另用一个字，各种文书分别编号")
            marks[rule.mark] = name
            if not (rule.text or rule.docx):
                what = f"文书“{name}”没有样式，不能制发"
                yield Problem(path=path, what=what, fix=f"请放入 papers/{file_of(name)}.txt，或删去 mark")
        yield from _form(path, name, rule)


def file_of(name: str) -> str:
    """What a paper's form is called as a file."""
    return name.replace("/", "、")


def _form(path: str, name: str, rule: DocumentRule) -> Iterator[Problem]:
    known = known_to_forms(rule)
    for kind, named in (("txt", _of_text), ("docx", _of_docx)):
        if not getattr(rule, "text" if kind == "txt" else kind):
            continue
        file = f"papers/{file_of(name)}.{kind}"
        try:
            unknown = sorted(named(rule) - known)
        except BadForm as error:
            yield Problem(path=path, what=f"样式 {file} 不能使用：{error}", fix="改好后重新检查")
            continue
        if unknown:
            what = f"样式 {file} 中有不认识的名称“{'、'.join(unknown)}”"
            near = "、".join(m for word in unknown for m in get_close_matches(word, known, n=2, cutoff=0.3))
            fix = (
                f"是否为：{near}"
                if near
                else f"可用：{'、'.join(rule.fields)}，以及抬头各项（docs/papers.md）"
            )
            yield Problem(path=path, what=what, fix=fix)


def _of_text(rule: DocumentRule) -> set[str]:
    return _named(rule.text)


@cache
def _named(text: str) -> set[str]:
    try:
        return meta.find_undeclared_variables(environment().parse(text))
    except TemplateSyntaxError as error:
        raise BadForm(
            f"第 {error.lineno} 行写法有误（{error.message}），请核对 {{{{ }}}} 和 {{% %}} 是否成对"
        ) from None


def _of_docx(rule: DocumentRule) -> set[str]:
    from papers.press import opened, placeholders  # slow to load, and few counties have a .docx of their own

    return placeholders(opened(b64decode(rule.docx)))
