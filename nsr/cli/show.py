"""Results for a person at a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from nsr.results import EvidenceKind, QuestionResult, Result, exit_code
from nsr.results.text import tables_of

_EVIDENCE = {
    EvidenceKind.CHECKED: "checked: the reference evaluator accepts it",
    EvidenceKind.CONFIRMED: "confirmed: checked, and a second back end agrees",
    EvidenceKind.CLAIMED: "claimed: in part one solver's word only",
}


def show_result(result: Result, *, explain: bool = False, program: bool = False, trace: bool = False) -> None:
    """The answer with its grid, evidence, and what else was asked for."""
    console = Console(highlight=False)
    if trace:
        _trace(console, result)
    if program and result.program:
        console.print(escape(result.program.rstrip()), soft_wrap=True)
        console.print()
    for question in result.questions or (None,):
        _question(console, result, question, explain)
    for assumption in result.assumptions:
        console.print(f"assumed: {escape(assumption)}", soft_wrap=True)
    for warning in result.warnings:
        console.print(f"[yellow]warning[/] {escape(warning['code'])}: {escape(warning['message'])}", soft_wrap=True)


def _question(console: Console, result: Result, question: QuestionResult | None, explain: bool) -> None:
    about: Result | QuestionResult = question or result
    if question is not None and question.label:
        console.rule(f"question {escape(question.label)}", align="left")
    color = "green" if exit_code(about.status) == 0 else "yellow" if exit_code(about.status) == 3 else "red"
    head = f"[bold {color}]{about.status.value}[/]"
    reason = about.reason or result.reason
    console.print(head + (f": {escape(reason)}" if reason else ""), soft_wrap=True)
    tables = tables_of(about.answer)
    for number, table in enumerate(tables):
        if len(tables) > 1:
            console.print(f"solution {number + 1}")
        console.print(_grid(table))
    if not tables and about.answer is not None:
        _plain(console, about.answer)
    if about.evidence.kind is not None:
        console.print(_EVIDENCE[about.evidence.kind], style="dim", soft_wrap=True)
    if about.evidence.core:
        console.print("these contradict each other: " + escape(", ".join(about.evidence.core)), soft_wrap=True)
    if about.explanation.summary not in ("", reason) and (explain or not tables):
        console.print(escape(about.explanation.summary), soft_wrap=True)
    if explain:
        for line in about.explanation.reasons:
            mark = {True: "[green]✓[/]", False: "[red]✗[/]", None: "·"}[line.holds]
            quoted = " ".join(f"“{s}”" for s in line.sentences)
            console.print(f" {mark} {escape(line.label)}: {escape(quoted or line.formula)}", soft_wrap=True)
    for note in about.evidence.notes:
        console.print(f"note: {escape(note)}", style="dim", soft_wrap=True)


def _grid(table: dict[str, Any]) -> Table:
    grid = Table(show_edge=True)
    for heading in table["header"]:
        grid.add_column(escape(str(heading)))
    for row in table["rows"]:
        grid.add_row(*(escape(str(cell)) for cell in row))
    return grid


def _plain(console: Console, answer: Any) -> None:
    solutions = answer if isinstance(answer, list) else [answer]
    for solution in solutions:
        values = solution.get("assignment", solution) if isinstance(solution, dict) else solution
        if not isinstance(values, dict):
            console.print(escape(str(values)), soft_wrap=True)
            continue
        for name, value in values.items():
            if isinstance(value, dict):
                value = ", ".join(f"{k}: {_word(v)}" for k, v in value.items())
            console.print(f"{escape(str(name))} = {escape(_word(value))}", soft_wrap=True)


def _word(value: Any) -> str:
    # By identity: 1 is a number here, not `true`.
    return next(
        (word for known, word in ((True, "true"), (False, "false"), (None, "none")) if value is known), str(value)
    )


def _trace(console: Console, result: Result) -> None:
    for entry in result.rounds:
        console.print(
            f"[bold]round {entry.number}[/] {escape(entry.kind)} → {escape(entry.outcome)} ({entry.seconds:.2f} s)",
            soft_wrap=True,
        )
        console.print(escape(entry.source.rstrip()), style="dim", soft_wrap=True)
        for finding in entry.findings:
            console.print(f"  [yellow]![/] {escape(finding)}", soft_wrap=True)
