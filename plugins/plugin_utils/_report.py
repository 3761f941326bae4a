# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""What a report holds: a result of p1_directory and its journal -> one dictionary, which every format is rendered from.

The dictionary is the JSON report itself; ``report-1.schema.json`` beside this file describes it. Everything
that comes in is data of other people: texts are cleaned here once (nothing a file or a parser chokes on, no
secret), and escaped by whoever renders them.
"""

from __future__ import annotations

import datetime
import json
import math
import re
from collections import defaultdict

VERSION = 1

KINDS = ("user", "group", "membership")

# In the order of reports. The first four are findings: the directory is not as it was declared.
CLASSES = ("missing", "extra", "different", "unresolved", "protected", "unmanaged")
FINDINGS = ("missing", "extra", "different", "unresolved")

STATES = ("failed", "interrupted", "done", "planned", "none")  # the worst first

OPERATIONS = ("create", "update", "rename", "enable", "disable", "delete", "add", "remove")

# The worst that can happen first. The first three take something away; they are the last to be cut from a list.
DANGERS = ("delete", "disable", "remove", "rename")
TAKING = DANGERS[:3]

# What an operation says of the object it is planned for, where no drift row tells.
_CLASS_OF = {
    "create": "missing",
    "add": "missing",
    "delete": "extra",
    "remove": "extra",
}

HIDDEN = "********"  # as in plan rows

_SECRET = re.compile(r"(?:^|[._-])(?:password|passwd|secret|token|api_?key|client_secret|credential)s?$", re.IGNORECASE)

# What JSON, XML or a file in UTF-8 cannot hold, or what makes a terminal do something: controls and lone surrogates.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class ReportError(ValueError):
    """Something that is no report, no journal, no rule: one readable line."""


def clean(text):
    """Text without what no format can hold; each such character becomes U+FFFD, so that it shows."""
    return (
        _UNFIT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
        if _UNFIT.search(text) or "\r" in text
        else text
    )


def plain(value, name=""):
    """A value as JSON knows it, texts cleaned, secrets hidden by the name they stand under."""
    if isinstance(value, str):
        value = clean(value)
        return HIDDEN if value and _SECRET.search(name) else value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return HIDDEN if _SECRET.search(name) else int(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {clean(str(key)): plain(inner, f"{name}.{key}") for key, inner in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(inner, name) for inner in value]
    return clean(str(value))


def shown(value, none=""):
    """A value for people: texts as they are, lists item after item, dictionaries as ``name: value`` or ``value (type)``."""
    if value is None or value in ("", [], {}):
        return none
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        if isinstance(value.get("value"), str):
            # An item of a list of e-mail addresses and the like: the value, and what goes with it.
            rest = [name if inner is True else shown(inner) for name, inner in value.items() if name != "value"]
            told = ", ".join(item for item in rest if item not in ("", "false"))
            return f"{value['value']} ({told})" if told else value["value"]
        return ", ".join(f"{name}: {shown(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return "; ".join(shown(inner) for inner in value)
    return str(value)


def now_text():
    """This moment, as reports write it."""
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


# -- the journal ---------------------------------------------------------------------------------------


def read_journal(journal):
    """The last run in a journal: (header, rows of the plan, rows of drift).

    Tolerant: a line that is cut short (the run was killed while it wrote) is left out, and a state or a key
    that is not known is passed over. A row of the plan has ``state`` and, where it failed, ``reason`` and ``status``.

    :param journal: its text, or its lines, as text or as dictionaries already.
    :raises ReportError: nothing in it is a journal.
    """
    lines = journal.splitlines() if isinstance(journal, str) else list(journal)
    header, plan, drift = None, [], []
    numbers, keys = {}, defaultdict(list)
    for line in lines:
        if isinstance(line, str):
            try:
                line = json.loads(line) if line.strip() else None
            except ValueError:
                continue
        if not isinstance(line, dict):
            continue
        if "journal" in line:
            header, plan, drift = line, [], []
            numbers, keys = {}, defaultdict(list)
            continue
        state = line.get("state")
        if state == "drift":
            drift.append(line)
        elif state == "planned":
            row = {**line, "state": "planned"}
            plan.append(row)
            if line.get("row") is not None:
                numbers[line["row"]] = row
            keys[_row_key(line)].append(row)
        elif state in ("started", "done", "failed"):
            row = numbers.get(line.get("row")) if line.get("row") is not None else None
            if row is None:
                row = next((item for item in keys[_row_key(line)] if item["state"] in ("planned", "started")), None)
            if row is None:
                # Not planned as such: what a step turned into on its way.
                row = {**line, "state": "planned"}
                plan.append(row)
            row["state"] = state
            for name in ("id", "reason", "status"):
                if line.get(name) is not None:
                    row[name] = line[name]
    if header is None:
        raise ReportError("this is not a journal of p1_directory: no line begins one")
    return header, plan, drift


def _row_key(row):
    member = row.get("member") or {}
    return (
        row.get("operation"),
        row.get("kind"),
        row.get("key"),
        member.get("kind"),
        member.get("name") or member.get("id"),
    )


# -- the report ----------------------------------------------------------------------------------------


def build_report(
    result=None,
    journal=None,
    *,
    title=None,
    source=None,
    directory=None,
    context=None,
    assertions=None,
    check_mode=None,
    generated=None,
    refusals=None,
    unresolved_refused=False,
):
    """The report of one run.

    :param result: what p1_directory returned; None for a report of assertions alone.
    :param journal: the journal of the same run, see :func:`read_journal`; without it the report holds no more
        rows than the result, and says so where rows were cut.
    :param title, source, directory: what stands at the top; the journal's header knows the last two.
    :param context: a dictionary of texts: job id, who launched it, commit.
    :param assertions: what ``_assertions.evaluate`` returns.
    :param check_mode: whether nothing was written; the journal's header knows it, too.
    :param generated: when, as text; None: now.
    :param refusals: problems for which p1_directory would refuse this plan, as it words them.
    :param unresolved_refused: whether it would also be refused for what cannot be resolved.
    :raises ReportError: something is not what it should be.
    """
    result = {} if result is None else result
    for name, value in (("the result", result), ("context", context or {})):
        if not isinstance(value, dict):
            raise ReportError(f"{name} must be a dictionary")
    header, plan, drift = read_journal(journal) if journal else ({}, [], [])
    if journal and result.get("plan_sha256") not in (None, header.get("plan_sha256")):
        # The file of an earlier run: this one was refused before it wrote any.
        header, journal = {}, None
    complete = bool(journal) or not result.get("truncated")
    if not journal:
        # A plan that was refused has problems, and nothing of it was done.
        written = check_mode is False and not result.get("problems")
        plan = [{"state": "done" if written else "planned", **row} for row in result.get("plan") or []]
        drift = [
            {"class": drift_class, **row}
            for drift_class, rows in (result.get("drift") or {}).items()
            if isinstance(rows, list)
            for row in rows
        ]
        _note_failures(plan, result.get("failed_items") or [])
    if header.get("check_mode") is not None:
        check_mode = bool(header["check_mode"])
    rows = _merged(plain(plan), plain(drift))
    report = {
        "report": VERSION,
        "title": clean(str(title)) if title else "PingOne directory report",
        "summary": "",
        "generated": clean(str(generated)) if generated else now_text(),
        "run": _text(header.get("time")),
        "directory": _text(directory) or _text(header.get("directory")),
        "source": _text(source) or _text(header.get("source")),
        "check_mode": check_mode,
        "plan_sha256": _text(result.get("plan_sha256")) or _text(header.get("plan_sha256")),
        "requests": _numbers(result.get("api"), ("reads", "writes", "retries", "throttled_seconds")),
        "predicted": _numbers(result.get("predicted") or header.get("predicted"), ("reads", "writes")),
        "context": {name: shown(value) for name, value in plain(context or {}).items()},
        "complete": complete,
        "failure": _text(result.get("msg")) if result.get("failed") else None,
        "refusals": [_refusal(text) for text in plain(refusals or [])],
        "totals": {},
        "rows": rows,
        "assertions": plain(assertions or []),
    }
    report["totals"] = _totals(rows, report["assertions"], result.get("counts"))
    report["summary"] = _summary(report)
    unresolved = sum(row["class"] == "unresolved" for row in rows)
    if unresolved and unresolved_refused:
        report["refusals"].append(
            f"on_unknown_member is fail, and {unresolved} {'row is' if unresolved == 1 else 'rows are'} unresolved"
        )
    return report


def _refusal(text):
    """A problem without the names of those concerned: it goes where no names may be."""
    found = re.match(r"limits\.\w+ allows \S+, and the plan \w+ \d+", shown(text))
    return found[0] if found else shown(text)


def _text(value):
    return clean(str(value)) if value not in (None, "") else None


def _numbers(values, names):
    if not isinstance(values, dict):
        return None
    return {name: values[name] for name in names if isinstance(values.get(name), (int, float))} or None


def _note_failures(plan, failed_items):
    """Say of planned rows that they failed, from the result's ``failed_items``."""
    by_key = defaultdict(list)
    for row in plan:
        by_key[row.get("kind"), row.get("key"), row.get("operation")].append(row)
    for item in failed_items:
        rows = by_key.get((item.get("kind"), item.get("key"), item.get("operation")))
        member = item.get("member") or {}
        found = [
            row
            for row in rows or ()
            if not member
            or (row.get("member") or {}).get("name") == member.get("name")
            or (row.get("member") or {}).get("id") == member.get("id")
        ]
        if not found:
            found = [
                {name: item.get(name) for name in ("kind", "key", "operation", "member") if item.get(name) is not None}
            ]
            plan += found
        for row in found:
            row.update(state="failed", reason=item.get("reason"), status=item.get("status"))


def _identity(row):
    member = row.get("member") or {}
    return row.get("kind"), row.get("key"), member.get("kind"), member.get("name") or member.get("id")


def _merged(plan, drift):
    """Rows of reports: one an object, from the rows of a plan (one an operation) and of drift (one an object)."""
    rows = []
    known = defaultdict(list)
    unclaimed = defaultdict(list)
    for row in plan:
        # The id tells apart what has one name; what was only just created has none in some of its rows.
        identity, object_id = _identity(row), row.get("id")
        target = next(
            (item for item in known[identity] if None in (item["id"], object_id) or item["id"] == object_id), None
        )
        if target is None:
            target = _blank(row)
            rows.append(target)
            known[identity].append(target)
            unclaimed[identity].append(target)
        target["id"] = target["id"] or _text(object_id)
        _add_operation(target, row)
    for told in drift:
        drift_class = told.get("class") if told.get("class") in CLASSES else "unresolved"
        waiting = unclaimed.get(_identity(told))
        if waiting:
            row = waiting.pop(0)
        else:
            row = _blank(told)
            rows.append(row)
        row["class"] = drift_class
        if told.get("reason") and not row["reason"]:
            row["reason"] = told["reason"]
    for row in rows:
        row["class"] = row["class"] or next(
            (_CLASS_OF[name] for name in row["operations"] if name in _CLASS_OF), "different"
        )
        row["operations"].sort(key=OPERATIONS.index)
    rows.sort(
        key=lambda row: (
            CLASSES.index(row["class"]),
            KINDS.index(row["kind"]),
            row["key"].casefold(),
            (row["member"] or {}).get("kind") or "",
            ((row["member"] or {}).get("name") or "").casefold(),
            row["id"] or "",
        )
    )
    return rows


def _blank(row):
    kind = row.get("kind") if row.get("kind") in KINDS else "user"
    member = row.get("member")
    return {
        "kind": kind,
        "class": None,
        "key": shown(row.get("key")),
        "id": _text(row.get("id")),
        "member": {name: _text(member.get(name)) for name in ("id", "kind", "name")}
        if isinstance(member, dict)
        else None,
        "operations": [],
        "state": "none",
        "status": None,
        "reason": None,
        "attributes": [],
    }


def _add_operation(target, row):
    if row.get("operation") in OPERATIONS and row["operation"] not in target["operations"]:
        target["operations"].append(row["operation"])
    state = "interrupted" if row.get("state") == "started" else row.get("state")
    if state in STATES and STATES.index(state) < STATES.index(target["state"]):
        target["state"] = state
    if isinstance(row.get("status"), int):
        target["status"] = row["status"]
    target["reason"] = _text(row.get("reason")) or target["reason"]
    for name, change in (row.get("changes") or {}).items():
        change = change if isinstance(change, dict) else {}
        target["attributes"].append(
            {"name": name, "found": plain(change.get("before"), name), "wished": plain(change.get("after"), name)}
        )


def _totals(rows, assertions, counts):
    drift = {drift_class: dict.fromkeys(KINDS, 0) for drift_class in CLASSES}
    findings = failed = 0
    for row in rows:
        drift[row["class"]][row["kind"]] += 1
        findings += is_finding(row)
        failed += row["state"] in ("failed", "interrupted")
    violated = sum(item["status"] != "passed" for item in assertions)
    return {
        "rows": len(rows),
        "findings": findings,
        "failed": failed,
        "drift": drift,
        "operations": plain(counts) if isinstance(counts, dict) else None,
        "assertions": {"passed": len(assertions) - violated, "violated": violated},
    }


def is_finding(row):
    """Whether a row says that the directory is not as declared: nothing that was set right, kept or protected."""
    return row["class"] in FINDINGS and row["state"] != "done"


def danger(row):
    """How early a row has to be read by whoever approves it: 0 for a delete; anything harmless is last."""
    return min((DANGERS.index(name) for name in row["operations"] if name in DANGERS), default=len(DANGERS))


def operations(report):
    """One line of what is planned, or was done, by operation; '' for nothing."""
    told = []
    for state in ("planned", "done", "failed", "interrupted"):
        rows = [row for row in report["rows"] if row["state"] == state]
        numbers = {name: sum(name in row["operations"] for row in rows) for name in OPERATIONS}
        if any(numbers.values()):
            told.append(f"{state}: " + ", ".join(f"{number} {name}" for name, number in numbers.items() if number))
    return "; ".join(told)


def _summary(report):
    """One line: how the directory differs from what was declared. Begins with Drift when it does."""
    rows, totals = report["rows"], report["totals"]
    if report["failure"] and not totals["failed"]:
        return "Failed: " + " ".join(report["failure"].split())
    found = {
        drift_class: sum(is_finding(row) for row in rows if row["class"] == drift_class) for drift_class in FINDINGS
    }
    done = sum(row["state"] == "done" for row in rows)
    made = f"{done} {'object was' if done == 1 else 'objects were'} changed" if done else ""
    if totals["findings"]:
        told = ", ".join(f"{number} {drift_class}" for drift_class, number in found.items() if number)
        by_kind = ", ".join(
            f"{number} {kind if number == 1 else kind + 's'}"
            for kind in KINDS
            for number in (sum(is_finding(row) and row["kind"] == kind for row in rows),)
            if number
        )
        failed = f"; {totals['failed']} could not be changed" if totals["failed"] else ""
        return f"Drift: {told} ({by_kind}){failed}{'; ' + made if made else ''}"
    if not rows and report["plan_sha256"] is None and report["assertions"]:
        violated = totals["assertions"]["violated"]
        return (
            f"{violated} of {len(report['assertions'])} assertions are violated" if violated else "All assertions hold"
        )
    return f"No drift: the directory is as declared{'; ' + made if made else ''}"
