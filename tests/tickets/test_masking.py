"""Masking: what must be covered, and what must stay readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.masking import MASK, mask


@pytest.mark.parametrize(
    ("text", "gone", "kind"),
    [
        ("我身份证320106198001011234帮我查", "320106198001011234", "id_card"),
        ("身份证 32010619800101123X", "32010619800101123X", "id_card"),
        ("电话13800138000", "13800138000", "phone"),
        ("打138 0013 8000", "138 0013 8000", "phone"),
        ("打138-0013-8000找我", "138-0013-8000", "phone"),
        ("手机一三八零零一三八零零零", "一三八零零一三八零零零", "phone"),
        ("手机１３８００１３８０００", "13800138000", "phone"),
        ("座机0512-65221234", "0512-65221234", "phone"),
        ("卡号6222 0202 0000 1234 567", "6222 0202 0000 1234 567", "bank_card"),
        ("邮箱wang.wu@example.com", "wang.wu@example.com", "email"),
        ("车牌苏A12345", "苏A12345", "plate"),
        ("我叫王建国，是村支书", "王建国", "name"),
        ("联系人：李四", "李四", "name"),
        ("联系人:李四 电话13800138000", "李四", "name"),
    ],
)
def test_personal_data_is_covered(text: str, gone: str, kind: str) -> None:
    masked = mask(text)
    assert gone not in masked.text and MASK in masked.text
    assert kind in masked.kinds


@pytest.mark.parametrize(
    "text",
    [
        "这个月填了13次表，数字是20268",
        "一天四十多个章",
        "我叫他们别来了，不听",
        "2026年11月24日要交",
        "市发〔2026〕12号",
    ],
)
def test_a_complaint_stays_readable(text: str) -> None:
    assert mask(text).text == text


@given(st.text())
def test_masking_is_total_and_settled(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once
