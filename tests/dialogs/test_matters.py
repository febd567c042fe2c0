"""Same matter or another one."""

from dataclasses import replace

from dialogs.matters import another_matter, as_complaint, fits
from nlu.understanding import Understanding, Unit
from storage.models import Ticket
from tickets.house import House

TEXT = "应急局一个月来查了五次消防台账，每次都要书记陪着"


def ticket(label: str | None = "repeat_reports", units: list[str] | None = None, thing: str | None = None) -> Ticket:
    return Ticket(label=label, slots={"units": units or [], "object": thing})


def test_a_clear_complaint_of_another_class_is_another_matter(house: House) -> None:
    heard = house.ears.parse(TEXT)
    assert another_matter(ticket(), heard, TEXT)
    assert not another_matter(ticket("multi_assessments"), heard, TEXT)
    assert not another_matter(ticket(), replace(heard, outcome="unsure"), TEXT)
    assert not another_matter(ticket(), heard, TEXT[:10])


def test_another_unit_about_another_thing(house: House) -> None:
    heard: Understanding = replace(
        house.ears.parse(TEXT), units=(Unit("残联", None),), object="残疾人表", label="repeat_reports"
    )
    assert another_matter(ticket(units=["民政局"], thing="留守儿童表"), heard, TEXT)
    assert not another_matter(ticket(units=["残联"], thing="留守儿童表"), heard, TEXT)
    assert not fits(ticket(units=["民政局"]), heard)
    assert fits(ticket(), heard)


def test_what_sounds_like_a_relapse_can_be_filed_with_its_class(house: House) -> None:
    heard = replace(house.ears.parse(TEXT), intent="relapse", label=None)
    assert as_complaint(house, heard).label == "multi_assessments"
