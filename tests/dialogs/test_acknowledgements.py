"""Short replies are read by list, and nothing longer is."""

import pytest

from dialogs.acknowledgements import load_nods, read_nod


@pytest.mark.parametrize(
    ("text", "nod"),
    [
        ("好的。", "polite"), ("好的好的", "polite"), (" OK ", "polite"), ("知道了～", "polite"), ("谢谢啊", "thanks"),
        ("您好！", "greeting"), ("是的", "yes"), ("没有了", "no"), ("不知道", "no"),
        ("不想活了", None), ("没解决", None), ("好的表要报三遍", None), ("填表", None), ("不满意", None), ("", None),
    ],
)  # fmt: skip
def test_read_nod(text: str, nod: str | None) -> None:
    assert read_nod(text) == nod


def test_no_word_stands_in_two_lists_and_all_are_short() -> None:
    assert len(load_nods()) > 100
    assert all(len(word) <= 7 for word in load_nods())
