"""Programs of each family of the language, with the order of the language's documentation."""

from __future__ import annotations

PROGRAMS = {
    "logic_grid": """\
type Oven = 1..3
type Baker = {ines, jo, karl}
type Bread = {rye, spelt, corn}
var oven(Baker): Oven distinct
var baked_in(Bread): Oven distinct
constraint "Ines uses the oven directly left of the rye bread.": oven(ines) + 1 == baked_in(rye)
constraint "The spelt loaf is in the third oven.": baked_in(spelt) == 3
constraint "Jo's oven has a higher number than Karl's.": oven(jo) > oven(karl)
find unique oven, baked_in
""",
    "open_world": """\
type Person
pred keeper(Person), owns_boat(Person), sleeps_early(Person), rows(Person)
const ada: Person
premise "Every keeper owns a boat or sleeps early, but not both.":
  forall x in Person: keeper(x) implies owns_boat(x) xor sleeps_early(x)
premise "Whoever owns a boat rows.": forall x in Person: owns_boat(x) implies rows(x)
premise "Ada is a keeper and does not row.": keeper(ada) and not rows(ada)
prove "Ada sleeps early.": sleeps_early(ada)
""",
    "rules": """\
type Lock = {alder, birch, cedar, dale}
rel canal(Lock, Lock), shut(Lock), reach(Lock, Lock)
fact "Canals lead from Alder to Birch, Birch to Cedar and Birch to Dale.":
  canal(alder, birch), canal(birch, cedar), canal(birch, dale)
fact "Cedar is shut.": shut(cedar)
rule reach(X, Y) if canal(X, Y) unless shut(Y)
rule "You can go on along any canal unless its end is shut.": reach(X, Z) if reach(X, Y), canal(Y, Z) unless shut(Z)
ask "Where can you get from Alder?": reach(alder, X)
""",
    "defaults": """\
type Visitor = {mona, nils, olga}
rel member(Visitor), guest(Visitor), banned(Visitor), brings(Visitor, Visitor)
rel may_enter(Visitor) two_sided
fact member(mona), member(nils), guest(olga)
fact "Nils is banned.": banned(nils)
fact "Mona brings Olga.": brings(mona, olga)
default members "Members usually may enter.": may_enter(X) if member(X)
default guests "Guests as a rule may not.": not may_enter(X) if guest(X)
default brought "A guest whom a member brings may.": may_enter(X) if guest(X), brings(Y, X), member(Y)
prefer brought over guests
rule "Nobody who is banned may enter.": not may_enter(X) if banned(X)
ask "Who may enter?": may_enter(X)
""",
    "questions": """\
type Stall = 1..5
type Goods = {apples, books, cheese, dolls, eggs}
var stall(Goods): Stall distinct
constraint apart "Cheese is never next to the books.": abs(stall(cheese) - stall(books)) != 1
constraint "The dolls come somewhere after the eggs.": stall(eggs) < stall(dolls)
constraint "The apples are first or last.": stall(apples) in {1, 5}
question q1 "If the books are at stall 2, which one of the following must be true?"
assume "If the books are at stall 2": stall(books) == 2
choose must
option A "The eggs are at stall 3.": stall(eggs) == 3
option B "The cheese is at stall 4.": stall(cheese) == 4
option C "The eggs come before the cheese.": stall(eggs) < stall(cheese)
question q2 "At how many different stalls could the eggs be?"
compute count(s for s in Stall if possible(stall(eggs) == s))
question q3 "Which, put in place of the rule on cheese and books, would have the same effect?"
choose equivalent to apart
option A "Some stall lies between the two.":
  exists g in Goods: stall(books) < stall(g) < stall(cheese) or stall(cheese) < stall(g) < stall(books)
option B "The cheese is before the books.": stall(cheese) < stall(books)
""",
    "optimization": """\
type Crop = {kale, leek, chard}
type Bed = [north, south]
param "Kale brings 4 a crate, leek 5.50, chard 3.": price(Crop): real = {kale: 4, leek: 5.5, chard: 3}
param hours(Crop): real = {kale: 0.5, leek: 0.8} else 0.4
param room(Bed): int = [120, 90]
var crates(Crop, Bed): int >= 0
var heated(Bed): bool
define output(c: Crop) = sum(crates(c, b) for b in Bed)
constraint labour "There are 100 hours of work.": sum(hours(c) * output(c) for c in Crop) <= 100
constraint room: forall b in Bed: sum(crates(c, b) for c in Crop) <= room(b)
constraint "Leek grows only in a heated bed.": forall b in Bed: crates(leek, b) > 0 implies heated(b)
soft [15] "They would like at least 20 crates of chard.": output(chard) >= 20
maximize profit "Heating costs 60 a bed.":
  sum(price(c) * output(c) for c in Crop) - 60 * count(b for b in Bed if heated(b))
""",
    "actions": """\
type Step = 0..3
type Crate = {red, blue}
type Bay = [north, middle, south]
var at(Crate, Step): Bay
var moved(Step): Crate optional
constraint "Red starts north, blue in the middle.": at(red, 0) == north and at(blue, 0) == middle
constraint "At each step the crane moves at most one crate, by one bay.": forall s in Step, c in Crate if s < 3:
  if moved(s) == c then abs(at(c, s + 1) - at(c, s)) == 1 else at(c, s + 1) == at(c, s)
constraint "A bay holds one crate.": forall s in Step: at(red, s) != at(blue, s)
constraint "In the end red is in the middle and blue south.": at(red, 3) == middle and at(blue, 3) == south
minimize moves: count(s for s in Step if moved(s) != none)
""",
    "sets": """\
type Singer = {rudi, sara, tove, uma, `van Dyk`}
param skill(Singer): int = {rudi: 7, sara: 9, tove: 6, uma: 5, `van Dyk`: 8}
param fee(Singer): real = {rudi: 120, sara: 200, tove: 90, uma: 80, `van Dyk`: 150}
rel bass(Singer) = {rudi, `van Dyk`}
var choir: set of Singer
constraint "Three sing.": len(choir) == 3
constraint "At least one bass is needed.": exists s in choir: bass(s)
constraint "Rudi and Sara never sing together.": not ({rudi, sara} <= choir)
maximize first "Above all the choir should be good": sum(skill(s) for s in choir)
minimize then_cost "and after that cheap.": sum(fee(s) for s in choir)
""",
}
