"""Solves a puzzle from its English text and says which sentences force each cell.

python examples/solve_a_puzzle.py [PUZZLE.txt]
"""

import sys
from pathlib import Path

import nsr


def main(path: Path) -> None:
    """Print the grid, how it is known, and the reasons."""
    text = path.read_text(encoding="utf-8")
    with nsr.Engine() as engine:
        result = engine.solve(text)
        if not result.is_answered:
            print(f"{result.status.value}: {result.reason}")
            return
        table = result.answer["table"]
        for row in [table["header"], *table["rows"]]:
            print("  ".join(f"{cell!s:<12}" for cell in row).rstrip())
        print(f"\n{result.evidence.kind}: {result.explanation.summary}\n")
        for reason in engine.with_cell_reasons(result, text).explanation.reasons:
            print(f"{reason.label}: {' '.join(reason.sentences) or 'from what is declared'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "puzzles" / "harbour.txt")
