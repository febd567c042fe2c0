"""docs/seed.md: 85 rows, each with a status that holds: named tests exist, named commands exist, reasons are given."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"^\| ([ABC]\d+) \| (.+?) \| (works|export/import|reference only|not yet) \| (.+?) \|$", re.M)
ROWS = ROW.findall((ROOT / "docs" / "seed.md").read_text(encoding="utf-8"))


def test_no_row_is_missing_or_twice() -> None:
    wanted = [f"A{n}" for n in range(1, 10)] + [f"B{n}" for n in range(1, 42)] + [f"C{n}" for n in range(1, 36)]
    assert [row[0] for row in ROWS] == wanted


@pytest.mark.parametrize("row", [row for row in ROWS if row[2] == "works"], ids=lambda row: row[0])
def test_what_works_is_shown_by_a_test(row: tuple[str, str, str, str]) -> None:
    for named in re.findall(r"`(tests/[^`]+)`", row[3]) or pytest.fail("no test named"):
        path, _, function = named.partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert function in {f.name for f in ast.walk(tree) if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row[2] in ("export/import", "reference only")], ids=lambda r: r[0]
)
def test_the_rest_names_its_command_or_reason(row: tuple[str, str, str, str]) -> None:
    assert len(row[3]) > 10
