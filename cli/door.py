"""door: the administrator's way in, with its key, for whoever may read the key's file."""

from pathlib import Path
from typing import Annotated

import typer

from cli.output import Exit, fail, print_json
from cli.session import running_here
from hosting.codec_server.token import address, known

Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]


def door(as_json: Json = False) -> None:
    """The whole address. It is printed because it was asked for: ``up`` prints it to a terminal alone."""
    note = running_here(as_json=as_json)
    token = known(Path(note.keys))
    if not note.door or not token:
        fail(
            Exit.NOT_FOUND,
            "这个系统没有管理员入口，或本机读不到它的令牌（见 docs/codec.md）",
            as_json=as_json,
        )
    whole = address(note.door, token)
    if as_json:
        print_json({"ok": True, "door": whole})
    else:
        typer.echo(whole)
