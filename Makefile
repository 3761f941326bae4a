# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Thin calls of the programs in dev/, which need Python 3.10 or newer and a package index, and write to .build/ alone.

PYTHON ?= python3
RUN = $(PYTHON) -B dev/

.PHONY: help demo test test-matrix unit coverage lint bench soak docs clean
.DEFAULT_GOAL := help

help: ## Show this list
	@$(RUN)help.py

demo: ## Build, install, and run playbooks/demo.yml against a directory service on this machine
	@$(RUN)demo.py

test: ## Run everything that must pass, on the Python and the ansible-core at hand
	@$(RUN)check.py

test-matrix: ## Sanity, units and integration on each ansible-core and Python that we claim
	@$(RUN)matrix.py $(SESSIONS)

unit: ## Fast inner loop: plain pytest of tests/unit (ARGS="-k name")
	@$(RUN)unit.py $(ARGS)

coverage: ## Show which lines and branches of the shared code its unit tests take
	@$(RUN)unit.py --coverage

lint: ## The linters alone
	@$(RUN)check.py lint

bench: ## Measure what is fast, as ratios (tests/benchmark)
	@$(RUN)bench.py $(ARGS)

soak: ## Run the long tests (tests/soak)
	@$(RUN)soak.py $(ARGS)

docs: ## Build the documentation site into .build/docs
	@$(RUN)docs.py

clean: ## Remove everything that make has made
	@$(RUN)clean.py
