# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Strategies for property tests: desired states and representations, generated from the attribute tables.

A row that is added to a table is included automatically.
"""

from __future__ import annotations

import json

from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._scim.attributes import CORE_URN, ENTERPRISE_URN, PINGONE_URN, Complex, Flag
from ansible_collections.pingone.directory.plugins.module_utils._scim.multi_valued import MultiValued
from ansible_collections.pingone.directory.plugins.module_utils._scim.raw import Raw
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import USER
from soak.depth import bounded

PROPERTY = bounded(30)

# A few texts, so that desired states and representations overlap; and any text, to cover all input.
TEXTS = st.sampled_from(["a", "A", "b", "ß", "SS", "é", "a b", '"\\', "0"]) | st.text(min_size=1, max_size=6)
TYPES = st.sampled_from(["work", "Work", "home", "other"])
SCALARS = TEXTS | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
RAW_NAMES = st.sampled_from(["x509Certificates", "photos", "urn:example:badge:1.0", "roles", "shoeSize"])


def desired_state_for(attribute, empty=True):
    """Generate values as a playbook may give them for one row."""
    if isinstance(attribute, Raw):
        values = st.dictionaries(RAW_NAMES, JSON if empty else SCALARS, min_size=0 if empty else 1, max_size=3)
    elif isinstance(attribute, MultiValued):
        items = st.lists(_item_for(attribute), min_size=0 if empty else 1, max_size=4, unique_by=_identity)
        values = items.map(_one_primary)
    elif isinstance(attribute, Complex):
        parts = st.fixed_dictionaries(
            {}, optional={name: desired_state_for(part, empty) for name, part in attribute.parts.items()}
        )
        values = parts if empty else parts.filter(bool)
    elif isinstance(attribute, Flag):
        values = st.booleans()
    else:
        values = st.just("") | TEXTS if empty else TEXTS
    return values


def _item_for(attribute):
    optional = {}
    for name, part in attribute.parts.items():
        if name == "type":
            optional[name] = TYPES
        elif name != "value":
            optional[name] = desired_state_for(part, empty=False)
    required = {"value": TEXTS} if "value" in attribute.parts else {"locality": TEXTS}
    return st.fixed_dictionaries(required, optional={name: optional[name] for name in optional if name not in required})


def _identity(item):
    return item.get("value") or item.get("locality"), item.get("type", "").casefold()


def _one_primary(items):
    found = False
    for item in items:
        if item.get("primary"):
            if found:
                item["primary"] = False
            found = True
    return items


def desired_states(resource=USER, empty=True, required=()):
    """Generate cleaned desired states for a kind of object with any subset of its attributes."""
    options = {name: desired_state_for(attribute, empty) for name, attribute in resource.attributes.items()}
    options[resource.key.option] = TEXTS
    return st.fixed_dictionaries(
        {name: options.pop(name) for name in (resource.key.option, *required)}, optional=options
    ).map(lambda given: cleaned(resource, given))


def cleaned(resource, given):
    """Clean a valid desired state."""
    problems = []
    desired = resource.clean(given, "", problems)
    assert not problems, problems
    return desired


@st.composite
def representations(draw, resource=USER):
    """Generate representations as the service might return them, with managed and unmanaged attributes."""
    found = resource.new(draw(desired_states(resource, empty=False)))
    found.pop("password", None)
    extras = st.dictionaries(st.sampled_from(["x-1", "x-2", "display"]), JSON, max_size=2)
    for key in list(found):
        value = found[key]
        if isinstance(value, dict):
            value.update({"x-" + name: extra for name, extra in draw(extras).items()})
        elif isinstance(value, list) and key != "schemas":
            for item in value:
                if isinstance(item, dict):
                    item.update({"x-" + name: extra for name, extra in draw(extras).items()})
    found["x-top"] = draw(JSON)
    found["id"] = "id-1"
    found["meta"] = {"created": "2017-07-13T20:40:00.000-06:00", "location": "https://example.org/v1/user/id-1"}
    found["groups"] = [{"display": "Users", "value": "id-2"}]
    found.setdefault(PINGONE_URN, {}).update({"state": "ACTIVE", "accountId": "id-3", "lastLoginTime": 1500000001000})
    found["schemas"] = draw(st.permutations([CORE_URN, PINGONE_URN, "urn:scim:schemas:internal:1.0", ENTERPRISE_URN]))
    return json.loads(json.dumps(found))


def canonical(value):
    """Return a value independent of the order of its lists."""
    if isinstance(value, dict):
        return {name: canonical(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return sorted((canonical(inner) for inner in value), key=_sort_key)
    if isinstance(value, tuple):
        return tuple(canonical(inner) for inner in value)
    return value


def _sort_key(value):
    return json.dumps(value, sort_keys=True)


def shuffled(draw, value):
    """Return the value with every list in another order."""
    if isinstance(value, dict):
        return {name: shuffled(draw, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return draw(st.permutations([shuffled(draw, inner) for inner in value]))
    return value
