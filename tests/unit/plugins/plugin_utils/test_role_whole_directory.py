# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the decisions of the roles directory_audit, directory_apply and directory_export."""

from __future__ import annotations

import pytest

from ansible_collections.pingone.directory.plugins.plugin_utils._report.build import build_report
from ansible_collections.pingone.directory.plugins.plugin_utils._roles.whole_directory import (
    Host,
    export_request,
    run_outcome,
    run_request,
)

LOCALHOST = Host("localhost")
TWO = Host("eu", 2)


@pytest.mark.parametrize(
    ("role", "values", "host", "message"),
    [
        ("audit", {"assertions": False}, LOCALHOST, "Nothing is declared. Set directory_audit_src, or "),
        ("apply", {"src": " "}, LOCALHOST, "Nothing is declared. Set directory_apply_src, or "),
        ("apply", {"src": "x", "lists": True}, LOCALHOST, "The desired state is given twice."),
        ("audit", {"src": "x", "formats": "pdf"}, LOCALHOST, "directory_audit_formats: unknown format 'pdf'. Valid formats: access, csv, html, "),
        ("audit", {"src": "x", "formats": "html,json"}, LOCALHOST, "directory_audit_formats: unknown format 'html,json'."),
        ("audit", {"src": "x", "strict": "ja"}, LOCALHOST, "directory_audit_strict: must be true or false, not 'ja'"),
        ("apply", {"src": "x", "limits": "many"}, LOCALHOST, "directory_apply_limits: the value must be a dictionary"),
        ("apply", {"src": "x", "journal": "/j"}, TWO, "directory_apply_journal: /j would be one file for 2 directories; nothing was done. "),
    ],
)  # fmt: skip
def test_invalid_variables_are_refused(role, values, host, message):
    request = run_request(role, values, host)
    assert request["refusal"].startswith(message) and list(request) == ["refusal"]


def test_only_given_options_are_passed_on():
    given = {
        "src": " d.yml ", "unlisted_users": "", "membership": "exact", "scope": "", "columns": {}, "list_separator": " ",
        "protected_users": "svc-*\nbot-*", "limits": "max_deletes: 3", "allow_empty": "", "require_approval": "yes", "approved_plan": " 0f ",
    }  # fmt: skip
    assert run_request("apply", given, LOCALHOST)["options"] == {
        "src": "d.yml", "membership": "exact", "list_separator": " ", "protected_users": ["svc-*", "bot-*"],
        "limits": {"max_deletes": "3"}, "require_approval": True, "approved_plan": "0f",
    }  # fmt: skip


@pytest.mark.parametrize("scope", [{"users": {"user_name": []}}, {"users": {"enterprise.department": ""}, "groups": {}}, {"users": ""}])
def test_an_empty_scope_is_not_the_whole_directory(scope):
    """p1_directory refuses an empty scope; without the option, every object would be in scope."""
    assert run_request("apply", {"src": "d.yml", "scope": scope}, LOCALHOST)["options"]["scope"] == scope
    assert run_request("apply", {"src": "d.yml", "scope": str(scope)}, LOCALHOST)["options"]["scope"] == scope
    assert export_request({"path": "d.yml", "scope": scope}, LOCALHOST, False)["options"]["scope"] == scope


@pytest.mark.parametrize(
    ("path", "host", "folder"),
    [
        ("", TWO, ""),
        ("/", TWO, "/eu"),
        ("reports/", LOCALHOST, "reports"),
        ("reports//", TWO, "reports/eu"),
        ("reports/eu", TWO, "reports/eu"),
        ("reports/europe", TWO, "reports/europe/eu"),
    ],
)
def test_each_host_has_its_own_folders(path, host, folder):
    request = run_request("apply", {"src": "x", "report_dir": path, "backup_dir": path, "formats": "junit\nhtml"}, host)
    assert request["report_dir"] == request["backup_dir"] == folder
    assert request["folders"] == ([{"path": folder, "mode": "0750"}, {"path": folder, "mode": "0700"}] if folder else [])
    assert request["paths"] == ({"junit": f"{folder}/junit.xml", "html": f"{folder}/report.html"} if folder else {})


@pytest.mark.parametrize(
    ("values", "host", "is_folder", "expected"),
    [
        ({"path": "d.yml"}, LOCALHOST, False, ("d.yml", {})),
        ({"path": "d/", "with_ids": "true", "format": "json"}, TWO, False, ("d/eu/", {"format": "json", "with_ids": True})),
        ({"path": "d", "membership": "additive"}, TWO, True, ("d/eu/", {"membership": "additive"})),
        ({"path": "d/eu.yml"}, TWO, False, ("d/eu.yml", {})),
    ],
)
def test_the_path_of_an_export(values, host, is_folder, expected):
    request = export_request(values, host, is_folder)
    assert (request["dest"], request["options"]) == expected and request["refusal"] == ""


def test_one_file_for_several_directories_is_refused():
    assert export_request({"path": " "}, LOCALHOST, False)["refusal"].startswith("directory_export_path is missing")
    assert "d.yml would be one file for 2 directories" in export_request({"path": "d.yml"}, TWO, False)["refusal"]
    # The name of the host inside another word does not distinguish directories.
    assert "would be one file" in export_request({"path": f"x{TWO.name}x.yml"}, TWO, False)["refusal"]
    assert not export_request({"path": f"out/{TWO.name}.yml"}, TWO, False)["refusal"]
    assert export_request({"path": "d", "with_ids": "2.5"}, LOCALHOST, False)["refusal"].startswith("directory_export_with_ids: ")


def test_the_context_defaults_to_the_job():
    job = {"job": 12, "commit": ""}
    assert run_request("audit", {"src": "x", "job": job, "context": ""}, LOCALHOST)["context"] == {"job": 12}
    assert run_request("audit", {"src": "x", "job": job, "context": "a: b"}, LOCALHOST)["context"] == {"a": "b"}


@pytest.mark.parametrize(
    ("role", "unknown", "refused"), [("audit", "", True), ("audit", "warn", False), ("apply", "", False)]
)
def test_an_audit_reports_unknown_members_as_refused(role, unknown, refused):
    values = {"src": "x", "on_unknown_member": unknown}
    assert run_request(role, values, LOCALHOST)["unresolved_refused"] is refused


SHA = "0" * 64
UNMANAGED = {"plan": [], "plan_sha256": SHA, "drift": {"unmanaged": [{"kind": "user", "key": "eve"}]}}
NO_DRIFT = {**UNMANAGED, "drift": {}}
MISSING = {**UNMANAGED, "drift": {"missing": [{"kind": "user", "key": "ann"}]}}
VIOLATED = {
    "name": "r", "severity": "low", "kind": "group_size", "status": "violated",
    "violations": [{"user": None, "group": "g", "text": f"t{number}"} for number in range(6)], "not_determined": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "result", "assertions", "failure"),
    [
        ({}, UNMANAGED, [], ""),
        ({"fail_on_drift": True}, UNMANAGED, [], ""),
        ({"strict": "true", "fail_on_drift": "true"}, UNMANAGED, [], "Drift: not declared: 1 user (eve)"),
        ({"strict": True}, UNMANAGED, [], ""),
        ({"fail_on_drift": True}, NO_DRIFT, [VIOLATED], "Drift: 1 of 1 assertions violated; t0; t1; t2; t3; t4; and 1 more violations"),
        ({"fail_on_drift": True, "report_dir": "r", "formats": "html"}, MISSING, [], "Drift: 1 missing (1 user); see r/report.html"),
        ({"fail_on_refusal": True}, {**UNMANAGED, "problems": ["too much"]}, [], "An apply would be refused: too much"),
        ({}, {**UNMANAGED, "problems": ["too much"]}, [], ""),
        # Only a part of the desired state was compared.
        ({}, {**UNMANAGED, "plan_sha256": None, "problems": ["users[0] has no name"]}, [], "The desired state has problems: users[0] has no name"),
    ],
)  # fmt: skip
def test_findings_that_fail_an_audit(values, result, assertions, failure):
    request = run_request("audit", {"src": "x", **values}, LOCALHOST)
    report = build_report(result, refused=result, strict=request["strict"], assertions=assertions, check_mode=True)
    assert run_outcome(request, report, result, "")["failure"] == failure


def test_failed_reports_are_not_in_the_artifact():
    request = run_request("apply", {"src": "x", "report_dir": "r", "journal": "j"}, LOCALHOST)
    result = {**UNMANAGED, "counts": {"user": {"created": 1}}, "backup_file": "b.yml"}
    report = build_report(result, check_mode=False)
    outcome = run_outcome(request, report, result, "no space left")
    assert outcome["failure"] == (
        "The reports could not be written to r, but the run is complete: No drift in declared objects; not declared: 1 user (eve); "
        "the journal j has all rows. What failed: no space left"
    )
    assert outcome["artifact"] == {
        "plan_sha256": SHA, "drift": report["totals"]["drift"], "counts": result["counts"], "refusals": [], "reports": [], "backup": "b.yml",
    }  # fmt: skip
    outcome = run_outcome(request, report, result, "")
    assert outcome["failure"] == "" and outcome["artifact"]["reports"] == ["r/report.html", "r/report.json"]
    assert "eve" not in str(outcome["artifact"])


def test_the_artifact_contains_no_name_of_a_person():
    """Users of the next job receive the artifact, and they may not have access to the directory."""
    limit = {
        "limit": "max_deletes", "value": "1", "allowed": 1, "planned": 2, "what": "user",
        "problem": "limits.max_deletes is 1, but the plan deletes 2 users: eve, bob",
    }  # fmt: skip
    result = {**NO_DRIFT, "problems": [limit["problem"], "users[0] 'eve' is twice", "users[1] 'bob' is twice"], "exceeded_limits": [limit]}
    request = run_request("audit", {"src": "x", "fail_on_refusal": True}, LOCALHOST)
    report = build_report(result, refused=result, check_mode=True)
    outcome = run_outcome(request, report, result, "")
    assert outcome["artifact"]["refusals"] == ["limits.max_deletes is 1, but the plan deletes 2 users", "2 problems that the report lists"]
    assert "eve" not in str(outcome["artifact"]) and "users[0] 'eve' is twice" in outcome["failure"]
