"""Checking what solvers claim: assignments by the reference evaluator, "there is no" by a second back end."""

from nsr.verify.outcomes import (
    VerifiedOutcome,
    check_core,
    confirm_no_other,
    confirm_no_other_sync,
    verify,
    verify_bindings,
    verify_job,
)
from nsr.verify.small_models import confirm_at_all_sizes, enough_things

__all__ = [
    "VerifiedOutcome",
    "check_core",
    "confirm_at_all_sizes",
    "confirm_no_other",
    "confirm_no_other_sync",
    "enough_things",
    "verify",
    "verify_bindings",
    "verify_job",
]
