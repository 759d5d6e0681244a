"""First names for generated people, by split, and made-up names so that copying of unseen words is learnt."""

from __future__ import annotations

import random

from nsr.formalizers.words import words_of

__all__ = ["draw_code", "draw_names"]

_TRAIN = tuple(
    words_of(
        "Aaron Adele Agnes Alma Amir Anita Anton Arjun Astrid Audrey Barbara Beatriz Ben Bernard Bianca Boris "
        "Brenda Bruno Camille Carlos Cecil Celia Chloe Claude Clara Colin Cora Cyrus Dana Daphne Darius David "
        "Deborah Denise Derek Dinah Dominic Doris Edgar Edith Eli Elena Elsa Emil Emma Enzo Esther Ethan Eva "
        "Faye Felix Fiona Flora Frances Frank Gail Gavin Gemma George Gina Glen Gloria Grace Greta Hank "
        "Hannah Harold Hazel Hector Heidi Henry Hilda Hugo Ian Ida Inez Ingrid Irene Isaac Ivan Jack Jacob "
        "Jane Jasmine Jerome Jill Joan Joel Joyce Judith Julia Karen Karl Kate Keith Kevin Kim Kurt Lara "
        "Laura Leon Leo Lena Lewis Lila Linda Lloyd Lorna Louis Lucas Lucy Luis Mabel Marco Marie Mark Martha "
        "Martin Mary Matteo Maud Max Mia Mick Miles Mona Morris Muriel Naomi Nate Neil Nell Nico Nina Noah "
        "Nora Olaf Olga Oscar Otto Pablo Paul Pearl Perry Phil Phoebe Quinn Rachel Ralph Ramona Raul Ray "
        "Rhoda Rita Robin Roger Ron Rosa Ruben Ruth Sandra Saul Scott Seth Shane Sheila Sid Simon Sofia Stan "
        "Stella Steve Sven Sylvia Tara Ted Terry Theo Tina Todd Tom Trudy Ursula Vera Victor Viola Wade Wanda "
        "Wendy Will Xavier Yolanda Yusuf Zoe"
    )
)
_TEST = tuple(
    words_of(
        "Abel Ada Albert Alec Amber Andre April Ariel Arthur Basil Bert Blair Brett Bridget Caleb Carla Casey "
        "Cheryl Chris Cindy Craig Cynthia Daisy Dale Darla Dean Delia Dewey Dolores Donna Drew Duncan Earl "
        "Edna Elias Ella Ernest Erma Eugene Fanny Fernando Florence Francis Garth Gerald Ginger Gordon Gwen "
        "Harriet Herb Homer Howard Iris Isabel Ivy Jared Jeff Jenna Jodi Josh June Kaleb Kara Kelli Kendra "
        "Kirk Kristin Lamar Lana Leah Lester Lillie Lois Lonnie Luke Lynda Lyle Mandy Marc Marsha Melba "
        "Melvin Minnie Mitchell Myra Nadia Nancy Natasha Ned Norman Odette Olive Orville Pam Patsy Pauline "
        "Percy Polly Ramon Rex Rhonda Roland Rosie Ross Roxanne Rudy Sadie Sally Shaun Shelly Silas Sonya "
        "Stuart Susie Tabby Tanya Thelma Toby Tracy Trent Velma Vernon Vickie Walter Warren Wilma Winston "
        "Yvonne Zach Zelda"
    )
)
_ONSETS = ("b br c ch d dr f fl g gr h j k kl l m n p pr qu r s sh sk st t th tr v w x y z " * 1).split()
_VOWELS = words_of("a e i o u a e i o ai ea oo ou y")
_CODAS = ["", "", "", "l", "n", "r", "s", "m", "th", "x", "ck", "nd", "rt"]


def draw_names(rng: random.Random, count: int, *, test: bool, plain: bool = False) -> list[str]:
    """`count` different names of one split; some are made up of syllables unless `plain`."""
    pool = _TEST if test else _TRAIN
    names: list[str] = list(rng.sample(pool, count))
    if not plain and rng.random() < 0.4:
        names = [_made_up(rng, test) if rng.random() < 0.7 else n for n in names]
    if len({n.lower() for n in names}) < count:
        return list(rng.sample(pool, count))
    return names


def _made_up(rng: random.Random, test: bool) -> str:
    # Made-up words of the two splits differ in their last letter.
    word = "".join(
        rng.choice(_ONSETS) + rng.choice(_VOWELS) + (rng.choice(_CODAS) if i else "")
        for i in range(rng.randrange(1, 4))
    )
    return word.capitalize() + ("ev" if test else rng.choice(["a", "o", "in", "", "et"]))


def draw_code(rng: random.Random, count: int, *, test: bool) -> list[str]:
    """Different codes such as `XK-204`; those of the tests end in an even figure."""
    style = rng.randrange(4)
    found: dict[str, None] = {}
    while len(found) < count:
        letters = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(rng.randrange(1, 3)))
        number = rng.randrange(10, 1000) // 2 * 2 + (0 if test else 1)
        found[(f"{letters}-{number}", f"{letters}{number}", f"{letters} {number}", f"Q{letters}-{number}")[style]] = (
            None
        )
    return list(found)
