"""Batches: problems of a file in, results in a run folder out, resumable; and their scores against gold answers."""

from nsr.batch.runner import BatchOptions, Progress, run_batch
from nsr.batch.scoring import Score, score_run
from nsr.batch.store import RunStore

__all__ = ["BatchOptions", "Progress", "RunStore", "Score", "run_batch", "score_run"]
