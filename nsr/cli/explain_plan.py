"""`nsr explain-plan`: which back ends a program reaches, through what, and why not the others."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from nsr.cli.common import folder_of, json_option, read_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.tree import Tree

    from nsr.engine.plans import Need, PlannedJob, QuestionPlan
    from nsr.solvers.routing import Reach

MOST_PLACES = 4
"""Statements that are named for one construct; the JSON object has all."""


@click.command("explain-plan")
@click.argument("program", metavar="FILE|-")
@json_option
def command(program: str, as_json: bool) -> None:
    """Show what a program needs, which back ends take it through which reformulations, and why not the others.

    Nothing is solved. Exit code 2 if the program has errors, 3 if no back end takes one of its questions.
    """
    from nsr.cli.check import show_diagnostics
    from nsr.engine.checking import parse_program
    from nsr.engine.plans import plan_of
    from nsr.errors import ProgramError

    source, name = read_text(program)
    try:
        plans = plan_of(parse_program(source, name, folder_of(program)))
    except ProgramError as error:
        show_diagnostics(error.diagnostics, source, name, as_json=as_json)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps({"questions": [_json(plan) for plan in plans]}, ensure_ascii=False))
    else:
        _show(plans)
    sys.exit(3 if any(job.first is None for plan in plans for job in plan.jobs) else 0)


# JSON


def _json(plan: QuestionPlan) -> dict[str, Any]:
    return {"label": plan.label, "goal": plan.goal, "jobs": [_job_json(job) for job in plan.jobs]}


def _job_json(job: PlannedJob) -> dict[str, Any]:
    return {
        "what": job.what,
        "tasks": [task.name.lower() for task in job.tasks],
        "needs": [
            {
                "construct": need.feature.construct.value,
                "position": need.feature.position.value,
                "where": [{"statement": place.name, "line": place.line} for place in need.where],
            }
            for need in job.needs
        ],
        "answers": job.first,
        "confirms": job.second,
        "backends": [_reach_json(reach) for reach in job.reaches],
    }


def _reach_json(reach: Reach) -> dict[str, Any]:
    return {
        "name": reach.step.backend,
        "is_reached": reach.is_reached,
        "cost": reach.step.cost,
        "reformulations": list(reach.step.reformulations),
        "why_not": reach.why_not() or None,
        "missing": [{"construct": f.construct.value, "position": f.position.value} for f in sorted(reach.missing)],
    }


# Terminal


def _show(plans: Sequence[QuestionPlan]) -> None:
    from rich.markup import escape
    from rich.tree import Tree

    from nsr.cli.terminal import terminal

    console = terminal()
    for plan in plans:
        label = f"question {plan.label}: " if plan.label else ""
        tree = Tree(f"[bold]{escape(label + plan.goal)}[/]")
        for job in plan.jobs:
            _show_job(tree.add(f"[bold]{escape(job.what)}[/]"), job)
        console.print(tree)


def _show_job(branch: Tree, job: PlannedJob) -> None:
    from rich.markup import escape

    if job.needs:
        needs = branch.add("needs")
        for need in job.needs:
            needs.add(f"{escape(str(need.feature))} [dim]{escape(_places(need))}[/]")
    for reach in job.reaches:
        name = escape(reach.step.backend)
        if not reach.is_reached:
            branch.add(f"[red]not {name}[/] [dim]{escape(reach.why_not())}[/]")
            continue
        role = {job.first: "answers", job.second: "confirms"}.get(reach.step.backend, "could")
        taken = branch.add(f"[green]{name}[/] {role}, cost {reach.step.cost}")
        if reach.step.reformulations:
            taken.add(f"[dim]{escape(' → '.join(reach.step.reformulations))}[/]")
    if job.first is not None and job.second is None:
        branch.add('[yellow]no second back end[/] to confirm what says "there is no other"')


def _places(need: Need) -> str:
    told = [place.name if place.line is None else f"{place.name} (line {place.line})" for place in need.where]
    more = f" and {len(told) - MOST_PLACES} more" if len(told) > MOST_PLACES else ""
    return ", ".join(told[:MOST_PLACES]) + more
