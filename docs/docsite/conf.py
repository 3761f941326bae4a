# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of the documentation site that make docs builds."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

project = "pingone.directory"
author = "pingone.directory contributors"
copyright = f"2026, {author}"

# The labels of Ansible's own documentation that the pages refer to: page and title. With a list of our own, building the
# site needs no network.
ANSIBLE_LABELS = {
    "action_plugins": ("plugins/action.html", "Action plugins"),
    "ansible_configuration_settings": ("reference_appendices/config.html", "Ansible Configuration Settings"),
    "common_return_values": ("reference_appendices/common_return_values.html", "Return Values"),
    "module_defaults": ("playbook_guide/playbooks_module_defaults.html", "Module defaults"),
    "module_defaults_groups": ("playbook_guide/playbooks_module_defaults.html", "Module defaults groups"),
}

pages = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("*.rst"))
for label, name, kind in re.findall(r"(ansible_collections\.ansible\.builtin\.(\w+)_(module|filter|lookup|test|callback))\b", pages):
    ANSIBLE_LABELS[label] = (f"collections/ansible/builtin/{name}_{kind}.html", f"ansible.builtin.{name}")

head = "# Sphinx inventory version 2\n# Project: Ansible\n# Version: latest\n# The remainder of this file is compressed using zlib.\n"
lines = "".join(f"{label} std:label -1 {page}#{label.replace('_', '-')} {title}\n" for label, (page, title) in ANSIBLE_LABELS.items())
inventory = Path(__file__).with_name("ansible.inv")
inventory.write_bytes(head.encode() + zlib.compress(lines.encode()))

extensions = ["sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
intersphinx_mapping = {"ansible": ("https://docs.ansible.com/ansible/latest/", inventory.name)}
pygments_style = "ansible"
highlight_language = "YAML+Jinja"

html_theme = "sphinx_ansible_theme"
html_show_sphinx = False
html_title = "pingone.directory collection"
html_short_title = project
html_theme_options = {"collapse_navigation": False}
