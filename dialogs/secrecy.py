"""Secrecy marks: what carries one is not stored; the ordinary word 「内部资料」 in a complaint is no mark."""

import re

from nlu.understanding import Understanding

_LEVEL = "(?:绝密|机密|秘密)"
# a level with its star, a level with its years, 「密级」, or a message that is nothing but the mark
REAL_MARK = re.compile(
    rf"{_LEVEL}\s*[★☆✩✭*＊]|密\s*级\s*(?:[:：]|[是为]?\s*{_LEVEL})|^\s*{_LEVEL}\s*[·.]?\s*[\d一二三五十]+\s*年"
    rf"|^\W*(?:{_LEVEL}级?(?:文件|资料|材料|件)?|(?:内部|涉密)(?:文件|资料|材料|件)|注意保存)\W*$"
)
# on a file or beside it even the weaker marks stop: the file itself is what they speak of
FILE_MARK = re.compile(rf"{_LEVEL}\s*[★☆✩✭*＊]|绝密|机密|秘密(?:文件|级|件)|密级|涉密|内部(?:文件|资料|材料)|注意保存")


def is_marked(text: str) -> bool:
    """A real secrecy mark in a text."""
    return bool(text.strip()) and REAL_MARK.search(text) is not None


def is_marked_file(name: str, caption: str) -> bool:
    """A secrecy mark in a file's name or caption."""
    return FILE_MARK.search(f"{name} {caption}") is not None


def is_secret(text: str, heard: Understanding) -> bool:
    """Not to be stored: really marked, or the ears hear a secret and no complaint beside it."""
    return is_marked(text) or ("secret" in heard.flags and heard.intent != "complaint")
