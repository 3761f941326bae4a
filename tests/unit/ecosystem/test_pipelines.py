# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the pipelines of docs/examples by running their shell steps as GitHub Actions and GitLab CI do."""

from __future__ import annotations

import os
import re
import shutil
import sys
import xml.etree.ElementTree

import yaml
from ecosystem_support import ROOT, names

EXAMPLES = ROOT / "docs" / "examples"
# The collection is already installed.
INSTALLS = re.compile(r"\s*(?:pip|ansible-galaxy collection) install [\w. -]+")
ORDER = ("validate", "plan", "apply", "audit")


class GitHub:
    """Return the jobs of a workflow."""

    def __init__(self, folder, secrets):
        self.jobs = yaml.safe_load((EXAMPLES / "github-actions.yml").read_text(encoding="utf-8"))["jobs"]
        self.summary, self.output = folder / "summary.md", folder / "output.txt"
        self._secrets = secrets

    def steps(self, job):
        """Yield the commands of a job with their variables."""
        for step in self.jobs[job]["steps"]:
            if "run" in step:
                env = {name: self._filled(value) for name, value in self.jobs[job].get("env", {}).items()}
                yield step["run"], {**env, "GITHUB_STEP_SUMMARY": str(self.summary), "GITHUB_OUTPUT": str(self.output)}

    def _filled(self, value):
        """Return a variable with its expression evaluated."""
        where, _dot, name = re.fullmatch(r"\$\{\{ (.+) \}\}", value)[1].rpartition(".")
        if where == "needs.plan.outputs":
            assert self.jobs["plan"]["outputs"] == {name: f"${{{{ steps.post.outputs.{name} }}}}"}
            return dict(line.split("=", 1) for line in self.output.read_text(encoding="utf-8").splitlines())[name]
        return self._secrets[name] if where == "secrets" else {"P1_REGION": "eu"}[name]


class GitLab:
    """Return the jobs of a pipeline."""

    def __init__(self, folder):
        content = yaml.safe_load((EXAMPLES / "gitlab-ci.yml").read_text(encoding="utf-8"))
        assert content["stages"] == list(ORDER)
        self.jobs = {name: content[name] for name in content["stages"]}
        self._folder, self._before = folder, content["default"]["before_script"]

    def steps(self, job):
        """Yield the commands of a job with their variables."""
        env = {}
        if "PLAN_SHA256" in str(self.jobs[job]) and job != "plan":
            assert self.jobs[job]["needs"] == ["plan"]
            dotenv = self._folder / self.jobs["plan"]["artifacts"]["reports"]["dotenv"]
            env = dict(line.split("=", 1) for line in dotenv.read_text(encoding="utf-8").splitlines())
        yield "\n".join([*self._before, *self.jobs[job]["script"]]), env


class Runner:
    """Run the steps of jobs in the example repository."""

    def __init__(self, workshop, service):
        shutil.copytree(EXAMPLES / "directory", workshop.folder / "directory")
        shutil.copy(EXAMPLES / "options.yml", workshop.folder)
        self._programs = workshop.folder / "bin"
        self._programs.mkdir()
        (self._programs / "python").symlink_to(sys.executable)
        self._workshop, self._service = workshop, service

    def replace(self, program):
        """Put a program first that only appends its arguments to a file."""
        path = self._programs / program
        path.write_text(f'#!/bin/sh\necho "$@" >> {self._workshop.folder}/{program}.txt\n', encoding="utf-8")
        path.chmod(0o755)

    def run(self, pipeline, job, fails=False, **more):
        """Run a job to its end; ``fails`` states whether one of its steps fails."""
        codes, printed = [], ""
        for command, env in pipeline.steps(job):
            lines = [line for line in command.splitlines() if not INSTALLS.fullmatch(line)]
            path = os.pathsep.join((str(self._programs), self._workshop.environment()["PATH"]))
            env = {"P1_BASE_URL": self._service.base_url, "PATH": path, **env, **more}
            code, text = self._workshop.run("bash", "-e", "-o", "pipefail", "-c", "\n".join(lines), env=env)
            codes.append(code)
            printed += text
        assert any(codes) is fails, printed
        assert self._service.api_key not in printed


def commands(pipeline, job):
    """Return the calls of ansible-playbook in a job with single blanks."""
    text = "\n".join(command for command, _env in pipeline.steps(job))
    return [" ".join(call.split()) for call in re.findall(r"^ansible-playbook .+$", text, re.MULTILINE)]


def test_pipelines(workshop, service):
    """Check without a key, plan, apply the approved plan, and audit."""
    folder, runner = workshop.folder, Runner(workshop, service)
    github = GitHub(folder, {"P1_CLIENT_ID": service.client_id, "P1_API_KEY": service.api_key})
    assert tuple(github.jobs) == ORDER
    runner.run(github, "validate")
    assert service.log == []
    runner.run(github, "plan")
    assert service.writes() == []
    plan_sha256 = re.search(r"^Plan: `([0-9a-f]{64})`$", github.summary.read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert "Engineering" in github.summary.read_text(encoding="utf-8")
    shutil.copytree(folder / "reports", folder / "plan")

    runner.run(github, "apply")
    assert "Engineering" in names(service)[1] and {"marcher", "jdoe"} < set(names(service)[0])
    assert list((folder / "reports" / "backup").glob("*.yml"))
    users = folder / "directory" / "users.yml"
    users.write_text(users.read_text(encoding="utf-8") + "  - user_name: lchen\n", encoding="utf-8")
    runner.run(github, "audit", fails=True)
    (junit,) = (folder / "reports").glob("*.xml")
    assert xml.etree.ElementTree.parse(junit).findall(".//failure")

    # Both pipelines use the same playbooks, so only the steps around them run here.
    gitlab = GitLab(folder)
    shutil.rmtree(folder / "reports")
    (folder / "plan").rename(folder / "reports")
    for program in ("ansible-playbook", "curl"):
        runner.replace(program)
    note = {"CI_MERGE_REQUEST_IID": "7", "NOTE_TOKEN": "glpat", "CI_API_V4_URL": "https://gitlab.example.org/api/v4", "CI_PROJECT_ID": "3"}
    for job in ORDER:
        runner.run(gitlab, job, **(note if job == "plan" else {}))
        assert commands(gitlab, job) == commands(github, job)
    assert "body@reports/report.md https://gitlab.example.org/api/v4/projects/3/merge_requests/7/notes" in (folder / "curl.txt").read_text(encoding="utf-8")
    assert f"\nPlan: `{plan_sha256}`\n" in (folder / "reports" / "report.md").read_text(encoding="utf-8")
    assert f"directory_apply_approved_plan={plan_sha256}" in (folder / "ansible-playbook.txt").read_text(encoding="utf-8")
