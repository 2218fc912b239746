"""The guide's pictures: each there, small enough for slow machines, and shown somewhere. That links resolve: test_documents."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))


def shown() -> set[str]:
    """The pictures that the pages show."""
    return {
        name
        for page in PAGES
        for name in re.findall(r"!\[[^]]+\]\(pictures/([^)]+)\)", page.read_text(encoding="utf-8"))
    }


def test_every_picture_is_there_and_small() -> None:
    from scripts.guide_pictures import LARGEST

    sizes = {name: (GUIDE / "pictures" / name).stat().st_size for name in shown()}
    assert sizes
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}


def test_every_picture_is_shown() -> None:
    assert {file.name for file in (GUIDE / "pictures").iterdir()} == shown()


def test_every_page_is_reached_from_the_first() -> None:
    links = re.findall(r"\]\(([\w-]+\.md)\)", (GUIDE / "README.md").read_text(encoding="utf-8"))
    assert set(links) == {page.name for page in PAGES} - {"README.md"}


def test_every_anchor_is_a_heading() -> None:
    for page in PAGES:
        for file, anchor in re.findall(r"\]\(([\w-]*\.?m?d?)#([^)]+)\)", page.read_text(encoding="utf-8")):
            text = (GUIDE / (file or page.name)).read_text(encoding="utf-8")
            assert anchor in re.findall(r"^#+ (.+)$", text, re.MULTILINE), f"{page.name}: {anchor}"
