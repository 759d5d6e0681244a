"""Checking what solvers claim: assignments by the reference evaluator, "there is no" by a second back end."""

from nsr.verify.denials import CoreCheck, check_core, confirm_no_world
from nsr.verify.outcomes import (
    VerifiedOutcome,
    confirm_no_other,
    verify,
    verify_bindings,
    verify_job,
)
from nsr.verify.small_models import confirm_at_all_sizes, enough_things

__all__ = [
    "CoreCheck",
    "VerifiedOutcome",
    "check_core",
    "confirm_at_all_sizes",
    "confirm_no_other",
    "confirm_no_world",
    "enough_things",
    "verify",
    "verify_bindings",
    "verify_job",
]
