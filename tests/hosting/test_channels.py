"""The channels' file: what it gives, and what is said of a faulty one, no secret among it."""

from pathlib import Path

import pytest

from domain.notices import Way
from hosting.channels import FILE, channels, read_channels
from hosting.embedded.errors import CannotStart

GOOD = """
parties:
  短信: {address: "https://sms.example.cn/send", secret_file: sms, per_second: 5}
officers:
  企业微信: {url_file: wecom, per_second: 0.5}
"""


def written(folder: Path, text: str, **files: str) -> Path:
    for name, content in {"sms": "whsec_c2VjcmV0", "wecom": "json://127.0.0.1/{to}\n", **files}.items():
        (folder / name).write_text(content, encoding="utf-8")
    file = folder / "channels.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_channels_come_from_the_file_that_the_setting_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert channels().rates == {}
    monkeypatch.setenv(FILE, str(written(tmp_path, GOOD)))
    found = channels()
    assert found.rates == {"短信": 5, "企业微信": 0.5}
    assert found.parties[Way.SMS].secret == "whsec_c2VjcmV0"
    assert found.officers["企业微信"].asks_address


@pytest.mark.parametrize(
    ("text", "files", "said"),
    [
        ("parties: [", {}, "读不出来"),
        (GOOD.replace("per_second: 5", "per_second: 0"), {}, "parties.短信.per_second"),
        (GOOD.replace("短信", "飞鸽"), {}, "parties.飞鸽"),
        (GOOD.replace("短信", "书面"), {}, "由人送达"),
        (GOOD.replace("https://", "ftp://"), {}, "https://"),
        (GOOD.replace("sms,", "nowhere,"), {}, "读不出来"),
        (GOOD, {"wecom": ""}, "是空的"),
        (GOOD, {"wecom": "nothing://hidden-token"}, "apprise 读不懂"),
    ],
)
def test_a_faulty_file_is_told_to_whoever_starts_the_office(
    tmp_path: Path, text: str, files: dict[str, str], said: str
) -> None:
    with pytest.raises(CannotStart, match=said) as refused:
        read_channels(written(tmp_path, text, **files))
    assert "hidden-token" not in str(refused.value)
    assert "c2VjcmV0" not in str(refused.value)
