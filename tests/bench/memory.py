"""How much memory a process holds."""

import os
from pathlib import Path


def resident(pid: int | str = "self") -> float:
    """Resident memory of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_048_576
