"""Tiny files in the published formats, with invented sentences: what each set's reader is to make of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple


class Sample(NamedTuple):
    """A file (name and content), its set, and of each problem the id, the gold answer and the number of options."""

    dataset: str
    file: str
    content: str
    problems: list[tuple[str, Any, int]]
    is_recognized: bool = True


def lines(*rows: Any) -> str:
    return "".join(json.dumps(r) + "\n" for r in rows)


GRID = {"header": ["House", "Name"], "rows": [["1", "Ute"], ["2", "Ivo"]]}
_GRID_ROW = {"id": "lgp-test-2x1-0", "size": "2*1", "puzzle": "Two houses. Ute is first.", "solution": GRID}
_KNIGHTS = {
    "quiz": "Ada says that Bob lies. Bob says that both tell the truth. Who is what?",
    "names": ["Ada", "Bob"],
    "statements": "(('lying', 1), ('and', ('telling-truth', 0), ('telling-truth', 1)))",
    "solution": [True, False],
    "index": 7,
}
FORMULATION = {
    "document": "A stall sells jam and honey.",
    "vars": ["jam", "honey jars"],
    "var_mention_to_first_var": {"honey": "honey jars"},
    "obj_declaration": {"type": "objective", "direction": "maximize", "terms": {"jam": "2", "honey": "$3"}},
    "const_declarations": [
        {"type": "sum", "limit": "10", "operator": "LESS_OR_EQUAL"},
        {"type": "ratio", "var": "jam", "limit": "40%", "operator": "GREATER_OR_EQUAL"},
        {"type": "xby", "x_var": "honey", "y_var": "jam", "param": "twice", "operator": "LESS_OR_EQUAL"},
        {"type": "upperbound", "var": "honey", "limit": "9", "operator": "LESS_OR_EQUAL"},
    ],
}
_DEDUCTION = "The following paragraph describes a set of three objects in a fixed order. The cup is left of the jug."

SAMPLES = [
    Sample("zebralogic", "grid.jsonl", lines(_GRID_ROW), [("lgp-test-2x1-0", GRID, 0)]),
    Sample(
        "zebralogic_mc",
        "mc.json",
        json.dumps(
            [
                {
                    "id": "lgp-1#mc",
                    "puzzle": "Ute is first.",
                    "question": "Who?",
                    "choices": ["Ute", "Ivo"],
                    "answer": "Ute",
                }
            ]
        ),
        [("lgp-1#mc", "Ute", 2)],
    ),
    Sample("knights_knaves", "kk.jsonl", lines(_KNIGHTS), [("7", {"Ada": "knight", "Bob": "knave"}, 0)]),
    Sample(
        "prontoqa",
        "pronto.json",
        json.dumps(
            {
                f"example{n}": {
                    "in_context_example0": {"question": "x", "query": "y", "answer": "True"},
                    "test_example": {
                        "question": "Every blick is red. Tom is a blick.",
                        "query": query,
                        "chain_of_thought": ["Tom is a blick.", "Tom is red."],
                        **answer,
                    },
                }
                for n, query, answer in [
                    (1, "True or false: Tom is not red.", {"answer": "False"}),
                    (2, "Prove: Tom is red.", {}),
                ]
            }
        ),
        [("example1", "False", 2), ("example2", "True", 2)],
    ),
    Sample(
        "proofwriter",
        "meta-test.jsonl",
        lines(
            {
                "id": "AttX-1",
                "theory": "Kim is cold.",
                "questions": {
                    "Q1": {"question": "Kim is cold.", "answer": True, "QDep": 0},
                    "Q2": {"question": "Kim is big.", "answer": "Unknown", "QDep": 2},
                },
            }
        ),
        [("AttX-1_Q1", True, 3), ("AttX-1_Q2", "Unknown", 3)],
    ),
    Sample(
        "proofwriter",
        "ruletaker.jsonl",
        lines(
            {
                "id": "R-1",
                "context": "Kim is cold.",
                "questions": [{"id": "R-1-1", "text": "Kim is old.", "label": False}],
            }
        ),
        [("R-1-1", False, 3)],
    ),
    Sample(
        "folio",
        "folio.jsonl",
        lines(
            {
                "premises": ["All ferns are plants.", "Fred is a fern."],
                "conclusion": "Fred is a plant.",
                "label": "True",
            },
            {"premises": "A.\nB.", "conclusion": "C.", "label": "Uncertain", "example_id": 12, "story_id": 3},
        ),
        [("line-1", "True", 3), ("12", "Uncertain", 3)],
    ),
    Sample(
        "boardgameqa",
        "test.json",
        json.dumps(
            [
                {
                    "example": "The cat has 3 coins. Based on the game state and the rules, does the cat win?",
                    "label": "disproved",
                    "proof": "...",
                    "theory": "...",
                }
            ]
        ),
        [("entry-1", "disproved", 3)],
    ),
    Sample(
        "logicaldeduction",
        "task.json",
        json.dumps(
            {
                "name": "logical_deduction",
                "canary": "x",
                "examples": [{"input": _DEDUCTION, "target_scores": {"The cup is first.": 1, "The jug is first.": 0}}],
            }
        ),
        [("entry-1", "A", 2)],
    ),
    Sample(
        "logicaldeduction",
        "bbh.json",
        json.dumps({"examples": [{"input": f"{_DEDUCTION}\nOptions:\n(A) The cup.\n(B) The jug.", "target": "(B)"}]}),
        [("entry-1", "B", 2)],
    ),
    Sample(
        "arlsat",
        "AR_TestData.json",
        json.dumps(
            [
                {
                    "id": "g1",
                    "passage": "Five books stand in a row.",
                    "questions": [{"id": "g1_1", "question": "Which one?", "options": list("vwxyz"), "answer": "C"}],
                }
            ]
        ),
        [("g1_1", "C", 5)],
    ),
    Sample(
        "arlsat",
        "val_ar.json",
        json.dumps(
            [{"id_string": "v1", "context": "Books.", "question": "Which?", "answers": list("vwxyz"), "label": 4}]
        ),
        [("v1", "E", 5)],
    ),
    Sample(
        "clutrr",
        "1.3_test.csv",
        ",id,story,query,target,target_text,task_name\n"
        '0,a-b,"[Ann] met her son [Bo], he said ""hi"".","(\'Ann\', \'Bo\')",15,son,task_1.3\n',
        [("a-b", "son", 0)],
    ),
    Sample(
        "stepgame",
        "qa1_test.json",
        json.dumps({"0": {"story": ["K is above M."], "question": "What is K to M?", "label": "above", "k_hop": 1}}),
        [("0", "above", 9)],
    ),
    Sample(
        "spartqa",
        "human_test.json",
        json.dumps(
            {
                "data": [
                    {
                        "story": ["A box is in block B."],
                        "questions": [
                            {
                                "q_id": 1,
                                "q_type": "YN",
                                "question": "Is it?",
                                "answer": ["Yes"],
                                "candidate_answers": [],
                            },
                            {
                                "q_id": 2,
                                "q_type": "FB",
                                "question": "Which?",
                                "answer": [1],
                                "candidate_answers": ["A", "B"],
                            },
                        ],
                    }
                ]
            }
        ),
        [("entry-1_1", ["Yes"], 3), ("entry-1_2", ["B"], 2)],
    ),
    Sample(
        "gsm8k",
        "test.jsonl",
        lines({"question": "1 + 1?", "answer": "One and one.\n#### 1,002"}),
        [("line-1", "1,002", 0)],
    ),
    Sample("nlr", "nlr.json", json.dumps({"4": {"statement": "Twice what is 6?", "answer": 3}}), [("4", 3, 0)]),
    Sample(
        "nl4opt", "nl4opt.jsonl", lines({"en_question": "How much?", "en_answer": "350"}), [("line-1", "350", 0)], False
    ),
    Sample("mamo", "mamo.jsonl", lines({"id": 3, "Question": "How much?", "Answer": "8.5"}), [("3", "8.5", 0)]),
    Sample(
        "industryor",
        "ior.json",
        lines({"id": 0, "en_question": "How much?", "en_answer": "No Best Solution", "difficulty": "Easy"}),
        [("0", "No Best Solution", 0)],
    ),
    Sample("optmath", "om.json", json.dumps([{"en_question": "Q?", "en_answer": 4.0}]), [("entry-1", 4.0, 0)], False),
    Sample(
        "optibench",
        "e-opt.json",
        json.dumps(
            [{"question": "Q?", "results": {"Jars": "3", "Profit": "9.0"}, "type": "linear-notable", "index": 5}]
        ),
        [("5", "9.0", 0)],
    ),
    Sample(
        "nlp4lp",
        "nlp4lp.jsonl",
        lines({"description": "Sell jam.", "parameters": '{"Price": 4}', "solution": '{"objective": 12.5}'}),
        [("line-1", 12.5, 0)],
    ),
]


def write(folder: Path, sample: Sample) -> Path:
    path = folder / sample.file
    path.write_text(sample.content, encoding="utf-8")
    return path
