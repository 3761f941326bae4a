# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test written documents: marked templates, and when two documents are equal."""

from __future__ import annotations

from ansible_collections.pingone.directory.plugins.module_utils._documents.files import write_text
from ansible_collections.pingone.directory.plugins.module_utils._documents.writing import WRITTEN_HERE, dump_document, same_content, written_here


def test_comments_are_ignored_in_comparisons(tmp_path):
    path = str(tmp_path / "d.yml")
    document = {"users": [{"user_name": "ann"}], "groups": []}
    write_text(path, dump_document(document, "yaml", ["made on monday", WRITTEN_HERE]))
    assert same_content(dump_document(document, "yaml", ["made on tuesday"]), path)
    assert not same_content(dump_document({**document, "groups": [{"display_name": "x"}]}, "yaml"), path)
    assert not same_content("", str(tmp_path / "none.yml"))
    assert written_here(path) and not written_here(str(tmp_path / "none.yml"))
    assert "\n\n" not in dump_document(document, "yaml", ["two\nlines"]).split("---")[0]


def test_text_that_ansible_would_template_is_marked():
    document = {"groups": [{"display_name": "{{ lookup('pipe', 'touch X') }}"}, {"display_name": "a {% b %}"}, {"name": "{a}"}]}
    text = dump_document(document)
    assert "display_name: !unsafe '{{ lookup(''pipe'', ''touch X'') }}'" in text
    assert "display_name: !unsafe 'a {% b %}'" in text
    assert text.count("!unsafe") == 2


def test_repeated_values_are_written_without_aliases():
    shared = ["a", "b"]
    assert "&" not in dump_document({"users": [{"groups": shared}, {"groups": shared}]})
