"""Command words alone and in front of something."""

import pytest

from dialogs.commands import command_in_front, read_command


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("补充 表是卫健要的", ("supplement", "表是卫健要的")),
        ("补充：表是卫健要的", ("supplement", "表是卫健要的")),
        ("补充一下，表是卫健要的", ("supplement", "表是卫健要的")),
        ("反映 民政局又要一遍", ("new", "民政局又要一遍")),
        ("/new@Bot 民政局又要一遍", ("new", "民政局又要一遍")),
        ("反弹 JF-2222-2222-M", ("relapse", "JF-2222-2222-M")),
        ("进度 民政那件", ("progress", "民政那件")),
        ("说明，镇里要的那张表还要盖三个章", None),
        ("我的 天哪又要把去年的台账全部重做一遍", None),
        ("反映完以后就没下文了", None),
        ("补充", None),
    ],
)
def test_command_in_front(text: str, found: tuple[str, str] | None) -> None:
    assert command_in_front(text) == found


def test_a_command_alone() -> None:
    assert read_command("「进度」。") == "progress"
    assert read_command("进度怎么样") is None
