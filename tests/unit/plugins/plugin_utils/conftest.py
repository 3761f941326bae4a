# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make report_support importable for the tests of reports."""

from __future__ import annotations

import sys
from pathlib import Path

# ansible-test sets no path for modules that the tests share.
sys.path.insert(0, str(Path(__file__).resolve().parent))
