# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test journals: planned rows, outcomes, and failures while writing."""

from __future__ import annotations

import json
import os
import stat

import pytest
from desired_directories import directory, group, plan, user

from ansible_collections.pingone.directory.plugins.module_utils._core.errors import DirectoryError
from ansible_collections.pingone.directory.plugins.module_utils._documents import journal as _journal
from ansible_collections.pingone.directory.plugins.module_utils._documents.journal import Journal

SECRET = "never-shown-1"


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_journal(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_text("an older one", encoding="utf-8")
    planned = plan(
        [{"user_name": "new", "password": SECRET}, {"user_name": "ann", "title": "x"}],
        [{"name": "team", "members": {"users": ["new"]}}],
        directory([user("ann"), user("bob")], [group("team")]),
    )
    journal = Journal(str(path))
    journal.begin({"directory": "there", "plan_sha256": planned.sha256()}, planned)
    rows = planned.rows()
    assert lines(path)[0]["journal"] == 1 and lines(path)[0]["directory"] == "there"  # the line is flushed
    assert [(line["state"], line["row"]) for line in lines(path)[1:4]] == [
        ("planned", 0),
        ("planned", 1),
        ("planned", 2),
    ]
    assert [{name: line[name] for name in row} for line, row in zip(lines(path)[1:4], rows)] == rows
    drift = [line for line in lines(path) if line.get("state") == "drift"]
    assert len(drift) == sum(map(len, planned.drift.values()))
    assert {line["class"] for line in drift} == {"missing", "different", "unmanaged"}
    journal.row("started", 1, rows[1])
    journal.row("done", 1, rows[1], id="42")
    journal.row("failed", 0, {**rows[0], "operation": "update"}, reason="so it is")
    started, done, failed = lines(path)[-3:]
    assert (started["state"], started["row"], started["key"]) == ("started", 1, rows[1]["key"])
    assert (done["row"], done["id"]) == (1, "42")
    assert (failed["row"], failed["operation"], failed["reason"]) == (0, "update", "so it is")
    assert "changes" not in done and "time" in done
    journal.close()
    assert SECRET not in path.read_text(encoding="utf-8")


def test_a_journal_is_readable_only_by_its_owner(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.touch()
    path.chmod(0o666)  # a former journal
    Journal(str(path)).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_objects_with_one_name_are_distinguished(tmp_path):
    """Their rows differ only in the id."""
    current = directory([{**user("dup"), "id": "d1"}, {**user("dup"), "id": "d2"}])
    planned = plan([{"id": "d1", "title": "x"}, {"id": "d2", "title": "x"}], None, current)
    journal = Journal(str(tmp_path / "j"))
    journal.begin({}, planned)
    for number, row in enumerate(planned.rows()):
        journal.row("done", number, row)
    assert [(line["row"], line["id"]) for line in lines(tmp_path / "j") if line.get("state") == "done"] == [
        (0, "d1"),
        (1, "d2"),
    ]


def test_a_journal_that_cannot_be_written(tmp_path):
    with pytest.raises(DirectoryError, match="the journal .*none.* cannot be written: No such file or directory"):
        Journal(str(tmp_path / "none" / "journal"))


def test_a_journal_is_not_written_through_a_link(tmp_path):
    (tmp_path / "target").write_text("precious", encoding="utf-8")
    (tmp_path / "journal").symlink_to("target")
    with pytest.raises(DirectoryError, match="the journal .*/journal cannot be written: it is a symbolic link"):
        Journal(str(tmp_path / "journal"))
    assert (tmp_path / "target").read_text(encoding="utf-8") == "precious"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_journal_on_a_full_disk(monkeypatch):
    monkeypatch.setattr(_journal, "open_private", lambda path: os.open(path, os.O_WRONLY))
    journal = Journal("/dev/full")
    with pytest.raises(
        DirectoryError, match="the journal /dev/full cannot be written: No space left on device"
    ) as error:
        journal.begin({}, plan([], []))
    assert error.value.fatal
    journal.close()
