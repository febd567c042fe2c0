"""The bot proposes T1 when the words ask for it, and nobody else decides but the lead."""

from typing import Any

import pytest

from storage.tickets import history


@pytest.mark.parametrize(
    ("text", "t_class", "why"),
    [
        ("应急局要我们明天上午九点前把消防台账全部重报一遍，已经报过四遍了", "T1", "deadline"),
        ("应急局要我们下个月十号前把消防台账全部重报一遍，已经报过四遍了", "T2", None),
        ("民政局的留守儿童表一个月填了三遍，请替我保密，怕领导知道", "T2", None),
    ],
)
def test_proposed_t1(case: Any, text: str, t_class: str, why: str | None) -> None:
    case.file(text)
    with case.database.reading() as uow:
        proposed = [event.data["why"] for event in history(uow, 1) if event.action == "propose_t1"]
    assert (case.ticket().t_class, proposed) == (t_class, [why] if why else [])
