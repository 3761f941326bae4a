# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which promise cannot be kept on which service, and how the user is told: the table behind the matrix.

Wherever no rule fits, a step of the scenario has to succeed, whatever the switches say. The guide on
assumptions (docs/docsite/rst/guide_assumptions.rst) shows the same table to users.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matrix_world import enabled


@dataclass(frozen=True)
class Rule:
    """A service on which steps of a kind end in a clear failure.

    :ivar name: how steps and the guide name it.
    :ivar when: whether a service is of that kind.
    :ivar concerns: tag of the steps it concerns.
    :ivar words: what the message has to say (a regular expression).
    :ivar foreseen: whether check mode can tell already.
    """

    name: str
    when: Callable[[Any], bool]
    concerns: str
    words: str
    foreseen: bool = False


def cannot_page(settings: Any, population: int = 25) -> bool:
    """Whether no list request can ever show more than a part of the users."""
    page = min(settings.max_page_size, settings.short_page or settings.max_page_size)
    return settings.start_index == "ignored" and page < population


RULES = (
    Rule(
        "Lists cannot be proven complete",
        lambda settings: settings.start_index == "ignored",
        "takes away after reading everything",
        "not proven complete|is incomplete|may be incomplete",
        foreseen=True,
    ),
    Rule(
        "An e-mail address is demanded",
        lambda settings: settings.require_email == "yes",
        "create without e-mail",
        "HTTP 400",
    ),
    Rule(
        "An attribute is demanded",
        lambda settings: bool(settings.required_list),
        "create without family name",
        "HTTP 400",
    ),
    Rule(
        "An attribute that is not enabled is refused",
        lambda settings: settings.disabled_attribute == "400" and not enabled(settings, "nickName"),
        "sets nick_name",
        "HTTP 400",
    ),
    Rule(
        "An attribute that is not enabled is dropped",
        lambda settings: settings.disabled_attribute == "dropped" and not enabled(settings, "nickName"),
        "sets nick_name",
        "did not store .*nick_name.*enabled",
    ),
    Rule(
        "Keys the service does not know are dropped",
        lambda settings: settings.unknown_keys == "dropped",
        "sets an unknown key",
        "did not store attributes",
    ),
    Rule(
        "Nothing clears an attribute",
        lambda settings: settings.put_omitted == "kept" and settings.put_empty == "kept",
        "clears",
        "did not store user_type",
    ),
    Rule(
        "No PUT changes active",
        lambda settings: settings.put_active == "ignored",
        "changes active",
        "did not store active",
    ),
    Rule(
        "Neither POST nor PUT changes active",
        lambda settings: settings.put_active == "ignored" and settings.post_active == "ignored",
        "creates disabled",
        "did not store active",
    ),
    Rule(
        "The password is too short for the policy",
        lambda settings: settings.password_min_length > 8,
        "sets a short password",
        "HTTP 400",
    ),
    Rule(
        "Former passwords are blocked",
        lambda settings: settings.block_prior_passwords == "yes",
        "sets the same password",
        "HTTP 400",
    ),
    Rule(
        "Filters on users are refused",
        lambda settings: settings.user_filter == "400",
        "passes a filter on",
        "filter",
        foreseen=True,
    ),
)

# Where a service shows a part of its lists alone, whatever is asked, a name that is not found may still be in
# use: a task is then refused in one of these words, or it warns, or it is right all the same.
PART_OF_A_LIST = (
    r"incomplete|could not be read completely|not certain|HTTP 4\d\d|does not exist|unknown|nobody has|is missing|outside|there is no"
)


def rule_for(settings: Any, tags: tuple[str, ...]) -> Rule | None:
    """The rule that tells how a step with these tags has to fail; None: it has to succeed."""
    return next((rule for rule in RULES if rule.concerns in tags and rule.when(settings)), None)


def contradicts_itself(settings: dict[str, Any]) -> bool:
    """Whether no service can be so: it would show photos that it refuses to be sent back, against [doc] Updating."""
    return (
        settings.get("valueless_photo") == "yes"
        and settings.get("enabled_attributes", "all") != "all"
        and settings.get("disabled_attribute") == "400"
    )


# The one combination under which a write has a side effect that no answer shows: a user's inherited groups
# become direct ones when the user is updated (nobody gains or loses access by it).
DIRECT_BY_PUT = {"put_groups": "applied", "user_groups": "nested"}
