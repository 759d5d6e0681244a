% What a worker keeps loaded: reads the terms that the compiler writes, and carries them out.
%
% Programs come as text of generated names and whole numbers only, in one string, a term to a clause. Each of
% them is an instruction of step/2; nothing else is called. Answers go back as text, one line an instruction.

:- module(nsr_runtime, [nsr_load/3, nsr_ask/3]).

% A worker can open no file once it works, so nothing may be left to be loaded when it is first called.
:- set_prolog_flag(autoload, false).

:- use_module(library(aggregate)).
:- use_module(library(apply)).
:- use_module(library(clpfd)).
:- use_module(library(error)).
:- use_module(library(gensym)).
:- use_module(library(lists)).
:- use_module(library(ordsets)).
:- use_module(library(pairs)).
:- use_module(library(prolog_code)).

:- set_prolog_flag(gc_thread, false).
:- set_prolog_flag(agc_margin, 0).

% nsr_load(+Text, +Most, -Answer): forget the last program, and carry out the instructions of another one, within so many
% inferences.
% nsr_ask(+Text, +Most, -Answer): carry out further instructions about it.

:- dynamic loaded/1.

nsr_load(Text, Most, Answer) :-
    forget,
    gensym(nsr_program_, Module),
    set_module(Module:class(temporary)),
    add_import_module(Module, nsr_runtime, start),
    assertz(loaded(Module)),
    nsr_ask(Text, Most, Answer).

forget :-
    abolish_all_tables,
    forall(retract(loaded(Module)), '$destroy_module'(Module)).

nsr_ask(Text, Most, Answer) :-
    loaded(Module),
    number_string(Inferences, Most),
    catch(limited(instructions(Module, Text, Answer), Inferences), Error, failure(Error, Answer)).

limited(Goal, Inferences) :-
    call_with_inference_limit(Goal, Inferences, Result),
    (   Result == inference_limit_exceeded -> throw(nsr_steps) ; true ).

instructions(Module, Text, Answer) :-
    setup_call_cleanup(
        open_string(Text, Stream),
        with_output_to(string(Answer), carry_out(Module, Stream)),
        close(Stream)),
    abolish_all_tables.

carry_out(Module, Stream) :-
    repeat,
    read_term(Stream, Term, [module(nsr_runtime)]),
    (   Term == end_of_file
    ->  !
    ;   once(step(Term, Module)),
        fail
    ).

failure(resource_error(What), Answer) :- !, format(string(Answer), "limit ~w~n", [What]).
failure(error(resource_error(What), _), Answer) :- !, format(string(Answer), "limit ~w~n", [What]).
failure(nsr_size, "limit size\n") :- !.
failure(nsr_steps, "limit steps\n") :- !.
failure(nsr_residue, "residue\n") :- !.
failure(nsr_no_reals, "gap real numbers: this SWI-Prolog has no library(clpq)\n") :- !.
failure(nsr_endless, "gap whole numbers without bounds beside real ones\n") :- !.
failure(error(instantiation_error, _), "limit size\n") :- !.
failure(Error, Answer) :-
    copy_term(Error, Plain, _),
    format(string(Answer), "error ~q~n", [Plain]).

% nsr_most_bytes(+Text): how much stacks and tables may take.

nsr_most_bytes(Text) :-
    number_string(Bytes, Text),
    set_prolog_flag(stack_limit, Bytes),
    set_prolog_flag(table_space, Bytes).

% Relations

step(facts(Name, Arity, Values), Module) :-
    functor(Head, Name, Arity),
    dynamic(Module:Name/Arity),
    add_rows(Values, Head, Arity, Module).
step(table(Name, Arity), Module) :-
    dynamic(Module:Name/Arity),
    table(Module:Name/Arity).
step(open(Name, Arity), Module) :-
    dynamic(Module:Name/Arity).
step(clause(Clause), Module) :-
    assertz(Module:Clause).
step(keep(From, To, Arity), Module) :-
    functor(Head, From, Arity),
    Head =.. [_|Args],
    Kept =.. [To|Args],
    findall(Kept, Module:Head, Rows),
    forall(member(Row, Rows), assertz(Module:Row)).
step(rounds(Heads), Module) :-
    rounds(Heads, Module).
step(places(Tag, Place, Goal), Module) :-
    findall(Place, Module:Goal, Places),
    sort(Places, Sorted),
    atomic_list_concat(Sorted, ' ', Line),
    format("at ~w ~w~n", [Tag, Line]).
step(rows(Tag, Row, Goal), Module) :-
    findall(Row, Module:Goal, Rows),
    sort(Rows, Sorted),
    format("~w ~d~n", [Tag, 0]),
    forall(member(R, Sorted), ( write_canonical(R), nl )).

step(model(Cells, Goals, Question), Module) :-
    (   maplist(post(Module), Goals)
    ->  answer(Question, Cells)
    ;   writeln(complete)
    ).

step(mixed(Cells, Goals, Question), Module) :-
    (   current_predicate(mixed/3) -> true ; throw(nsr_no_reals) ),
    (   maplist(post(Module), Goals)
    ->  mixed(Cells, Goals, Question)
    ;   writeln(complete)
    ).

step(reasons(Atoms), Module) :-
    forall(nth0(Place, Atoms, Atom),
           forall(Module:w(Atom, Form, Values),
                  ( atomic_list_concat([reason, Place, Form|Values], ' ', Line), writeln(Line) ))).

add_rows([], _, _, _) :- !.
add_rows(Values, Head, Arity, Module) :-
    copy_term(Head, Row),
    fill(1, Arity, Row, Values, Rest),
    assertz(Module:Row),
    add_rows(Rest, Head, Arity, Module).

fill(I, Arity, _, Values, Values) :- I > Arity, !.
fill(I, Arity, Row, [Value|Values], Rest) :-
    arg(I, Row, Value),
    J is I + 1,
    fill(J, Arity, Row, Values, Rest).

% rounds(+Rules, +Module): add what the bodies derive until nothing is new; for rules that look at their own relations
% in other ways than by joining. Rules are Head-Body pairs.

rounds(Rules, Module) :-
    findall(Head,
            ( member(Head-Body, Rules), Module:Body, \+ Module:Head ),
            Found),
    sort(Found, New),
    (   New == []
    ->  true
    ;   forall(member(Row, New), assertz(Module:Row)),
        rounds(Rules, Module)
    ).

% What goals of programs call

nsr_power(Base, Exponent, Value) :-
    integer(Exponent),
    (   Exponent =:= 0 -> Value = 1
    ;   Base =:= 1 -> Value = 1
    ;   Base =:= 0 -> Exponent > 0, Value = 0
    ;   Base =:= -1 -> Value is 1 - 2 * (Exponent mod 2)
    ;   nsr_bits(Base, Bits),
        nsr_guard(Bits * abs(Exponent)),
        (   Exponent > 0
        ->  nsr_raised(Base, Exponent, Value)
        ;   Other is -Exponent,
            nsr_raised(Base, Other, Inverse),
            Value is 1 rdiv Inverse
        )
    ).

nsr_raised(Base, Exponent, Value) :-
    Value is (numerator(Base) ** Exponent) rdiv (denominator(Base) ** Exponent).

nsr_bits(Number, Bits) :-
    nsr_msb(numerator(Number), Above),
    nsr_msb(denominator(Number), Below),
    Bits is Above + Below.

nsr_msb(Number, Bits) :-
    Size is abs(Number),
    (   Size =:= 0 -> Bits = 0 ; Bits is msb(Size) + 1 ).

nsr_guard(Bits) :-
    (   Bits > 200000 -> throw(nsr_size) ; true ).

nsr_times(Left, Right, Value) :-
    nsr_bits(Left, A),
    nsr_bits(Right, B),
    nsr_guard(A + B),
    Value is Left * Right.

nsr_total([], 0).
nsr_total([Number|Numbers], Total) :-
    nsr_sum(Numbers, Number, Total).

nsr_sum(Numbers, First, Total) :-
    rational(First),
    (   Numbers = [Next|Rest]
    ->  rational(Next),
        Sum is First + Next,
        nsr_sum(Rest, Sum, Total)
    ;   Total = First
    ).

nsr_product(Numbers, Product) :-
    foldl(nsr_factor, Numbers, 1, Product).

nsr_factor(Number, Before, After) :-
    rational(Number),
    nsr_times(Before, Number, After).

nsr_least([Number|Numbers], Least) :-
    maplist(rational, [Number|Numbers]),
    min_list([Number|Numbers], Least).

nsr_greatest([Number|Numbers], Greatest) :-
    maplist(rational, [Number|Numbers]),
    max_list([Number|Numbers], Greatest).

nsr_different(Values) :-
    sort(Values, Sorted),
    same_length(Values, Sorted).

nsr_once_each(Values, Value) :-
    list_to_set(Values, Set),
    member(Value, Set).

% Constraints

:- meta_predicate nsr_truth(0, -).

nsr_truth(Goal, Truth) :-
    (   call(Goal) -> Truth = 1 ; Truth = 0 ).

% nsr_looked_up(+Key, +Pairs, +Other, -Value): the value beside a key, or another one.

nsr_looked_up(Key, Pairs, Other, Value) :-
    findall([Key, Found],
            ( indomain(Key), ( memberchk([Key, Known], Pairs) -> Found = Known ; Found = Other ) ),
            Rows),
    tuples_in([[Key, Value]], Rows).

% model(+Cells, +Goals, +Question): what solutions there are; a line for each, and a last word.

post(Module, Goal) :-
    call(Module:Goal).

answer(find(First, Rest, Count), Cells) :-
    findnsols(Count, Cells, ( labeling([ff], First), once(labeling([ff], Rest)) ), Rows),
    !,
    maplist(tell_row, Rows),
    (   length(Rows, Count) -> writeln(more) ; writeln(complete) ).
answer(best(Least, Variables), Cells) :-
    (   best(Variables, Least, Cells, Best)
    ->  tell_row(Best)
    ;   true
    ),
    writeln(complete).

tell_row(Row) :-
    write(row),
    forall(member(Value, Row), tell(Value)),
    nl.

tell(Value) :-
    rational(Value, Numerator, Denominator),
    (   Denominator =:= 1 -> format(" ~d", [Numerator]) ; format(" ~d/~d", [Numerator, Denominator]) ).

% best(+Variables, +Least, +Cells, -Best): branch and bound; each solution has to be better than the one before.

best(Variables, Least, Cells, Best) :-
    findall(Least-Cells, once(labeling([ff], Variables)), [Value-Row]),
    better(Variables, Least, Cells, Value, Row, Best).

better(Variables, Least, Cells, Value, Row, Best) :-
    (   findall(Least-Cells, ( Least #< Value, once(labeling([ff], Variables)) ), [Lower-Next])
    ->  better(Variables, Least, Cells, Lower, Next, Best)
    ;   Best = Row
    ).

:- if(exists_source(library(clpq))).
:- include(reals).
:- endif.

% What files that are written for people call besides

nsr_show(Pairs) :-
    forall(member(Name=Value, Pairs), format("~w = ~w~n", [Name, Value])),
    nl.

nsr_report(Title, Goal) :-
    (   call(Goal) -> Answer = yes ; Answer = no ),
    format("~w: ~w~n", [Title, Answer]).

nsr_solutions(Count, Shown, Goal) :-
    findall(Shown, limit(Count, Goal), Found),
    (   Found == [] -> writeln('no solution') ; forall(member(One, Found), nsr_told(One)) ).

nsr_told(Shown) :-
    forall(member(Title-Code-Names, Shown),
           ( ( memberchk(Code=Name, Names) -> true ; nsr_numeral(Code, Name) ), format("~w = ~w~n", [Title, Name]) )),
    nl.

nsr_numeral(Code, Numeral) :-
    (   rational(Code, Above, Below),
        Below > 1
    ->  format(atom(Numeral), "~w/~w", [Above, Below])
    ;   Numeral = Code
    ).
