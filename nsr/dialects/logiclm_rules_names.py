"""The names of a rule program: one predicate or individual for all spellings of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from nsr.dialects.logiclm_names import fold, is_form, merged, snake, words_of
from nsr.dialects.logiclm_rules_tree import Clause, Literal, Term, spelled
from nsr.dialects.repairs import Findings

__all__ = ["individuals_apart", "resolved"]


def individuals_apart(clauses: list[Clause], query: Clause, findings: Findings) -> list[Clause]:
    """The clauses with predicates that are in truth the query's individuals taken away.

    `Rex($x, True) >>> Wumpus($x, True)` and `Rex(True) >>> Wumpus(Rex, True)` are the fact `Wumpus(Rex, True)`, and so
    is `Rex(Wumpus, True)` where `Wumpus` is a predicate.
    """
    people = {fold(a.text) for x in query.literals for a in x.args}
    others = {fold(x.name) for c in clauses for x in c.literals} - people
    result = []
    for clause in clauses:
        changed = _without(clause, people) if clause.body else _turned(clause, people, others)
        if changed is not None and changed != clause:
            message = "a predicate has the name of an individual: that something is it says which one is meant"
            text = " && ".join(spelled(x) for x in changed.heads)
            body = " && ".join(spelled(x) for x in changed.body)
            replacement = f"{body} >>> {text}" if body else text
            findings.repair("logiclm-individual-as-predicate", message, clause.span, replacement)
        if changed is not None:
            result.append(changed)
    return result


def _without(clause: Clause, people: set[str]) -> Clause:
    binding: dict[str, Term] = {}
    body = []
    for literal in clause.body:
        name = fold(literal.name)
        if name not in people or literal.is_negative or len(literal.args) > 1:
            body.append(literal)
        elif literal.args and literal.args[0].is_variable:
            binding[literal.args[0].text] = Term(literal.name, False, literal.span)
        elif literal.args and fold(literal.args[0].text) != name:
            body.append(literal)

    def bound(literal: Literal) -> Literal:
        args = tuple(binding.get(a.text, a) if a.is_variable else a for a in literal.args)
        return replace(literal, args=args)

    return replace(clause, body=tuple(map(bound, body)), heads=tuple(map(bound, clause.heads)))


def _turned(clause: Clause, people: set[str], others: set[str]) -> Clause | None:
    heads = []
    for literal in clause.heads:
        name = fold(literal.name)
        if name not in people or len(literal.args) != 1:
            heads.append(literal)
            continue
        (arg,) = literal.args
        if not arg.is_variable and any(is_form(other, fold(arg.text)) for other in others):
            subject = Term(literal.name, False, literal.name_span)
            heads.append(replace(literal, name=arg.text, args=(subject,), name_span=arg.span))
        elif not arg.is_variable and fold(arg.text) != name:
            heads.append(literal)
    return replace(clause, heads=tuple(heads)) if heads else None


def resolved(
    clauses: list[Clause], declared: list[Literal], findings: Findings, text: str = ""
) -> tuple[list[Clause], list[Literal]]:
    """The clauses (the query's among them) and declarations with one name for each predicate and individual."""
    literals = [x for c in clauses for x in c.literals]
    known = words_of([text, *(c.comment for c in clauses)])
    predicates = _Predicates([*declared, *literals], known, findings)
    individuals = _Individuals(literals, findings, predicates.names())

    def one(literal: Literal) -> Literal:
        return replace(predicates.resolve(literal), args=tuple(map(individuals.resolve, literal.args)))

    done = [replace(c, body=tuple(map(one, c.body)), heads=tuple(map(one, c.heads))) for c in clauses]
    return done, [predicates.resolve(x) for x in declared]


class _Predicates:
    """Predicates are told apart by name and number of arguments."""

    def __init__(self, literals: list[Literal], known: frozenset[str], findings: Findings) -> None:
        self.findings = findings
        self.told: set[tuple[str, int]] = set()
        spellings: dict[tuple[str, int], Counter[str]] = {}
        for x in literals:
            spellings.setdefault((fold(x.name), len(x.args)), Counter())[x.name] += 1
        self.group: dict[tuple[str, int], tuple[str, int]] = {}
        self.denied = {k for k in spellings if k[0].startswith("not") and (k[0][3:], k[1]) in spellings}
        by_arity: dict[int, Counter[str]] = {}
        for k, c in spellings.items():
            if k not in self.denied:
                by_arity.setdefault(k[1], Counter())[k[0]] = c.total()
        for arity, used in sorted(by_arity.items()):
            other = merged(used, known)
            self.group |= {(n, arity): (other.get(n, n), arity) for n in used}
        self.first = {}
        for k, members in self.group.items():
            own = spellings[members].most_common(1)[0][0]
            self.first[k] = own
        self.own = self._named()

    def _named(self) -> dict[tuple[str, int], str]:
        """A name of the language for each predicate; one with several arities gets the number as well."""
        groups = sorted(set(self.group.values()))
        # Of one name's arities the least comes first.
        usual = dict(reversed(groups))
        found: dict[tuple[str, int], str] = {}
        for name, arity in groups:
            plain = snake(self.first[(name, arity)]) or "p"
            found[(name, arity)] = plain if arity == usual[name] else f"{plain}_{arity}"
        return found

    def names(self) -> set[str]:
        return set(self.own.values())

    def resolve(self, literal: Literal) -> Literal:
        key = (fold(literal.name), len(literal.args))
        if key in self.denied:
            plain = (key[0][3:], key[1])
            flipped = replace(literal, name=self.first[plain], is_negative=not literal.is_negative)
            message = f"`{literal.name}` is the denial of `{flipped.name}`"
            self.findings.repair("logiclm-denial-in-name", message, literal.span, spelled(flipped))
            return replace(flipped, name=self.own[self.group[plain]], shown=self.first[self.group[plain]])
        group = self.group[key]
        usual = self.first[group]
        if literal.name != usual and (literal.name, key[1]) not in self.told:
            self.told.add((literal.name, key[1]))
            message = f"`{literal.name}` is read as another spelling of `{usual}`"
            self.findings.repair("logiclm-name-variant", message, literal.name_span, usual)
        own = self.own[group]
        if own.endswith(f"_{key[1]}") and not snake(usual).endswith(f"_{key[1]}") and group not in self.told:
            self.told.add(group)
            message = f"`{usual}` has another number of arguments elsewhere: with {key[1]} it is a predicate of its own"
            self.findings.repair("logiclm-arity-split", message, literal.name_span, own)
        return replace(literal, name=own, shown=usual)


class _Individuals:
    """Individuals are told apart by their folded names; none has the name of a predicate."""

    def __init__(self, literals: list[Literal], findings: Findings, taken: set[str]) -> None:
        self.findings = findings
        self.told: set[str] = set()
        spellings: dict[str, Counter[str]] = {}
        for x in literals:
            for a in x.args:
                if not a.is_variable:
                    spellings.setdefault(fold(a.text), Counter())[a.text] += 1
        self.first = {k: c.most_common(1)[0][0] for k, c in spellings.items()}
        self.own = {}
        used = set(taken)
        for k in sorted(self.first):
            name = snake(self.first[k]) or "thing"
            while name in used or name == "thing" or name.isdigit():
                name += "_"
            used.add(name)
            self.own[k] = name

    def resolve(self, term: Term) -> Term:
        if term.is_variable:
            return term
        key = fold(term.text)
        usual = self.first[key]
        if term.text != usual and term.text not in self.told:
            self.told.add(term.text)
            message = f"`{term.text}` is read as another spelling of `{usual}`"
            self.findings.repair("logiclm-name-variant", message, term.span, usual)
        return replace(term, text=self.own[key], shown=usual)
