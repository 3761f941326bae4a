# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make schema: write the JSON Schema of documents to the checkout (P1_CHECKOUT), from the attribute tables."""

from __future__ import annotations

import os
from pathlib import Path

from ansible_collections.pingone.directory.plugins.module_utils._documents import schema

path = Path(os.environ["P1_CHECKOUT"]) / "plugins" / "plugin_utils" / schema.FILE_NAME
path.write_text(schema.schema_text(), encoding="utf-8")
print(f"wrote {path}")
