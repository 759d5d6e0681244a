"""Logic-LM's rules and facts with a query, as its language models write them for PrOntoQA and ProofWriter.

What it means is what Pyke does with it: rules apply forwards only, a predicate is known true, known false or unknown.
That is a `two_sided` relation of ours, and the query is to `prove`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from nsr.diagnostics import Span
from nsr.dialects.logiclm_goal import held_against, rule_held_against
from nsr.dialects.logiclm_lines import Line, citations, split_sections
from nsr.dialects.logiclm_rules_apart import needed
from nsr.dialects.logiclm_rules_general import general_facts
from nsr.dialects.logiclm_rules_names import individuals_apart, resolved
from nsr.dialects.logiclm_rules_tree import Clause, Literal, read_clause
from nsr.dialects.logiclm_rules_words import rule_in_words, without_quantifier
from nsr.dialects.logiclm_sentences import fact_held_against, turned
from nsr.dialects.protocol import Dialect, Reading
from nsr.dialects.repairs import Findings
from nsr.language import ast

__all__ = ["LOGICLM_RULES", "read_rules"]

_HEADINGS = {
    name: re.compile(rf"[#*\s]*{pattern}[*\s]*:?[*\s]*", re.IGNORECASE)
    for name, pattern in {
        "predicates": "predicates?",
        "facts": "facts?",
        "rules": "rules?",
        "query": "(?:query|queries|question|goal)",
        "answer": r"(?:(?:answer|note|explanation)\b.*?)",
    }.items()
}
_NOTHING = frozenset({"none", "none.", "-", "n/a"})
_THING = "Thing"
_MAX_LINES = 2000
_MAX_CONTEXT = 10_000
_MAX_QUESTION = 2000


def recognize(text: str) -> float:
    """How surely a text is a program of rules: it has their headings, and an arrow or a truth value."""
    sections = split_sections(text, _HEADINGS)
    found = len({"predicates", "facts", "rules", "query"} & sections.keys())
    if not {"facts", "rules"} & sections.keys() or found < 2:
        return 0.0
    return 0.9 if re.search(r">>>|,\s*(?:True|False|bool)\s*\)", text) else 0.4


def read(text: str, strict: bool) -> Reading:
    """Reads a program; see `read_rules`."""
    return read_rules(text, strict=strict)


def read_rules(text: str, *, strict: bool = False, question: str = "", context: str = "") -> Reading:
    """The program of a text in this notation.

    With `question`, the words of the problem's question, the query is held against the statement in it; otherwise
    against its own comment. With `context`, the words of the problem, rules are held against its sentences.
    """
    findings = Findings(strict=strict)
    sections = split_sections(text, _HEADINGS)
    clauses, query, declared = _clauses(sections, findings, Span(len(text), len(text)))
    if findings.has_errors or query is None:
        return findings.reading((), text)
    clauses = individuals_apart(clauses, query, findings)
    done, declared = resolved([*clauses, query], declared, findings, f"{context} {question}")
    *clauses, query = done
    goal = query.heads[0]
    goal = held_against(
        goal, (question or query.comment)[:_MAX_QUESTION], [*declared, *(x for c in done for x in c.literals)], findings
    )
    sentences = re.split(r"[.!?]\s", context[:_MAX_CONTEXT])
    clauses = [fact_held_against(turned(c, findings), findings) for c in clauses]
    clauses = [rule_held_against(c, [*sentences, c.comment[:_MAX_QUESTION]], findings) for c in clauses]
    clauses = _apart(general_facts(clauses, goal, findings), goal, findings)
    return findings.reading(_statements(clauses, replace(query, heads=(goal,))), text)


def _clauses(
    sections: dict[str, list[Line]], findings: Findings, end: Span
) -> tuple[list[Clause], Clause | None, list[Literal]]:
    for line in sections.get("", []):
        findings.repair("logiclm-text-outside", "this stands before the first heading", line.span, "")
    for line in sections.get("answer", []):
        findings.repair("logiclm-text-outside", "an answer or note is no part of the program", line.span, "")
    lines = [x for name in ("facts", "rules") for x in sections.get(name, []) if x.text.casefold() not in _NOTHING]
    if len(lines) > _MAX_LINES:
        message = f"the program has {len(lines):,} statements; at most {_MAX_LINES:,} are read"
        findings.error("logiclm-input-too-large", message, lines[_MAX_LINES].span)
        return [], None, []
    clauses = [c for line in lines if (c := _clause(line, findings)) is not None]
    declared = _declared(sections.get("predicates", []))
    query = _query(sections.get("query", []), findings, end)
    return clauses, query, declared


def _clause(line: Line, findings: Findings) -> Clause | None:
    return rule_in_words(line, findings) or read_clause(without_quantifier(line, findings), findings)


def _declared(lines: list[Line]) -> list[Literal]:
    """The predicates of the declarations that can be read; the others have no say."""
    quiet = Findings(strict=False)
    found: list[Literal] = []
    for line in lines:
        clause = read_clause(replace(line, text=re.sub(r"\bbool\b", "True", line.text)), quiet)
        found += clause.heads if clause is not None and not clause.body else ()
    return found


def _query(lines: list[Line], findings: Findings, end: Span) -> Clause | None:
    if not lines:
        findings.error("logiclm-query-missing", "the program asks nothing", end, help="add a line below `Query:`")
        return None
    query = read_clause(lines[0], findings, is_query=True)
    if query is None:
        return None
    for line in lines[1:]:
        findings.repair("logiclm-text-outside", "only the first line below `Query:` is asked", line.span, "")
    if query.body or len(query.heads) > 1:
        help_ = "ask for one atom: `Name(argument, True)`"
        findings.error("logiclm-query-not-atom", "the query is no single atom", query.span, help=help_)
    if any(a.is_variable for x in query.heads for a in x.args):
        findings.error("logiclm-query-open", "the query has a variable", query.span, help="name the individual")
    return query


def _apart(clauses: list[Clause], goal: Literal, findings: Findings) -> list[Clause]:
    kept = needed(clauses, goal)
    if kept is None:
        return clauses
    for clause in clauses:
        if clause not in kept:
            message = "the statements contradict each other where the query does not look: this one is left out"
            findings.repair("logiclm-contradiction-apart", message, clause.span, "")
    return kept


# The program in our language


def _statements(clauses: list[Clause], query: Clause) -> tuple[ast.Statement, ...]:
    literals = [x for c in [*clauses, query] for x in c.literals]
    individuals = dict.fromkeys(a.text for x in literals for a in x.args if not a.is_variable)
    arities = {x.name: len(x.args) for x in literals}
    names = tuple(ast.Name(n) for n in individuals) or (ast.Name("someone"),)
    thing = ast.TypeDecl(ast.Name(_THING), ast.Enumeration(names))
    argument = ast.Argument(ast.SortName(_THING))
    signatures = tuple(ast.Signature(ast.Name(n), (argument,) * arity) for n, arity in arities.items())
    statements: list[ast.Statement] = [thing, ast.RelDecl(signatures, is_two_sided=True)]
    for clause in clauses:
        statements += _rules(clause)
    statements.append(ast.Prove((_formula(query.heads[0], {}),), head=ast.Head(citations=citations(query.comment))))
    return tuple(statements)


def _rules(clause: Clause) -> list[ast.Statement]:
    head = ast.Head(citations=citations(clause.comment))
    variables = dict.fromkeys(a.text for x in clause.literals for a in x.args if a.is_variable)
    spelling = {v: _variable(i) for i, v in enumerate(variables)}
    conclusions = [ast.Literal_(_atom(h, spelling), h.is_negative) for h in clause.heads]
    if not clause.body:
        return [ast.Fact(tuple(conclusions), head=head)]
    body = tuple(_formula(b, spelling) for b in clause.body)
    return [ast.Rule("rule", c, body, head=head) for c in conclusions]


def _variable(index: int) -> str:
    return "XYZUVW"[index] if index < 6 else f"X{index}"


def _atom(literal: Literal, spelling: dict[str, str]) -> ast.Name | ast.Call:
    args = tuple(ast.Name(spelling[a.text] if a.is_variable else a.text) for a in literal.args)
    return ast.Call(ast.Name(literal.name), args) if args else ast.Name(literal.name)


def _formula(literal: Literal, spelling: dict[str, str]) -> ast.Expr:
    atom = _atom(literal, spelling)
    return ast.Not(atom) if literal.is_negative else atom


LOGICLM_RULES = Dialect("logiclm-rules", "Logic-LM's rules and facts with a query", recognize, read)
