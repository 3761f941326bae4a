# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make schema: write the JSON Schema of documents again, from the attribute tables."""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import project


def main(_arguments: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        collection = Path(folder) / "ansible_collections" / project.NAMESPACE / project.NAME
        collection.parent.mkdir(parents=True)
        collection.symlink_to(project.ROOT, target_is_directory=True)
        sys.path.insert(0, folder)
        name = f"ansible_collections.{project.NAMESPACE}.{project.NAME}.plugins.module_utils._documents.schema"
        schema = importlib.import_module(name)
        path = project.ROOT / "plugins" / "plugin_utils" / schema.FILE_NAME
        path.write_text(schema.schema_text(), encoding="utf-8")
    print(f"wrote {path.relative_to(project.ROOT)}")
    return 0


if __name__ == "__main__":
    project.main_of(main)
