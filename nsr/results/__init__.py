"""What every door gives back: status, answer, evidence, explanation, and the record of how it came about.

These are border types: frozen pydantic models that write and read the one JSON object of the reference manual.
"""

from nsr.results.result import (
    BY_CASES,
    SCHEMA_VERSION,
    Evidence,
    EvidenceKind,
    Explanation,
    ProofStep,
    QuestionResult,
    Reason,
    Result,
    Round,
    RowPrice,
    Sensitivity,
    Status,
    UnitCost,
    Usage,
    World,
    exit_code,
    worst_status,
)

__all__ = [
    "BY_CASES",
    "SCHEMA_VERSION",
    "Evidence",
    "EvidenceKind",
    "Explanation",
    "ProofStep",
    "QuestionResult",
    "Reason",
    "Result",
    "Round",
    "RowPrice",
    "Sensitivity",
    "Status",
    "UnitCost",
    "Usage",
    "World",
    "exit_code",
    "worst_status",
]
