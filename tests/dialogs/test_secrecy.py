"""Real marks stop; words about papers do not; beside a file the weak marks stop too."""

import pytest

from dialogs.secrecy import is_marked, is_marked_file


@pytest.mark.parametrize(
    "text",
    ["机密★ 关于某项工作的通知", "秘密☆ 五年 部署安排", "密级：秘密", "秘密5年",
     "绝密", "机密文件", "内部资料", "注意保存"],
)  # fmt: skip
def test_marked(text: str) -> None:
    assert is_marked(text)


@pytest.mark.parametrize(
    "text",
    ["镇里发的内部资料要我们每人手抄三遍", "保密承诺书签了四次", "文件", "资料", "材料", "秘密投票也要拍照", ""],
)  # fmt: skip
def test_not_marked(text: str) -> None:
    assert not is_marked(text)


def test_beside_a_file() -> None:
    assert is_marked_file("内部资料.pdf", "")
    assert is_marked_file("扫描.pdf", "这是涉密的，别外传")
    assert not is_marked_file("照片.jpg", "又让填一遍")
