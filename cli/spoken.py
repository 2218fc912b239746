"""What the option parser refuses, said in Chinese: the one place where its English is put into our words."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from typer.core import TyperGroup
from typer.exceptions import TyperException

from cli.output import Exit, fail

_SENTENCES = [
    (re.compile(pattern, re.DOTALL), said)
    for pattern, said in (
        (r"No such command '(.+?)'\.(?: Did you mean (.+)\?)?$", "没有命令 {0}{near}"),
        (r"No such option: (\S+)(?: \(Possible options: (.+)\))?$", "没有选项 {0}{near}"),
        (r"Missing option '(.+?)'\.(?: .*)?$", "缺少选项 {0}"),
        (r"Missing argument '(.+?)'\.(?: .*)?$", "缺少 {0}"),
        (r"Missing command\.$", "缺少子命令"),
        (r"Option '(.+?)' (?:requires an argument|requires \d+ arguments)\.$", "选项 {0} 后面须写内容"),
        (r"Option '(.+?)' does not take a value\.$", "选项 {0} 后面不写内容"),
        (r"Got unexpected extra argument(?:s|\(s\))? \((.+)\)$", "多写了 {0}"),
        (r"Invalid value for '(.+?)': .* is not one of (.+)\.$", "{0} 应为以下之一：{1}"),
        (r"Invalid value for '(.+?)': .*valid integer\b.*$", "{0} 须为整数"),
        (r"Invalid value for '(.+?)': .*$", "{0} 写得不对"),
    )
]


def in_chinese(message: str) -> str | None:
    """The parser's sentence in Chinese; ``None`` for one not known."""
    for pattern, said in _SENTENCES:
        if found := pattern.match(message):
            words = [re.sub(r"'([^']*)'", r"\1", word or "").replace(", ", "、") for word in found.groups()]
            near = f"，是否为：{words[1]}" if len(words) > 1 and words[1] else ""
            return said.format(*words, near=near)
    return None


class SpokenGroup(TyperGroup):
    """The command line itself. It says in Chinese, or in JSON, what of it could not be understood."""

    _as_json = False

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take in the whole command line."""
        self._as_json = "--json" in args
        with self._spoken():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command named."""
        with self._spoken():
            return super().invoke(ctx)

    @contextmanager
    def _spoken(self) -> Generator[None]:
        try:
            yield
        except TyperException as error:
            said = in_chinese(error.format_message())
            if said is None:
                raise
            ctx, help_text = getattr(error, "ctx", None), getattr(getattr(error, "param", None), "help", None)
            meaning = f"（{help_text}）" if help_text else ""
            usage = f"用法见 {ctx.command_path if ctx else 'fengqiao'} --help"
            fail(Exit.USAGE, f"{said}{meaning}。{usage}", as_json=self._as_json)
