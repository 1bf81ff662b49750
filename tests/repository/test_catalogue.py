"""Every word on the screens has its English."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = Path("locale/en/LC_MESSAGES/django.po")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
QUOTED = re.compile("“[^”]*”")


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory):
    """The catalogue as it stands, and the words collected anew from a copy of the tree."""
    copy = tmp_path_factory.mktemp("tree") / "fangxin"
    shutil.copytree(ROOT / "src" / "fangxin", copy, ignore=shutil.ignore_patterns("*.mo", "__pycache__", "*.po"))
    (copy / CATALOGUE.parent).mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "en", "--no-location", "--no-wrap",
         "--extension", "html,py", "--ignore", "migrations/*"],
        cwd=copy, check=True, capture_output=True,
    )  # fmt: skip
    with (copy / CATALOGUE).open("rb") as fresh, (ROOT / "src" / "fangxin" / CATALOGUE).open("rb") as kept:
        return read_po(fresh), read_po(kept)


def _key(message):
    return message.id if isinstance(message.id, str) else message.id[0]


def test_no_word_is_missing(catalogues):
    fresh, kept = catalogues
    missing = sorted({_key(m) for m in fresh if m.id} - {_key(m) for m in kept if m.id})
    assert not missing, f"{len(missing)} words are not in the catalogue; run make messages: {missing[:10]}"


def test_every_word_is_translated(catalogues):
    _fresh, kept = catalogues
    empty = [
        _key(m) for m in kept if m.id and (m.fuzzy or not (m.string if isinstance(m.string, str) else all(m.string)))
    ]
    assert not empty, f"{len(empty)} words have no English: {empty[:10]}"


def test_placeholders_are_the_same(catalogues):
    _fresh, kept = catalogues
    holes = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")
    for message in kept:
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else message.id
        strings = [message.string] if isinstance(message.string, str) else message.string
        for text in strings:
            assert sorted(set(holes.findall(text))) == sorted(set(holes.findall(ids[0]))), ids[0]


def test_the_english_is_english(catalogues):
    _fresh, kept = catalogues
    allowed = {"中文", "简体中文"}
    for message in kept:
        if message.id and _key(message) not in allowed:
            text = message.string if isinstance(message.string, str) else " ".join(message.string)
            # What has to be typed in Chinese stands in quotation marks.
            assert not CHINESE.search(QUOTED.sub("", text)), f"{_key(message)!r} → {text!r}"
