"""Batches: problems of a file in, results in a run folder out, resumable; scores, comparisons and reports of runs."""

from nsr.batch.options import BatchOptions, Selection
from nsr.batch.progress import Progress
from nsr.batch.runner import run_batch
from nsr.batch.scheduler import Scheduler
from nsr.batch.scoring import Score, score_run
from nsr.batch.store import RunStore, open_run

__all__ = [
    "BatchOptions",
    "Progress",
    "RunStore",
    "Scheduler",
    "Score",
    "Selection",
    "open_run",
    "run_batch",
    "score_run",
]
