"""The transition table: exactly the edges of the design, every state reachable and leavable, units never close."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.errors import NotAllowedError, WrongStateError
from tickets.workflow import EDGES, TERMINAL, UNIT_ROLES, Role, State, actions_for, diagram, edges_from, require

# the list of design §4, written down a second time on purpose
DESIGN = {
    "received": "needs_info merged declined assigned withdrawn",
    "needs_info": "received withdrawn",
    "merged": "rating received withdrawn",
    "declined": "received archived",
    "assigned": "in_progress return_review withdrawn",
    "return_review": "assigned in_progress withdrawn",
    "in_progress": "answered return_review extension_review on_hold rating withdrawn",
    "extension_review": "in_progress withdrawn",
    "answered": "rating in_progress reworking supervised withdrawn",
    "rating": "closed reworking supervised withdrawn",
    "reworking": "answered supervised rating withdrawn",
    "supervised": "answered on_hold rating withdrawn",
    "on_hold": "in_progress rating withdrawn",
    "closed": "reworking in_progress archived",
    "withdrawn": "",
    "archived": "",
}
states = st.sampled_from(list(State))
roles = st.sampled_from(list(Role))


@pytest.mark.parametrize("source", list(State))
def test_edges_are_those_of_the_design(source: State) -> None:
    assert {edge.target.value for edge in edges_from(source)} == set(DESIGN[source.value].split())


def test_every_state_is_reachable() -> None:
    reached, frontier = {State.RECEIVED}, [State.RECEIVED]
    while frontier:
        for edge in edges_from(frontier.pop()):
            if edge.target not in reached:
                reached.add(edge.target)
                frontier.append(edge.target)
    assert reached == set(State)


@given(states)
def test_every_state_but_the_last_two_can_be_left(state: State) -> None:
    assert bool(edges_from(state)) == (state not in TERMINAL)


def test_the_unit_never_closes() -> None:
    ends = {State.CLOSED, State.ARCHIVED, State.WITHDRAWN, State.RATING}
    assert not [edge for edge in EDGES if edge.roles & UNIT_ROLES and edge.target in ends]


@given(states, states, roles, st.sampled_from(sorted({edge.action for edge in EDGES})))
def test_a_move_needs_an_edge_and_its_role(source: State, target: State, role: Role, action: str) -> None:
    fitting = [e for e in EDGES if (e.source, e.target, e.action) == (source, target, action)]
    if not fitting:
        with pytest.raises(WrongStateError):
            require(source, action, target, role)
    elif role not in fitting[0].roles:
        with pytest.raises(NotAllowedError):
            require(source, action, target, role)
    else:
        assert require(source, action, target, role) == fitting[0]
        assert action in actions_for(source, role)


def test_an_edge_stands_once() -> None:
    assert len({(e.source, e.action, e.target) for e in EDGES}) == len(EDGES)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_shows_this_table(name: str) -> None:
    readme = (Path(__file__).parents[2] / name).read_text(encoding="utf-8")
    assert f"```mermaid\n{diagram()}\n```" in readme
