% What a worker keeps loaded for real numbers: exact linear constraints by CLP(Q) beside finite domains. Included by
% runtime.pl where SWI-Prolog has library(clpq).
%
% CLP(Q) decides conjunctions of linear constraints and delays the others, so it gets linear ones only. What else depends
% on a choice is tied to a finite-domain variable, and is told to CLP(Q) as soon as that has a value; a search gives a
% value to all of them.

:- use_module(library(clpq), [{}/1, inf/2, inf/4, sup/2]).
:- use_module(library(solution_sequences), [limit/2]).

% What goals of programs call

% nsr_linked(?Whole, ?Number): the same number, for CLP(FD) and for CLP(Q).

nsr_linked(Whole, Number) :-
    (   integer(Whole)
    ->  Number = Whole
    ;   get_attr(Whole, nsr_linked, Known)
    ->  Number = Known
    ;   put_attr(Whole, nsr_linked, Number),
        nsr_mirrored(Whole, Number)
    ).

nsr_linked:attr_unify_hook(Number, Other) :-
    (   integer(Other)
    ->  clpq:{Number = Other}
    ;   get_attr(Other, nsr_linked, Known)
    ->  clpq:{Number = Known}
    ;   put_attr(Other, nsr_linked, Number)
    ).

% nsr_mirrored(?Whole, ?Number): what CLP(FD) knows of the ends holds for CLP(Q), too.

nsr_mirrored(Whole, Number) :-
    fd_inf(Whole, Low),
    fd_sup(Whole, High),
    (   integer(Low) -> {Number >= Low} ; true ),
    (   integer(High) -> {Number =< High} ; true ).

% nsr_cases(?Case, +Goals): the goal of the case, counted from 0, as soon as the case is known.

nsr_cases(Case, Goals) :-
    length(Goals, Count),
    Last is Count - 1,
    Case in 0..Last,
    freeze(Case, nsr_case(Case, Goals)).

nsr_case(Case, Goals) :-
    nth0(Case, Goals, Goal),
    call(Goal).

% nsr_product(?Whole, ?Number, ?Product): a product with a whole number, as soon as that is known.

nsr_product(Whole, Number, Product) :-
    freeze(Whole, {Product = Whole * Number}).

% nsr_decided(+Wholes, +Aim): values for finite-domain variables; a smallest domain comes first. Where something is to be
% least (else the aim is `none`), values near those that it has without the other variables' choices come first.

nsr_decided(Wholes, Aim) :-
    include(var, Wholes, Open),
    (   Open == []
    ->  true
    ;   nsr_next(Open, Whole),
        nsr_narrowed(Whole),
        nsr_branched(Whole, Aim),
        nsr_decided(Open, Aim)
    ).

nsr_next(Open, Whole) :-
    nsr_smallest(Open, Smallest, Size),
    (   Size == sup
    ->  maplist(nsr_narrowed, Open),
        nsr_smallest(Open, Whole, _)
    ;   Whole = Smallest
    ).

nsr_smallest([First|Others], Smallest, Least) :-
    nsr_size_of(First, Size),
    foldl(nsr_smaller, Others, First-Size, Smallest-Least).

nsr_size_of(Whole, Size) :-
    (   var(Whole) -> fd_size(Whole, Size) ; Size = 1 ).

nsr_smaller(Whole, Other-Size, Smaller) :-
    nsr_size_of(Whole, Own),
    (   integer(Own), ( Size == sup ; Own < Size )
    ->  Smaller = Whole-Own
    ;   Smaller = Other-Size
    ).

% nsr_narrowed(?Whole): what CLP(Q) knows of the ends holds for CLP(FD), too.

nsr_narrowed(Whole) :-
    (   var(Whole), get_attr(Whole, nsr_linked, Number)
    ->  (   inf(Number, Least) -> Low is ceiling(Least), Whole #>= Low ; true ),
        (   sup(Number, Most) -> High is floor(Most), Whole #=< High ; true )
    ;   true
    ).

nsr_branched(Whole, _) :-
    integer(Whole),
    !.
nsr_branched(Whole, Aim) :-
    fd_size(Whole, Size),
    (   Size == sup -> throw(nsr_endless) ; true ),
    (   Size > 8, get_attr(Whole, nsr_linked, Number)
    ->  nsr_part(Whole, Number, Aim),
        (   var(Whole) -> nsr_mirrored(Whole, Number) ; true ),
        nsr_narrowed(Whole),
        nsr_branched(Whole, Aim)
    ;   indomain(Whole)
    ).

% nsr_part(?Whole, ?Number, +Aim): the two halves of the domain.

nsr_part(Whole, Number, Aim) :-
    fd_inf(Whole, Low),
    fd_sup(Whole, High),
    Middle is (Low + High) div 2,
    (   Aim \== none,
        inf(Aim, _, [Number], [Best]),
        Best > Middle
    ->  ( Whole #> Middle ; Whole #=< Middle )
    ;   ( Whole #=< Middle ; Whole #> Middle )
    ).

% nsr_point(+Numbers): values for numbers that CLP(Q) knows to be possible; none of the constraints is lost.

nsr_point([]).
nsr_point([Number|Numbers]) :-
    (   rational(Number)
    ->  true
    ;   nsr_end(inf, Number, Low),
        nsr_end(sup, Number, High),
        nsr_candidate(Low, High, Value),
        {Number = Value}
    ->  true
    ;   throw(nsr_residue)
    ),
    nsr_point(Numbers).

nsr_end(Side, Number, End) :-
    (   call(Side, Number, End) -> true ; End = none ).

% nsr_candidate(+Low, +High, -Value): an end, then points between, of which all but finitely many are possible.

nsr_candidate(none, none, Value) :- !, between(0, inf, Value).
nsr_candidate(Low, none, Value) :- !, between(0, inf, Step), Value is Low + Step.
nsr_candidate(none, High, Value) :- !, between(0, inf, Step), Value is High - Step.
nsr_candidate(End, _, End).
nsr_candidate(_, End, End).
nsr_candidate(Low, High, Value) :-
    Low < High,
    between(2, inf, Part),
    Value is Low + (High - Low) rdiv Part.

% nsr_points(+Numbers, +Model, -Row): the cells of solutions that differ in the numbers. A model has its cells, the
% real ones among them, the finite-domain variables that decide everything, and all of its goals.

nsr_points(Numbers, model(Cells, Reals, Wholes, Goals), Row) :-
    findall(Numbers-Cells, nsr_solved(Reals, Wholes, Cells-Goals), [Values-Found]),
    (   Row = Found
    ;   nsr_differ(Numbers, Values, Case),
        nsr_points(Numbers, model(Cells, Reals, [Case|Wholes], Goals), Row)
    ).

nsr_solved(Reals, Wholes, Rest) :-
    once(( nsr_decided(Wholes, none), nsr_point(Reals) )),
    nsr_settled(Rest).

% nsr_settled(+Term): nothing is left that CLP(Q) or CLP(FD) would have to look at.

nsr_settled(Term) :-
    (   term_attvars(Term, []) -> true ; throw(nsr_residue) ).

nsr_differ(Numbers, Values, Case) :-
    Numbers = [_|_],
    maplist(nsr_different_from, Numbers, Values, Goals),
    nsr_cases(Case, Goals).

nsr_different_from(Number, Value, {Number =\= Value}).

% nsr_lowest(+Number, +Model, -Best): a solution with the least value of a number, as best(Kind, Value, Row): the value
% is "attained", only "approached", or there is no end to it ("unbounded").

nsr_lowest(Number, Model, Best) :-
    nsr_low(Number, Model, First),
    nsr_lower(First, Number, Model, Best).

nsr_low(Number, model(Cells, Reals, Wholes, Goals), Found) :-
    findall(best(Kind, Value, Cells),
            ( once(( nsr_decided(Wholes, Number), nsr_bottom(Number, Kind, Value), nsr_point(Reals) )),
              nsr_settled(Cells-Goals) ),
            [Found]).

nsr_bottom(Number, Kind, Value) :-
    (   inf(Number, Value)
    ->  (   {Number = Value} -> Kind = attained ; Kind = approached )
    ;   Kind = unbounded,
        Value = 0
    ).

nsr_lower(Found, Number, Model, Best) :-
    (   nsr_bounded(Found, Number),
        nsr_low(Number, Model, Next)
    ->  nsr_lower(Next, Number, Model, Best)
    ;   Best = Found
    ).

nsr_bounded(best(attained, Value, _), Number) :- {Number < Value}.
nsr_bounded(best(approached, Value, _), Number) :- {Number =< Value}.

% nsr_model(+Cells, +Others, -Model): the model of cells and of what else goals speak of, once the goals are posted.

nsr_model(Cells, Others, model(Cells, Reals, Wholes, Cells-Others)) :-
    term_variables(Cells-Others, Variables),
    include(nsr_is_whole, Variables, Wholes),
    term_variables(Cells, Values),
    exclude(nsr_is_whole, Values, Reals).

nsr_is_whole(Variable) :-
    (   fd_var(Variable) -> true ; attvar(Variable), get_attr(Variable, nsr_linked, _) ).

% mixed(+Cells, +Goals, +Question): what solutions there are; a line for each, and a last word.

mixed(Cells, Goals, find(First, Numbers, Count)) :-
    nsr_model(Cells, Goals, Model),
    % Not findnsols/4: it copies the goal, and CLP(Q) goes by the order of its variables.
    findall(Row, limit(Count, ( nsr_decided(First, none), nsr_points(Numbers, Model, Row) )), Rows),
    maplist(tell_row, Rows),
    (   length(Rows, Count) -> writeln(more) ; writeln(complete) ).
mixed(Cells, Goals, best(Number)) :-
    nsr_model(Cells, Goals, Model),
    (   nsr_lowest(Number, Model, best(Kind, Value, Row))
    ->  tell_row(Row),
        write(Kind),
        tell(Value),
        nl
    ;   true
    ),
    writeln(complete).

% What files that are written for people call besides

nsr_possible(Cells, Others) :-
    nsr_model(Cells, Others, Model),
    nsr_points([], Model, _).

nsr_found(Cells, Others) :-
    nsr_model(Cells, Others, Model),
    Model = model(_, Reals, _, _),
    term_variables(Cells, Values),
    include(nsr_is_whole, Values, Wholes),
    nsr_decided(Wholes, none),
    nsr_points(Reals, Model, Row),
    maplist(nsr_same, Cells, Row).

% One after the other: CLP(Q) takes no bindings of several variables at once.

nsr_same(Cell, Value) :-
    (   nsr_is_whole(Cell) -> Cell = Value ; {Cell = Value} ).

nsr_objective(Value, Number) :-
    (   nonvar(Value), Value = -Of -> nsr_number_of(Of, Own), {Number = -Own} ; nsr_number_of(Value, Number) ).

nsr_number_of(Value, Number) :-
    (   fd_var(Value) -> nsr_linked(Value, Number) ; Number = Value ).

nsr_optimal([], Cells, Others) :-
    nsr_model(Cells, Others, Model),
    nsr_points([], Model, Row),
    maplist(nsr_same, Cells, Row).
nsr_optimal([Title-Number|Aims], Cells, Others) :-
    nsr_model(Cells, Others, Model),
    nsr_lowest(Number, Model, best(Kind, Value, _)),
    (   Kind == attained
    ->  {Number = Value},
        nsr_optimal(Aims, Cells, Others)
    ;   ( Kind == approached -> Word = 'not attained' ; Word = Kind ),
        format("~w: ~w~n", [Title, Word]),
        nsr_optimal([], Cells, Others)
    ).
