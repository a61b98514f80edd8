"""Whose problem it is: properties of the pure rule engine."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.rectification.routing import Route, Rule, route

few = st.integers(1, 3)
maybe = st.none() | few
rules = st.lists(st.builds(Rule, st.just(0), few, maybe, maybe, st.integers(10, 19)), max_size=12).map(
    lambda found: [Rule(pk, r.problem_type, r.place_type, r.territory, r.lead) for pk, r in enumerate(found, 1)]
)
chains = st.lists(few, max_size=3, unique=True)


def ask(found, territories=(), place_type=None, keeper=None, problem_type=1):
    return route(found, problem_type=problem_type, place_type=place_type, territories=territories, keeper=keeper)


@settings(max_examples=200)
@given(rules, few, maybe, chains, maybe)
def test_answer_is_a_fitting_rule_that_none_beats(found, problem_type, place_type, territories, keeper):
    answer = ask(found, territories, place_type, keeper, problem_type)

    def fits(rule):
        return (
            rule.problem_type == problem_type
            and rule.place_type in {None, place_type}
            and (rule.territory is None or rule.territory in territories)
        )

    def worth(rule):
        near = len(territories) - territories.index(rule.territory) if rule.territory is not None else 0
        return (near, rule.place_type is not None, rule.pk)

    fitting = [rule for rule in found if fits(rule)]
    if fitting:
        best = max(fitting, key=worth)
        assert answer == Route(best.lead, "rule", best.pk)
    elif keeper is not None:
        assert answer == Route(keeper, "keeper")
    elif territories:
        assert answer == Route(territories[0], "territory")
    else:
        assert answer == Route(None, "office")


@settings(max_examples=100)
@given(rules, chains, maybe, st.randoms())
def test_answer_does_not_hang_on_the_order_of_rules(found, territories, place_type, mix):
    mixed = found[:]
    mix.shuffle(mixed)
    assert ask(mixed, territories, place_type) == ask(found, territories, place_type)


def test_rule_for_the_territory_beats_one_for_the_place_type():
    found = [Rule(1, 1, None, 7, 10), Rule(2, 1, 5, None, 11)]
    assert ask(found, [7], 5).lead == 10


def test_rule_for_the_nearer_territory_wins():
    found = [Rule(1, 1, None, 7, 10), Rule(2, 1, 5, 8, 11)]
    assert ask(found, [7, 8], 5).lead == 10


def test_rule_for_a_place_type_does_not_fit_a_problem_without_place():
    assert ask([Rule(1, 1, 5, None, 10)]) == Route(None, "office")


def test_newer_of_equal_rules_wins():
    assert ask([Rule(2, 1, None, None, 11), Rule(1, 1, None, None, 10)]).rule == 2
