"""Time as an argument: the type of whatever says what time it is."""

from collections.abc import Callable
from datetime import datetime

Now = Callable[[], datetime]
