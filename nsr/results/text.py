"""Results as plain text and as HTML for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.results.result import ProofStep, QuestionResult, Result


def explanation_text(result: Result) -> str:
    """Summary, then each statement with the sentence it quotes and whether the answer satisfies it."""
    lines: list[str] = []
    questions: tuple[QuestionResult | Result, ...] = result.questions or (result,)
    for question in questions:
        label = getattr(question, "label", None)
        if label:
            lines.append(f"Question {label}")
        lines.append(question.explanation.summary or question.reason or f"Status: {question.status.value}.")
        for reason in question.explanation.reasons:
            mark = {True: "holds", False: "fails", None: "says"}[reason.holds]
            quoted = " ".join(f"“{s}”" for s in reason.sentences)
            concluded = f" → {reason.concludes}" if reason.concludes and reason.concludes != reason.formula else ""
            lines.append(f"  {reason.label} {mark}: {quoted or reason.formula}{concluded}")
            if quoted and reason.formula:
                lines.append(f"      {reason.formula}")
        lines += [f"  {line}" for line in proof_lines(question.evidence.proof)]
        for world in question.evidence.worlds:
            lines.append(f"  {world.shows}:")
            lines += [f"      {name} = {_cells(value)}" for name, value in world.assignment.items()]
        if question.evidence.sensitivity is not None:
            lines += [f"  {line}" for line in question.evidence.sensitivity.words]
        lines += [f"  note: {note}" for note in question.evidence.notes]
    if result.reason and result.reason not in lines:
        lines.append(result.reason)
    return "\n".join(lines)


def proof_lines(proof: Sequence[ProofStep]) -> list[str]:
    """The steps of a proof: what follows, from which sentences and earlier steps."""
    lines = []
    for step in proof:
        said = " ".join(f"“{s}”" for s in step.sentences) or ", ".join(step.labels) or _WORDS.get(step.by, "")
        told = f"{step.by} {said}" if step.labels and not step.sentences else said
        uses = "from " + ", ".join(map(str, step.uses)) if step.uses else ""
        lines.append(f"{step.number}. {step.conclusion}" + "".join(f"  [{part}]" for part in (told, uses) if part))
    return lines


_WORDS = {
    "supposed": "suppose the opposite",
    "absence": "neither fact nor rule makes it so",
    "cases": "these are all there are",
    "computed": "computed",
    "distinct": "they differ, as declared",
}


def _cells(value: Any) -> str:
    return ", ".join(f"{args}: {word(v)}" for args, v in value.items()) if isinstance(value, dict) else word(value)


def tables_of(answer: Any) -> list[dict[str, Any]]:
    """The grids in an answer: of the one solution, or of each of several."""
    solutions = answer if isinstance(answer, list) else [answer]
    return [s["table"] for s in solutions if isinstance(s, dict) and s.get("table")]


def is_bindings(answer: Any) -> bool:
    """Whether an answer is a list of bindings `{"X": value}`, as `ask` gives it."""
    return (
        isinstance(answer, list) and bool(answer) and all(isinstance(a, dict) and "assignment" not in a for a in answer)
    )


def word(value: Any) -> str:
    """A value of an answer as a person reads it."""
    if isinstance(value, list):
        return "{" + ", ".join(map(word, value)) + "}"
    # By identity: 1 is a number here, not `true`.
    words = ((True, "true"), (False, "false"), (None, "none"))
    return next((told for known, told in words if value is known), str(value))


def result_html(result: Result) -> str:
    """Status, grid and explanation as an HTML fragment."""
    parts = [f"<p><b>{escape(result.status.value)}</b> {escape(result.reason or result.explanation.summary)}</p>"]
    for table in tables_of(result.answer):
        head = "".join(f"<th>{escape(str(h))}</th>" for h in table["header"])
        rows = "".join("<tr>" + "".join(f"<td>{escape(str(c))}</td>" for c in row) + "</tr>" for row in table["rows"])
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    if is_bindings(result.answer):
        head = "".join(f"<th>{escape(name)}</th>" for name in result.answer[0])
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(word(v))}</td>" for v in b.values()) + "</tr>" for b in result.answer
        )
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    elif not tables_of(result.answer) and result.answer is not None:
        parts.append(f"<pre>{escape(str(result.answer))}</pre>")
    parts.append(f"<details><summary>explanation</summary><pre>{escape(explanation_text(result))}</pre></details>")
    if result.program:
        parts.append(f"<details><summary>program</summary><pre>{escape(result.program)}</pre></details>")
    return "".join(parts)
