"""What every use case needs beside the unit of work: clock, ears, taxonomy, texts, settings."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random, SystemRandom
from typing import Literal, Protocol

from nlu.taxonomy import Taxonomy
from nlu.understanding import Understanding
from texts.catalogue import Catalogue
from tickets.clock import Clock

Release = Literal["batch", "at_once"]


class Listener(Protocol):
    """Whatever turns a message into an Understanding; `nlu.ears.Ears` in real life."""

    def parse(self, text: str, at: datetime | None = None) -> Understanding:
        """Understand one message; never raises for odd input."""
        ...


@dataclass(frozen=True)
class House:
    """Built once in bot/, handed down as an argument."""

    clock: Clock
    ears: Listener
    taxonomy: Taxonomy
    texts: Catalogue
    release: Release = "at_once"
    draw: Random = field(default_factory=SystemRandom)

    def release_moment(self, now: datetime, life: bool = False) -> datetime:
        """When what was approved now may leave: at the next batch hour, at once only where life is at stake."""
        return now if self.release == "at_once" or life else self.clock.next_release(now)

    def class_name(self, label: str | None) -> str:
        """The Chinese name of a class, 待定 when there is none yet."""
        if label is None:
            return self.texts.say("class.pending")
        return self.taxonomy.by_code(label).name
