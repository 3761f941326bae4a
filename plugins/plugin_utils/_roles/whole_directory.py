# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Decide what the roles directory_audit, directory_apply and directory_export do: refusals, options, paths, failures. Pure.

Each variable sets the p1_directory option of the same name. Each host gets its own folder in a path, so that the
directories of one play never write to the same file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ...module_utils._core.names import counted
from .._values import plain, shown
from .answers import Answers, Refusal

REPORT_FILES = {
    "access": "access.csv",
    "csv": "report.csv",
    "html": "report.html",
    "json": "report.json",
    "junit": "junit.xml",
    "markdown": "report.md",
}
DEFAULT_FORMATS = ("html", "json")
TITLES = {"audit": "Directory audit", "apply": "Directory apply"}
MAX_VIOLATIONS = 5  # listed in a failure message

# The options of p1_directory by the type of the survey answer. If a variable is empty, the option is omitted.
_TEXTS = (
    "src",
    "match_users_by",
    "unlisted_users",
    "unlisted_groups",
    "membership",
    "multi_valued",
    "on_empty",
    "on_unknown_member",
    "default_group",
    "update_password",
    "on_ignored_attribute",
    "on_error",
    "concurrency",
    "approved_plan",
)
_LISTS = ("protected_users", "protected_groups")
_DICTIONARIES = ("columns", "limits")
_TRUTHS = ("allow_empty", "require_approval")


@dataclass(frozen=True)
class Host:
    """The inventory host of a directory.

    :ivar number: the number of hosts in the play.
    """

    name: str
    number: int = 1

    def folder(self, path: str) -> str:
        """Return ``path`` with the host name appended, unless the path contains it or the host is localhost."""
        path = path.rstrip("/") or path[:1]
        return path if not path or self.name == "localhost" or self.name in path.split("/") else f"{path.rstrip('/')}/{self.name}"

    def require_own_file(self, option: str, path: str, advice: str) -> None:
        """Refuse to write the data of several directories to one file.

        :raises Refusal: the play has several hosts, and the path does not contain the name of this host.
        """
        if path and self.number > 1 and not re.search(rf"(?<![\w-]){re.escape(self.name)}(?![\w-])", path):
            raise Refusal(f"{option}: {path} would be one file for {self.number} directories; nothing was done. {advice}")


def _truth(answers: Answers, name: str) -> bool:
    """Return a boolean value.

    :raises Refusal: the value is not a boolean. It must not count as false, which would make the role less strict than the
        user expects.
    """
    value = answers.values.get(name)
    if value is None or value == "":
        return False
    try:
        return bool(boolean(value))
    except TypeError as error:
        raise Refusal(f"{answers.prefix}{name}: must be true or false, not {str(value)!r}") from error


def _scope(answers: Answers) -> dict[str, Any]:
    """Return the scope, including empty values.

    The module refuses a scope without patterns. If this function dropped it, the scope would be the whole directory.

    :raises Refusal: the value is not a dictionary.
    """
    return answers.dictionary("scope", keep_empty=True)


def _options(answers: Answers) -> dict[str, Any]:
    """Return the options of p1_directory that the variables set.

    :raises Refusal: a variable is invalid.
    """
    given: dict[str, Any] = {name: answers.text(name) for name in _TEXTS}
    given |= {name: answers.names(name) for name in _LISTS}
    given |= {name: answers.dictionary(name) for name in _DICTIONARIES}
    given |= {name: _truth(answers, name) for name in _TRUTHS}
    given["scope"] = _scope(answers)
    given["list_separator"] = answers.values.get("list_separator")  # a blank is a valid separator
    return {name: value for name, value in given.items() if value}


def _require_declared(answers: Answers, src: str) -> bool:
    """Return whether the variables contain a desired state.

    :raises Refusal: they contain it twice, or contain neither a desired state nor assertions.
    """
    prefix, lists = answers.prefix, bool(answers.values.get("lists"))
    if src and lists:
        raise Refusal(f"The desired state is given twice. Set either {prefix}src, or {prefix}users and {prefix}groups, not both")
    if not src and not lists and not answers.values.get("assertions"):
        also = f", or {prefix}assertions" if "assertions" in answers.values else ""
        raise Refusal(f"Nothing is declared. Set {prefix}src, or {prefix}users and {prefix}groups{also}")
    return bool(src or lists)


def _formats(answers: Answers) -> list[str]:
    """Return the formats of the reports.

    :raises Refusal: a format does not exist.
    """
    formats = answers.names("formats") or list(DEFAULT_FORMATS)
    unknown = [name for name in formats if name not in REPORT_FILES]
    if unknown:
        advice = ". Write one format per line, or a list" if any(", " in name or "," in name for name in unknown) else ""
        raise Refusal(
            f"{answers.prefix}formats: unknown format {'; '.join(map(repr, unknown))}. Valid formats: {', '.join(REPORT_FILES)}{advice}"
        )
    return formats


def run_request(role: str, values: Mapping[str, Any], host: Host) -> dict[str, Any]:
    """Decide what directory_audit or directory_apply does.

    :param role: ``audit`` or ``apply``.
    :param values: the variables of the role, without their prefix. Two keys are added: ``lists`` states whether the users
        or groups variable is set, and ``job`` is the default context of the report.
    :returns: only ``refusal`` if the role refuses to run, otherwise the keys that the filter documents.
    """
    answers = Answers(f"directory_{role}_", values)
    try:
        options = _options(answers)
        declared = _require_declared(answers, options.get("src", ""))
        formats, journal = _formats(answers), answers.text("journal")
        host.require_own_file(f"{answers.prefix}journal", journal, "Put inventory_hostname into the path")
        report_dir, backup_dir = host.folder(answers.text("report_dir")), host.folder(answers.text("backup_dir"))
        return {
            "refusal": "",
            "declared": declared,
            "options": options,
            "formats": formats if report_dir else [],
            "paths": {name: f"{report_dir.rstrip('/')}/{REPORT_FILES[name]}" for name in formats} if report_dir else {},
            "report_dir": report_dir,
            "backup_dir": backup_dir,
            "folders": [
                {"path": path, "mode": mode} for path, mode in ((report_dir, "0750"), (backup_dir, "0700")) if path
            ],
            "journal": journal,
            "title": answers.text("title", TITLES[role]),
            "context": answers.dictionary("context") or answers.dictionary("job"),
            "strict": _truth(answers, "strict"),
            "fail_on_drift": _truth(answers, "fail_on_drift"),
            "fail_on_refusal": _truth(answers, "fail_on_refusal"),
            # An audit omits unknown members; without the variable it reports that an apply would refuse them.
            "unresolved_refused": role == "audit" and "on_unknown_member" not in options,
        }
    except Refusal as refusal:
        return {"refusal": str(refusal)}


def export_request(values: Mapping[str, Any], host: Host, is_folder: bool) -> dict[str, Any]:
    """Decide what directory_export does.

    :param is_folder: whether the path is an existing folder.
    :returns: only ``refusal`` if the role refuses to run. Otherwise, ``refusal`` is empty, and ``dest`` and ``options``
        are set.
    """
    answers = Answers("directory_export_", values)
    try:
        path = answers.text("path")
        if not path:
            raise Refusal("directory_export_path is missing. Set it to a file, or to a folder with / at its end")
        if is_folder or path.endswith("/"):
            path = f"{host.folder(path).rstrip('/')}/"
        else:
            host.require_own_file("directory_export_path", path, "End it in /, or put inventory_hostname into it")
        given: dict[str, Any] = {name: answers.text(name) for name in ("format", "membership")}
        given |= {"scope": _scope(answers), "with_ids": _truth(answers, "with_ids")}
        return {"refusal": "", "dest": path, "options": {name: value for name, value in given.items() if value}}
    except Refusal as refusal:
        return {"refusal": str(refusal)}


def run_outcome(request: Mapping[str, Any], report: Mapping[str, Any], result: Mapping[str, Any], unwritten: str) -> dict[str, Any]:
    """Return the outcome of a role: ``artifact``, and ``failure``, the message that the role fails with or empty text.

    :param request: the result of :func:`run_request`.
    :param report: the report of the run.
    :param result: the result of p1_directory; empty if only assertions were checked.
    :param unwritten: the reason why the reports could not be written; empty if they were written.
    """
    paths = [] if unwritten else list(request["paths"].values())
    artifact = {
        "plan_sha256": report["plan_sha256"],
        "drift": report["totals"]["drift"],
        "counts": result.get("counts") or {},
        "refusals": _nameless_refusals(report, result),
        "reports": paths,
        "backup": result.get("backup_file"),
    }
    return {"artifact": artifact, "failure": _failure(request, report, paths, unwritten)}


def _nameless_refusals(report: Mapping[str, Any], result: Mapping[str, Any]) -> list[str]:
    """Return why an apply would be refused, without names of people. Problems that contain names are only counted."""
    named = {shown(plain(problem)) for problem in result.get("problems") or []}
    nameless = [refusal for refusal in report["refusals"] if refusal not in named]
    left_out = len(report["refusals"]) - len(nameless)
    return [*nameless, *([f"{counted(left_out, 'problem')} that the report lists"] if left_out else [])]


def _failure(request: Mapping[str, Any], report: Mapping[str, Any], paths: Sequence[str], unwritten: str) -> str:
    if unwritten:
        kept = f"; the journal {request['journal']} has all rows" if request["journal"] else ""
        return (
            f"The reports could not be written to {request['report_dir']}, but the run is complete: {report['summary']}{kept}. "
            f"What failed: {unwritten}"
        )
    refusals = "; ".join(report["refusals"])
    # Without a comparison, the report must not suggest that the directory is as declared.
    if refusals and request["declared"] and report["plan_sha256"] is None:
        return f"The desired state has problems: {refusals}"
    if refusals and request["fail_on_refusal"]:
        return f"An apply would be refused: {refusals}"
    violated = [item for item in report["assertions"] if item["status"] != "passed"]
    if not request["fail_on_drift"] or not (report["totals"]["findings"] or violated):
        return ""
    texts = [entry["text"] for item in violated for entry in (*item["violations"], *item["not_determined"])]
    more = [f"and {len(texts) - MAX_VIOLATIONS} more violations"] if len(texts) > MAX_VIOLATIONS else []
    summary = report["summary"] if report["totals"]["findings"] else f"Drift: {len(violated)} of {len(report['assertions'])} assertions violated"
    seen = [f"see {', '.join(paths)}"] if paths else []
    return "; ".join([summary, *texts[:MAX_VIOLATIONS], *more, *seen])
