# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What does not work on which service, and how the task fails: the table behind the matrix.

If no rule matches, a step of the scenario must succeed with any switches. The guide on assumptions
(docs/docsite/rst/guide_assumptions.rst) shows the same table to users.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matrix_world import enabled


@dataclass(frozen=True)
class Rule:
    """A kind of service on which some steps end in a clear failure.

    :ivar name: name in steps and in the guide.
    :ivar when: whether a service is of that kind.
    :ivar concerns: tag of the steps that fail.
    :ivar words: regular expression that the message matches.
    :ivar in_check_mode: whether the step also fails in check mode.
    """

    name: str
    when: Callable[[Any], bool]
    concerns: str
    words: str
    in_check_mode: bool = False


def cannot_page(settings: Any, population: int = 25) -> bool:
    """Return whether no list request can return all users."""
    page = min(settings.max_page_size, settings.short_page or settings.max_page_size)
    return settings.start_index == "ignored" and page < population


RULES = (
    Rule(
        "Lists may be incomplete",
        lambda settings: settings.start_index == "ignored",
        "removes after a complete read",
        "not proven complete|is incomplete|may be incomplete",
        in_check_mode=True,
    ),
    Rule(
        "An email address is required",
        lambda settings: settings.require_email == "yes",
        "create without email",
        "HTTP 400",
    ),
    Rule(
        "An attribute is required",
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
        "Unknown keys are dropped",
        lambda settings: settings.unknown_keys == "dropped",
        "sets an unknown key",
        "did not store attributes",
    ),
    Rule(
        "Attributes cannot be cleared",
        lambda settings: settings.put_omitted == "kept" and settings.put_empty == "kept",
        "clears",
        "did not store user_type",
    ),
    Rule(
        "A PUT cannot change active",
        lambda settings: settings.put_active == "ignored",
        "changes active",
        "did not store active",
    ),
    Rule(
        "Neither POST nor PUT can change active",
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
        in_check_mode=True,
    ),
)

# If a service shows only a part of its lists, a name that is not found may still be in use. A task then fails with one of
# these messages, or it warns, or it is right.
PART_OF_A_LIST = (
    r"incomplete|could not be read completely|HTTP 4\d\d|does not exist|unknown|is missing|outside|there is no"
)


def rule_for(settings: Any, tags: tuple[str, ...]) -> Rule | None:
    """Return the rule by which a step with these tags must fail. None: it must succeed."""
    return next((rule for rule in RULES if rule.concerns in tags and rule.when(settings)), None)


def contradicts_itself(settings: dict[str, Any]) -> bool:
    """Return whether no service can have these settings: it would refuse photos that it shows, against [doc] Updating."""
    return (
        settings.get("valueless_photo") == "yes"
        and settings.get("enabled_attributes", "all") != "all"
        and settings.get("disabled_attribute") == "400"
    )


# The only combination in which a write has a side effect that no answer shows: an update makes the inherited groups of the
# user direct ones. The access of users does not change.
DIRECT_BY_PUT = {"put_groups": "applied", "user_groups": "nested"}
