# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Which sessions of noxfile.py a command runs. They need Python 3.10 or newer and a package index, and write to .build/ alone.

PYTHON ?= python3
RUN = $(PYTHON) -B dev/run.py
LINTERS = ansible-lint docs-check mypy codeqa yamllint antsibull-nox-config license-check extra-checks changelog
# Two run at a time: the longest are first
TESTS = integration unit-controller unit-modules sanity unit-shared
SESSIONS ?= "*-2.*"

.PHONY: help demo sandbox test test-matrix unit coverage lint bench soak mutation docs schema clean
.DEFAULT_GOAL := help

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.* ## /make \1: /p' Makefile

demo: ## Build and install the collection, and run its demo playbook against the emulator
	@$(RUN) demo

sandbox: ## Keep the emulator with example people running, to play with
	@$(RUN) sandbox

test: ## Run all required checks with the current Python and ansible-core
	@$(RUN) --all $(TESTS) $(LINTERS) build-import-check

test-matrix: ## Sanity, units and integration on each supported ansible-core and Python
	@$(RUN) --all $(SESSIONS)

unit: ## Run the unit tests with plain pytest (ARGS="-k name")
	@$(RUN) unit $(ARGS)

coverage: ## Show the line and branch coverage of the shared code by its tests
	@$(RUN) unit tests/unit/plugins/module_utils --cov=plugins/module_utils --cov-branch --cov-report=term-missing

lint: ## Run the linters
	@$(RUN) --all $(LINTERS)

bench: ## Run the benchmark (tests/benchmark)
	@$(RUN) benchmark $(ARGS)

soak: ## Run the long tests (tests/soak)
	@$(RUN) soak $(ARGS)

mutation: ## Look whether a test fails on each change of what decides (ARGS="--sample 10 PATH")
	@$(RUN) mutation $(ARGS)

docs: ## Build the documentation site into .build/docs
	@$(RUN) docs


schema: ## Write the JSON Schema of documents again, from the attribute tables
	@$(RUN) schemas

clean: ## Remove .build/
	@$(RUN) clean
