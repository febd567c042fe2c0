"""What the settings decide about signing in, and how long a sign-in lasts where."""

from dataclasses import dataclass
from datetime import timedelta

OBSERVER_LASTS = timedelta(days=30)  # an observer's page shows nothing about anybody; one more visit must not cost one


@dataclass(frozen=True)
class LoginRules:
    """Strict in production: a second factor for the hotline's own staff, no bare sign-in links."""

    second_factor: bool = False
    links: bool = True
    idle: timedelta = timedelta(hours=1)
    lasts: timedelta = timedelta(hours=12)
    base_url: str = ""  # what people type into a browser; empty: the address the request came to

    def needs_second_factor(self, area: str) -> bool:
        """Whether nobody signs in to this area with a password alone (domain §4.1: account and second factor)."""
        return self.second_factor and area == "desk"

    def lasts_in(self, area: str) -> timedelta:
        """From sign-in to the end, whatever is done meanwhile."""
        return OBSERVER_LASTS if area == "observer" else self.lasts

    def idle_in(self, area: str) -> timedelta:
        """From the last click to the end."""
        return OBSERVER_LASTS if area == "observer" else self.idle
