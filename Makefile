# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Thin calls of the programs in dev/, which need Python 3.10 or newer and a package index, and write to .build/ alone.

PYTHON ?= python3
RUN = $(PYTHON) -B dev/

.PHONY: help demo test test-matrix unit coverage lint bench soak docs schema clean
.DEFAULT_GOAL := help

help: ## Show this list
	@$(RUN)help.py

demo: ## Build and install the collection, and run its demo playbook against the emulator
	@$(RUN)demo.py

test: ## Run all required checks with the current Python and ansible-core
	@$(RUN)check.py

test-matrix: ## Sanity, units and integration on each supported ansible-core and Python
	@$(RUN)matrix.py $(SESSIONS)

unit: ## Run the unit tests with plain pytest (ARGS="-k name")
	@$(RUN)unit.py $(ARGS)

coverage: ## Show the line and branch coverage of the shared code
	@$(RUN)unit.py --coverage

lint: ## Run the linters
	@$(RUN)check.py lint

bench: ## Run the benchmark (tests/benchmark)
	@$(RUN)bench.py $(ARGS)

soak: ## Run the long tests (tests/soak)
	@$(RUN)soak.py $(ARGS)

docs: ## Build the documentation site into .build/docs
	@$(RUN)docs.py

schema: ## Write the JSON Schema of documents again, from the attribute tables
	@$(RUN)schema.py

clean: ## Remove .build/
	@$(RUN)clean.py
