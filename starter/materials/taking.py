"""From what came over the wire to a file that may be kept: how large, what it is, whether a virus is in it."""

import hashlib
from typing import NamedTuple

import structlog

from domain.materials import LONGEST_ABOUT, File, GivenBy, MaterialRules, Scan, plain_name
from ledger.materials import PART, new_id
from privacy.spool import Spool
from starter.materials.kinds import FIELD, kind_of
from starter.materials.scanner import Scanner, ScannerAway
from starter.office.declined import Declined

log = structlog.get_logger(__name__)


class TooLarge(Declined):
    """A file above what the policy takes."""


class Infected(Declined):
    """A file with a virus in it: kept nowhere. ``virus``: what the scanner calls it."""

    def __init__(self, virus: str) -> None:
        super().__init__("infected", "文件中发现病毒，没有收存；请在自己的电脑上查毒后再交", FIELD)
        self.virus = virus


class Given(NamedTuple):
    """A file as it arrived, with what was said of it. ``name``: as it came."""

    name: str
    content: Spool
    sha256: str
    given_by: GivenBy
    about: str = ""


class Receiver:
    """Takes a file's bytes in as they come; refuses them as soon as they are too many."""

    def __init__(self, rules: MaterialRules) -> None:
        self.rules = rules
        self.content = Spool()
        self._digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Take some more. Raises TooLarge."""
        if self.content.size + len(data) > self.rules.each:
            raise too_large(self.rules)
        self.content.write(data)
        self._digest.update(data)

    @property
    def sha256(self) -> str:
        """Of what came so far, as hexadecimal digits."""
        return self._digest.hexdigest()


def too_large(rules: MaterialRules) -> TooLarge:
    """The refusal of a file above the policy's size."""
    return TooLarge("too_large", f"文件太大，每件至多 {rules.each_mb} MB；请压缩图片或分卷再交", FIELD)


def taken(given: Given, rules: MaterialRules, scanner: Scanner | None) -> File:
    """The file, once it is found to be what the county takes. Raises Declined, Infected."""
    name = plain_name(given.name)
    if not given.content.size:
        raise Declined("empty", "文件是空的，请重新选择", FIELD)
    if len(given.about) > LONGEST_ABOUT:
        raise Declined("faulty", f"说明至多 {LONGEST_ABOUT} 字，请缩短", "about")
    kind = kind_of(given.content, name, rules.kinds)
    return File(
        id=new_id(),
        name=name,
        kind=kind,
        size=given.content.size,
        sha256=given.sha256,
        given_by=given.given_by,
        about=given.about,
        scan=_scanned(given, rules, scanner),
    )


def _scanned(given: Given, rules: MaterialRules, scanner: Scanner | None) -> Scan:
    if scanner is None:
        return "未扫描"
    try:
        virus = scanner.found(given.content.parts(PART))
    except ScannerAway as away:
        log.warning("scanner away", reason=str(away))
        if rules.unscanned == "refuse":
            raise Declined("scanner_away", "查毒服务暂时没有回答，没有收存；请稍后再交") from None
        return "未扫描"
    if virus:
        raise Infected(virus)
    return "已扫描无毒"
