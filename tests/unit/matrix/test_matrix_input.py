# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any value of any option: a readable refusal or a right result; names with any character; large values."""

from __future__ import annotations

import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matrix_world import (
    ODD,
    DirectoryService,
    Playground,
    Settings,
    World,
    virtual_time,
)

from ansible_collections.pingone.directory.plugins.module_utils._core.similar_names import unusual_characters
from soak.depth import bounded

UTILS = "ansible_collections.pingone.directory.plugins.module_utils"

EXAMPLES = 20
BOUNDED = bounded(EXAMPLES)


def spec_of(module, name):
    return getattr(importlib.import_module(f"{UTILS}._tasks.{module}"), name).argument_spec()


SPECS = {
    "p1_user": spec_of("user", "UserTask"),
    "p1_group": spec_of("group", "GroupTask"),
    "p1_group_membership": spec_of("group_membership", "GroupMembershipTask"),
    "p1_user_info": spec_of("user_info", "UserInfoTask"),
    "p1_group_info": spec_of("group_info", "GroupInfoTask"),
    "p1_directory": spec_of("directory", "DirectoryTask"),
}

# -- options from the argument specs -------------------------------------------------------------------------

TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "ann@example.com",
            "ANN@EXAMPLE.COM",
            "Team",
            "Division",
            "Users",
            "hr:dee",
            ODD,
            "a" * 300,
            "..",
            "/",
            "\u0000",
            "\ud800",
            "true",
            "None",
            "{{ x }}",
            "%s",
            "\u202e",
            "x\ny",
        ]  # fmt: skip
    ),
    st.text(max_size=12),
)
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)


def fitting(spec):
    """Return values of the type that the spec of an option states."""
    kind = spec.get("type", "str")
    if "choices" in spec:
        return st.sampled_from(spec["choices"])
    if kind == "bool":
        return st.booleans()
    if kind == "int":
        return st.integers(-2, 10)
    if kind == "dict" and "options" in spec:
        return options_of(spec["options"], 3)
    if kind == "dict":
        return st.dictionaries(TEXTS, ANYTHING, max_size=3)
    if kind == "list":
        if "options" in spec:
            return st.lists(options_of(spec["options"], 4), max_size=3)
        return st.lists(
            TEXTS if spec.get("elements") == "str" else st.dictionaries(TEXTS, ANYTHING, max_size=3), max_size=3
        )
    return TEXTS


def options_of(spec, most):
    """Return some of the options of a spec, most with values of their type, some with any value."""
    values = {name: st.one_of(fitting(inner), fitting(inner), fitting(inner), ANYTHING) for name, inner in spec.items()}
    names = st.lists(st.sampled_from(sorted(spec)), min_size=1, max_size=most, unique=True)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: values[name] for name in chosen}))


USER_SPEC = {**SPECS["p1_user"], "active_until": {"type": "str"}}
GROUP_SPEC = {
    **SPECS["p1_group"],
    "members": {"type": "dict", "options": {name: {"type": "list", "elements": "str"} for name in ("users", "user_ids", "groups", "group_ids")}},
    "membership": {"choices": ["exact", "additive"]},
}  # fmt: skip
DESIRED_STATES = st.fixed_dictionaries(
    {
        "users": st.lists(options_of(USER_SPEC, 5) | ANYTHING, max_size=3),
        "groups": st.lists(options_of(GROUP_SPEC, 4) | ANYTHING, max_size=3),
    }
)


@pytest.fixture(scope="module")
def fuzzed():
    with DirectoryService(Settings()) as service, virtual_time(service):
        yield service


def whatever(service, folder, module, options, check):
    """Run once on a fresh directory: no traceback, a message of one line, and a ``changed`` that is true."""
    for name in ("journal", "backup", "src", "dest"):
        if name in options:
            options = {key: value for key, value in options.items() if key != name}
    service.reset()
    world = World(service, folder)
    result = world.run(module, check=check, **options)  # any exception except SystemExit is a traceback and fails here
    if result.get("failed"):
        # Ansible quotes options that it refuses without changes.
        assert result["msg"].strip() and ("\n" not in result["msg"] or "failure" not in result), result["msg"]
    assert "admin@example.com" in world.play.users()
    return result


@pytest.mark.parametrize("module", [name for name in SPECS if name != "p1_directory"])
def test_options_of_any_kind_end_in_a_result_or_a_readable_refusal(fuzzed, module, tmp_path):
    names = {"p1_user": "user_name", "p1_group": "display_name", "p1_group_membership": "group"}
    likely = {
        name: st.sampled_from(["ann@example.com", "Team", "new"]) for name in [names.get(module)] if name is not None
    }

    @BOUNDED
    @given(options_of(SPECS[module], 5), st.fixed_dictionaries(likely), st.booleans())
    def run(options, first, check):
        whatever(fuzzed, tmp_path, module, {**first, **options}, check)

    run()


def test_desired_states_of_any_kind_end_in_a_result_or_a_readable_refusal(fuzzed, tmp_path):
    spec = {name: inner for name, inner in SPECS["p1_directory"].items() if name not in ("users", "groups", "src")}

    @BOUNDED
    @given(DESIRED_STATES, st.one_of(st.just({}), options_of(spec, 3)), st.booleans())
    def run(desired, options, check):
        whatever(fuzzed, tmp_path, "p1_directory", {**options, **desired, "concurrency": 1}, check)

    run()


@pytest.mark.parametrize("wrong", [True, 5, 1.5, "text", [], [True], [None], [[]], [5]])
@pytest.mark.parametrize("option", ["name", "enterprise", "emails", "addresses", "manager"])
def test_a_value_that_is_not_a_dictionary_is_refused_in_words(world, option, wrong):
    options = {"enterprise": {"manager": wrong}} if option == "manager" else {option: wrong}
    if wrong == [] and option in ("emails", "addresses"):
        return  # an empty dictionary clears the attributes
    result = world.play.fails("p1_user", user_name="ann@example.com", **options)
    assert option in result["msg"] or "dictionary" in result["msg"], result["msg"]  # the last alternative is Ansible's message
    assert world.service.writes() == []


# -- names with any character --------------------------------------------------------------------------------

PRINTABLE = [chr(code) for code in range(0x20, 0x7F)]
UNPRINTABLE = [
    *"\t\n\r\x00\x07\x1b\x7f\x85\u00a0\u00ad\u200b\u202e\u2028\ufeff\ufffe",
    *"\U0001f600\u00df\u0130\u01c5\u03c2",
    "e\u0301",
]

UNTYPABLE = [char for char in UNPRINTABLE if unusual_characters(f"a{char}b")]
CHARACTERS = PRINTABLE + [char for char in UNPRINTABLE if char not in UNTYPABLE]


@pytest.fixture
def of_names(world_of):
    return lambda **switches: world_of(**switches).play


@pytest.mark.parametrize(
    "switches", [{}, {"user_filter": "400"}, {"filter_case": "exact"}], ids=["filter", "list", "exact"]
)
def test_user_names_with_any_character_make_the_round_trip(of_names, switches):
    play = of_names(**switches)
    # Each character between others; characters with a meaning in filters, paths and JSON also alone and at the ends.
    names = ["y" + "x".join(CHARACTERS[at : at + 6]) + "y" for at in range(0, len(CHARACTERS), 6)]
    names += [f"{char}{char}a{char}" for char in "\"'\\%+&#?/*.;=@~" + "\u00df\u0130\U0001f600"]
    for name in names[:: 1 if not switches else 3]:
        made = play.run("p1_user", user_name=name, user_type="x")
        assert not made.get("failed") and made["changed"], (name, made.get("msg"))
        held = play.service.dump()["users"][made["user"]["id"]]
        assert held["userName"] == name
        again = play.ok("p1_user", user_name=name, user_type="x")
        assert again["changed"] is False and again["user"]["id"] == made["user"]["id"], name
        found = play.ok("p1_user_info", user_name=name)
        assert [user["id"] for user in found["users"]] == [made["user"]["id"]], name
        assert play.ok("p1_user", user_name=name, state="absent")["changed"]
        assert made["user"]["id"] not in play.service.dump()["users"]


@pytest.mark.parametrize("char", ["'", '"', "\\", ",", ":", "/", "&", "+", "%", "#", "?", "\u00fc", "*"])
def test_group_names_with_unusual_characters_make_the_round_trip(of_names, char):
    play = of_names()
    name = f"a{char}b"
    assert play.ok("p1_group", display_name=name)["changed"]
    assert play.ok("p1_group", display_name=name)["changed"] is False
    assert play.ok("p1_group_membership", group=name, users=["u01@example.com"])["changed"]
    assert play.members(name) == {play.service.store.user_id("u01@example.com")}
    assert play.ok("p1_group", display_name=name, state="absent")["changed"]


@pytest.mark.parametrize("char", UNTYPABLE)
def test_names_that_cannot_be_typed_again_are_addressed_and_never_created(world_of, char):
    world = world_of()
    name = f"a{char}b"
    for module, options in (("p1_user", {"user_name": name}), ("p1_group", {"display_name": name})):
        refused = world.play.fails(module, **options)
        assert "Write the name without it" in refused["msg"] and repr(char)[1:-1] in refused["msg"]
    assert world.service.writes() == []
    world.service.seed([{"userName": name}], [{"displayName": name}])
    assert world.play.ok("p1_user", user_name=name, user_type="x")["changed"]
    assert world.play.ok("p1_group_membership", group=name, users=[name])["changed"]
    assert world.play.ok("p1_group", display_name=name, state="absent")["changed"]
    assert world.play.ok("p1_user", user_name=name, state="absent")["changed"]


def test_text_that_is_not_unicode_is_refused_before_the_first_write(of_names):
    play = of_names()
    result = play.fails("p1_user", user_name="ann@example.com", title="half \ud800 of a pair")
    assert "Unicode" in result["msg"] and result["changed"] is False
    assert play.service.writes() == []


# -- sizes ---------------------------------------------------------------------------------------------------


def test_a_value_of_10000_characters(world):
    value = 'x\u00fc"\\' * 2500
    assert world.play.ok("p1_user", user_name="ann@example.com", title=value)["changed"]
    assert world.play.users()["ann@example.com"]["title"] == value
    assert world.play.ok("p1_user", user_name="ann@example.com", title=value)["changed"] is False


@pytest.mark.parametrize(
    ("number", "switches"),
    [pytest.param(5000, {}, marks=pytest.mark.matrix), (500, {"patch_max_members": 30, "patch_status": 204})],
    ids=["5000 at 100 a request", "500 at 30 a request"],
)
def test_many_members(number, switches):
    names = [f"p{each:04}@example.com" for each in range(number)]
    with DirectoryService(Settings(**switches)) as service, virtual_time(service):
        service.seed([{"userName": name} for name in names], [{"displayName": "Large"}])
        play = Playground(service)
        done = play.ok("p1_group_membership", group="Large", users=names)
        assert done["group"]["member_count"] == number and len(play.members("Large")) == number
        again = play.ok("p1_group_membership", group="Large", users=names, state="exact")
        assert again["changed"] is False and again["api"]["writes"] == 0
        left = play.ok("p1_group_membership", group="Large", users=names[:10], state="exact")
        assert len(left["removed"]) == number - 10 and len(play.members("Large")) == 10


def test_500_groups_nested_in_a_chain():
    names = [f"g{number:03}" for number in range(500)]
    with DirectoryService(Settings()) as service, virtual_time(service):
        service.seed(
            [{"userName": "deep@example.com"}],
            [{"displayName": name, "members": [names[number + 1]] if number < 499 else ["deep@example.com"]}
             for number, name in reversed(list(enumerate(names)))],
        )  # fmt: skip
        play = Playground(service)
        found = play.ok("p1_user_info", user_name="deep@example.com", effective=True)
        assert len(found["users"][0]["effective_groups"]) >= 500
        # A cycle through all of them is refused, with the path.
        circle = play.fails("p1_group_membership", group=names[-1], groups=[names[0]])
        assert "in itself" in circle["msg"]
        circle = play.fails("p1_directory", groups=[{"display_name": names[-1], "members": {"groups": [names[0]]}}])
        assert "in itself" in circle["msg"]
        read = play.ok("p1_directory_info")
        assert (
            play.ok("p1_directory", **{key: read["directory"][key] for key in ("users", "groups")})["changed"] is False
        )
