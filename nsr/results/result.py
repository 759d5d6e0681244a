"""The result object and its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nsr.errors import UsageError

SCHEMA_VERSION = "1"


class Status(StrEnum):
    """What became of a question; the closed list of the reference manual."""

    SOLVED = "solved"
    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    ENTAILED = "entailed"
    REFUTED = "refuted"
    UNDETERMINED = "undetermined"
    INCONSISTENT = "inconsistent"
    NO_SOLUTION = "no_solution"
    UNBOUNDED = "unbounded"
    UNATTAINED = "unattained"
    LIMIT = "limit"
    ABSTAINED = "abstained"


_EXIT_CODES = {
    Status.ABSTAINED: 3,
    Status.NO_SOLUTION: 4,
    Status.INCONSISTENT: 4,
    Status.UNBOUNDED: 4,
    Status.UNATTAINED: 4,
    Status.LIMIT: 5,
    Status.FEASIBLE: 5,
}

# From answered to least answered: a result with several questions stands under the worst of them.
_BADNESS = (
    Status.SOLVED,
    Status.OPTIMAL,
    Status.ENTAILED,
    Status.REFUTED,
    Status.UNDETERMINED,
    Status.FEASIBLE,
    Status.UNATTAINED,
    Status.UNBOUNDED,
    Status.NO_SOLUTION,
    Status.INCONSISTENT,
    Status.LIMIT,
    Status.ABSTAINED,
)


def exit_code(status: Status) -> int:
    """The process exit code for a status: 0 answered, 3 abstained, 4 there is no answer, 5 a limit came first."""
    return _EXIT_CODES.get(status, 0)


def worst_status(statuses: Iterable[Status]) -> Status:
    """The least answered of them.

    Raises:
        ValueError: if there is none.
    """
    return max(statuses, key=_BADNESS.index)


BY_CASES = "cases"
"""`Evidence.confirmed_by` where a checker went through all cases, in the place of a second back end."""


class EvidenceKind(StrEnum):
    """How an answer is known.

    `CHECKED`: the reference evaluator accepts it. `CONFIRMED`: also what says "there is no" is backed by a
    derivation, a case distinction, a certificate or a second back end. `CLAIMED`: rests on one solver's word.
    """

    CHECKED = "checked"
    CONFIRMED = "confirmed"
    CLAIMED = "claimed"


class _Border(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True, ser_json_inf_nan="strings")


class World(_Border):
    """A world as evidence, as the evaluator accepts it, and what it shows."""

    shows: str
    assignment: dict[str, Any] = {}


class ProofStep(_Border):
    """One step of a proof that the checker of derivations has accepted, as it is told.

    `conclusion` is in the program's language, `false` a contradiction. `by` is the kind of statement that it comes
    from, `supposed` for the opposite of what is to be shown, or what else makes it so. `uses` are numbers of earlier
    steps, `labels` and `sentences` those of the statements used in this step.
    """

    number: int
    conclusion: str
    by: str
    uses: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()


class RowPrice(_Border):
    """A row of a linear program at the optimum: what one more unit on its side would add to the objective.

    `requirement` and `number` say which row it is, `row` how it reads; its `value` lies between `low` and `high`, at a
    distance of `slack` from the nearer. The price is right while the side stays between `stays_from` and `stays_to`
    (null for no end), where `is_range_known`.
    """

    requirement: str
    number: int
    row: str
    price: Any
    value: Any
    low: Any = None
    high: Any = None
    slack: Any = 0
    is_range_known: bool = False
    stays_from: Any = None
    stays_to: Any = None


class UnitCost(_Border):
    """What one more unit of an unknown number at one of its bounds would add to the objective (its reduced cost)."""

    name: str
    value: Any
    cost: Any


class Sensitivity(_Border):
    """Dual values at the optimum of a linear program, exact, and what they say in `words`.

    `is_degenerate`: other prices are right, too. `has_alternatives`: other solutions may be as good.
    """

    objective: str
    prices: tuple[RowPrice, ...] = ()
    reduced_costs: tuple[UnitCost, ...] = ()
    is_degenerate: bool = False
    has_alternatives: bool = False
    words: tuple[str, ...] = ()


class Evidence(_Border):
    """Why the answer is to be believed; `notes` say in words what was done.

    `agreed` are the back ends that settled everything asked and said the same, where all were asked.
    """

    kind: EvidenceKind | None = None
    backend: str | None = None
    confirmed_by: str | None = None
    agreed: tuple[str, ...] = ()
    core: tuple[str, ...] = ()
    worlds: tuple[World, ...] = ()
    proof: tuple[ProofStep, ...] = ()
    notes: tuple[str, ...] = ()
    sensitivity: Sensitivity | None = None


class Reason(_Border):
    """One statement of an explanation: its label, the sentence it quotes, the formula, and whether it holds.

    `concludes`: the atoms that a fact or rule makes true on the way to the answer.
    """

    label: str
    sentences: tuple[str, ...] = ()
    formula: str = ""
    holds: bool | None = None
    concludes: str = ""


class Explanation(_Border):
    """The answer in the problem's own sentences."""

    summary: str = ""
    reasons: tuple[Reason, ...] = ()


class QuestionResult(_Border):
    """One question's outcome; `answer` has the shape that its goal has in the reference manual."""

    label: str | None = None
    status: Status
    answer: Any = None
    evidence: Evidence = Evidence()
    explanation: Explanation = Explanation()
    reason: str | None = None
    assumptions: tuple[str, ...] = ()


class Usage(_Border):
    """What the language model was given and wrote; forced tokens were decided by the grammar without a model call."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    forced_tokens: int = 0

    def plus(self, other: Usage) -> Usage:
        """The sum of both."""
        return Usage(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            forced_tokens=self.forced_tokens + other.forced_tokens,
        )


class Round(_Border):
    """One pass of the refinement loop: the draft, what was found wrong with it, and what that led to."""

    number: int
    kind: str
    source: str
    findings: tuple[str, ...] = ()
    outcome: str = ""
    seconds: float = 0.0


class Result(_Border):
    """What `solve` and `run` return.

    `status`, `answer` and `evidence` are those of the first question, the status the worst of all.
    """

    schema_: str = Field(default=SCHEMA_VERSION, alias="schema")
    id: str | None = None
    status: Status
    answer: Any = None
    questions: tuple[QuestionResult, ...] = ()
    reason: str | None = None
    assumptions: tuple[str, ...] = ()
    warnings: tuple[dict[str, Any], ...] = ()
    diagnostics: tuple[dict[str, Any], ...] = ()
    evidence: Evidence = Evidence()
    explanation: Explanation = Explanation()
    program: str | None = None
    rounds: tuple[Round, ...] = ()
    usage: Usage = Usage()
    seconds: Mapping[str, float] = {}
    versions: Mapping[str, str] = {}

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer to show."""
        return exit_code(self.status) == 0

    def to_json(self, *, indent: int | None = None) -> str:
        """The result as the JSON object of the reference manual."""
        return self.model_dump_json(by_alias=True, indent=indent)

    @classmethod
    def from_json(cls, text: str | bytes) -> Result:
        """Reads what `to_json` wrote.

        Raises:
            UsageError: if it is not such an object.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise UsageError(f"this is no result: {f'`{place}`: ' if place else ''}{first['msg']}") from error

    def explain(self) -> str:
        """The explanation as text: the summary, then every statement with its sentence."""
        from nsr.results.text import explanation_text

        return explanation_text(self)

    def _repr_html_(self) -> str:
        from nsr.results.text import result_html

        return result_html(self)
