"""Runs a program of the language and reads the evidence: what was asked, what holds, who says so."""

import nsr

SOURCE = """
type Day = [mon, tue, wed]
type Talk = {opening, survey, panel}
var day(Talk): Day distinct
constraint early "The opening comes before the panel.": day(opening) < day(panel)
constraint "The survey is not on Tuesday.": day(survey) != tue
question q1 "Which plans are there?"
find all day
question q2 "If the survey is on Monday, when is the panel?"
assume "If the survey is on Monday": day(survey) == mon
find unique day
question q3 "And if the panel were on Monday?"
assume "If the panel were on Monday": day(panel) == mon
find one day
"""


def main() -> None:
    """Print each question's answer with its evidence."""
    result = nsr.run(SOURCE)
    for question in result.questions:
        print(f"{question.label}: {question.status.value}, {question.evidence.kind}")
        solutions = question.answer if isinstance(question.answer, list) else [question.answer]
        for solution in solutions:
            print(f"  {solution['assignment']['day']}" if solution else f"  contradiction: {question.evidence.core}")
    # Errors come all at once, each with a code, a place and what to do.
    try:
        nsr.parse("type Pet = {cat, dog}\nvar age(Pet): int in 0..9\nconstraint: age(cta) > 2\nfind one age\n")
    except nsr.ProgramError as error:
        print(error.diagnostics[0].code, "-", error.diagnostics[0].message)


if __name__ == "__main__":
    main()
