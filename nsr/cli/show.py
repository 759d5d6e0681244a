"""Results for a person at a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule
from rich.table import Table

from nsr.cli.terminal import terminal
from nsr.results import BY_CASES, EvidenceKind, QuestionResult, Reason, Result, Status, World, exit_code
from nsr.results.text import is_bindings, proof_lines, tables_of, word

_EVIDENCE = {
    EvidenceKind.CHECKED: "checked: the reference evaluator accepts it",
    EvidenceKind.CONFIRMED: "confirmed: checked, and a second back end agrees",
    EvidenceKind.CLAIMED: "claimed: in part one solver's word only",
}
RULE = 80
"""Columns of the line above the answer to a question."""

MOST_ROWS = 50
"""Rows of one table, cells of one world and solutions that are shown; the JSON object has all."""


def show_result(result: Result, *, explain: bool = False, program: bool = False, trace: bool = False) -> None:
    """The answer with its grid, evidence, and what else was asked for."""
    console = terminal()
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
        rule = Rule(f"question {escape(question.label)}", align="left")
        console.print(rule, width=min(console.width, RULE))
    color = "green" if exit_code(about.status) == 0 else "yellow" if exit_code(about.status) == 3 else "red"
    head = f"[bold {color}]{about.status.value}[/]"
    reason = about.reason if question is not None else result.reason
    console.print(head + (f": {escape(reason)}" if reason else ""), soft_wrap=True)
    tables = tables_of(about.answer)
    _answer(console, about.answer, tables)
    if about.evidence.kind is not None:
        is_proved = about.evidence.kind is EvidenceKind.CONFIRMED and about.evidence.proof
        told = "confirmed: every step of a proof is checked" if is_proved else _EVIDENCE[about.evidence.kind]
        if about.evidence.confirmed_by == BY_CASES:
            told = "confirmed: checked, and every other case is refuted"
        if (about.evidence.confirmed_by or "").endswith("certificate"):
            told = f"confirmed: checked, and proved in exact numbers ({about.evidence.confirmed_by})"
        console.print(told, style="dim", soft_wrap=True)
    if len(about.evidence.agreed) > 1:
        console.print(f"agreed: {', '.join(about.evidence.agreed)}", style="dim", soft_wrap=True)
    if about.explanation.summary not in ("", reason) and (explain or not tables or about.status is Status.UNDETERMINED):
        console.print(escape(about.explanation.summary), soft_wrap=True)
    if explain or about.evidence.core:
        _reasons(console, about.explanation.reasons, in_full=explain)
    if explain:
        for line in proof_lines(about.evidence.proof):
            console.print(f" {escape(line)}", soft_wrap=True)
    if about.status in (Status.UNDETERMINED, Status.ABSTAINED) or explain:
        for world in about.evidence.worlds:
            _world(console, world)
    if about.evidence.sensitivity is not None:
        for line in about.evidence.sensitivity.words:
            console.print(f" {escape(line)}", soft_wrap=True)
    for note in (n for n in about.evidence.notes if n not in (about.explanation.summary, reason)):
        console.print(f"note: {escape(note)}", style="dim", soft_wrap=True)


# Answers


def _answer(console: Console, answer: Any, tables: Sequence[dict[str, Any]]) -> None:
    for number, table in enumerate(tables[:MOST_ROWS]):
        if len(tables) > 1:
            console.print(f"solution {number + 1}")
        console.print(_grid(table["header"], table["rows"]))
    if is_bindings(answer):
        header = list(answer[0])
        console.print(_grid(header, [[row[name] for name in header] for row in answer]))
    elif isinstance(answer, list) and not tables and not all(isinstance(a, dict) for a in answer):
        console.print(escape(", ".join(map(word, answer)) or "none"), soft_wrap=True)
    elif answer is not None:
        solutions = answer if isinstance(answer, list) else [answer]
        for number, solution in enumerate(solutions[:MOST_ROWS]):
            if len(solutions) > 1 and not tables and len(solution.get("assignment", ())) > 1:
                console.print(f"solution {number + 1}")
            _solution(console, solution, has_grid=bool(tables))
        if len(solutions) > MOST_ROWS:
            console.print(f"and {len(solutions) - MOST_ROWS:,} more")


def _solution(console: Console, solution: Any, *, has_grid: bool) -> None:
    if not isinstance(solution, dict):
        console.print(escape(word(solution)), soft_wrap=True)
        return
    if not has_grid:
        _assignment(console, solution.get("assignment", {}))
    for name in ("objective", "bound"):
        if name in solution:
            console.print(f"[bold]{name}[/] {escape(word(solution[name]))}", soft_wrap=True)
    for wish in solution.get("unmet", ()):
        console.print(f"[yellow]unmet wish[/] {escape(wish)}", soft_wrap=True)


def _assignment(console: Console, values: Mapping[str, Any]) -> None:
    """A line for each symbol; of one with very many cells only those that are neither false nor none."""
    for name, value in values.items():
        if not isinstance(value, dict):
            console.print(f"{escape(name)} = {escape(word(value))}", soft_wrap=True)
            continue
        cells = (
            value if len(value) <= MOST_ROWS else {a: v for a, v in value.items() if v is not False and v is not None}
        )
        shown = list(cells.items())[:MOST_ROWS]
        told = ", ".join(f"{args}: {word(v)}" for args, v in shown)
        more = f" and {len(cells) - MOST_ROWS:,} more" if len(cells) > MOST_ROWS else ""
        console.print(f"{escape(name)} = {escape(told + more)}", soft_wrap=True)


def _grid(header: Sequence[Any], rows: Sequence[Sequence[Any]]) -> Table:
    grid = Table(show_edge=True)
    for heading in header:
        grid.add_column(escape(str(heading)), overflow="fold")
    for row in rows[:MOST_ROWS]:
        grid.add_row(*(escape(word(cell)) for cell in row))
    if len(rows) > MOST_ROWS:
        grid.caption = f"and {len(rows) - MOST_ROWS:,} more"
    return grid


# Reasons and evidence


def _reasons(console: Console, reasons: Sequence[Reason], *, in_full: bool) -> None:
    """Each statement by its sentence, or else by its formula; in full by both."""
    for line in reasons:
        mark = {True: "[green]✓[/]", False: "[red]✗[/]", None: "·"}[line.holds]
        quoted = " ".join(f"“{s}”" for s in line.sentences)
        told = escape(quoted or line.formula)
        concluded = f" → {line.concludes}" if line.concludes and line.concludes != line.formula else ""
        console.print(f" {mark} {escape(line.label)}: {told}{escape(concluded)}", soft_wrap=True)
        if in_full and quoted and line.formula:
            console.print(f"     {escape(line.formula)}", style="dim", soft_wrap=True)


def _world(console: Console, world: World) -> None:
    """What has values, and of predicates where they hold; those that hold nowhere are one line at the end."""
    console.print(f"[bold]{escape(world.shows)}[/]", soft_wrap=True)
    empty = [name for name, values in world.assignment.items() if _is_truth(values) and not any(_truths(values))]
    for name, values in world.assignment.items():
        if not _is_truth(values):
            _assignment(console, {name: values})
        elif name not in empty:
            held = [f"({args})" for args, value in values.items() if value] if isinstance(values, dict) else []
            _line(console, name, held)
    if empty:
        console.print(f"nowhere: {escape(', '.join(empty))}", soft_wrap=True)


def _line(console: Console, name: str, held: Sequence[str]) -> None:
    more = f" and {len(held) - MOST_ROWS:,} more" if len(held) > MOST_ROWS else ""
    console.print(escape(", ".join(f"{name}{args}" for args in held[:MOST_ROWS]) + more or name), soft_wrap=True)


def _truths(values: Any) -> Sequence[Any]:
    return list(values.values()) if isinstance(values, dict) else [values]


def _is_truth(values: Any) -> bool:
    """Whether the values are those of a predicate."""
    return all(isinstance(value, bool) for value in _truths(values))


def _trace(console: Console, result: Result) -> None:
    for entry in result.rounds:
        console.print(
            f"[bold]round {entry.number}[/] {escape(entry.kind)} → {escape(entry.outcome)} ({entry.seconds:.2f} s)",
            soft_wrap=True,
        )
        console.print(escape(entry.source.rstrip()), style="dim", soft_wrap=True)
        for finding in entry.findings:
            console.print(f"  [yellow]![/] {escape(finding)}", soft_wrap=True)
