"""Checking what solvers claim: assignments by the reference evaluator, "there is no" by a second back end."""

from nsr.verify.outcomes import (
    VerifiedOutcome,
    check_core,
    confirm_no_other,
    confirm_no_other_sync,
    verify,
    verify_bindings,
)

__all__ = ["VerifiedOutcome", "check_core", "confirm_no_other", "confirm_no_other_sync", "verify", "verify_bindings"]
