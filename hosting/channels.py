"""The channels of notices, read from the file that the deployment names; secrets stand in files of their own."""

import os
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import yaml
from pydantic import Field, ValidationError

from domain.channels import NO_CHANNELS, TO, Channels, OfficerChannel, PartyGateway
from domain.notices import Way
from domain.words import Model
from hosting.embedded.errors import CannotStart

FILE = "FENGQIAO_CHANNELS"
"""The YAML file of the channels. Without it officers hear in their desk alone, and parties from a person."""

Rate = Annotated[float, Field(gt=0, le=1000)]


class _Gateway(Model):
    address: str
    secret_file: Path
    per_second: Rate = 5.0


class _Channel(Model):
    url_file: Path
    per_second: Rate = 1.0


class _File(Model):
    parties: dict[Way, _Gateway] = {}
    officers: dict[Annotated[str, Field(pattern=r"^\w{1,20}$")], _Channel] = {}


def channels() -> Channels:
    """The channels that the environment names. Raises CannotStart, in Chinese, repeating no secret."""
    named = os.environ.get(FILE)
    return read_channels(Path(named)) if named else NO_CHANNELS


def read_channels(path: Path) -> Channels:
    """The channels of a file. Raises CannotStart."""
    try:
        given: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        asked = _File.model_validate(given or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise CannotStart(f"{FILE} 指明的渠道文件 {path} 读不出来，请核对路径和 YAML 写法") from None
    except ValidationError as error:
        where = "、".join(".".join(str(part) for part in e["loc"]) for e in error.errors())
        raise CannotStart(
            f"渠道文件 {path} 有误：{where}；写法见 docs/operations.md 的“Notices”一节"
        ) from None
    if Way.LETTER in asked.parties:
        raise CannotStart(f"渠道文件 {path} 有误：书面通知由人送达，没有网关")
    return Channels(
        {way: _gateway(path, way, one) for way, one in asked.parties.items()},
        {name: _channel(path, name, one) for name, one in asked.officers.items()},
    )


def _gateway(path: Path, way: Way, one: _Gateway) -> PartyGateway:
    if urlsplit(one.address).scheme not in ("https", "http"):
        raise CannotStart(f"渠道文件 {path} 中“{way}”的 address 应以 https:// 开头")
    return PartyGateway(one.address, _kept(path, one.secret_file), one.per_second)


def _channel(path: Path, name: str, one: _Channel) -> OfficerChannel:
    from apprise import Apprise  # slow to load, and few processes have channels

    url = _kept(path, one.url_file)
    tried: Any = Apprise()
    if not tried.add(url.replace(TO, "someone")):
        raise CannotStart(f"渠道“{name}”的地址 apprise 读不懂，请核对 {one.url_file} 的内容")
    return OfficerChannel(url, one.per_second)


def _kept(path: Path, file: Path) -> str:
    try:
        said = (path.parent / file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise CannotStart(f"渠道文件 {path} 指明的 {file} 读不出来") from None
    if not said:
        raise CannotStart(f"渠道文件 {path} 指明的 {file} 是空的")
    return said
