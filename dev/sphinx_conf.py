# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of the documentation site that make docs builds."""

from __future__ import annotations

project = "pingone.directory"
author = "pingone.directory contributors"
copyright = f"2026, {author}"

extensions = ["sphinx_antsibull_ext"]
pygments_style = "ansible"
highlight_language = "YAML+Jinja"

html_theme = "sphinx_ansible_theme"
html_show_sphinx = False
html_title = "pingone.directory collection"
html_short_title = project
html_theme_options = {"collapse_navigation": False}

# Pages of Ansible's own documentation are referred to by address: building the site needs no network.
suppress_warnings: list[str] = []
