# Every command of this project. Each is one script in scripts/, which may be run by itself.
.DEFAULT_GOAL := help
.PHONY: help run build check test fuzz soak bench screenshots setup

help: ## Shows this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Installs what is missing, builds, and starts Berth on http://localhost:8080
	@scripts/run

build: setup ## Builds the product: one file, target/release/berth
	@scripts/build

check: setup ## Format, lints, documentation, unit, service and door tests
	@scripts/setup-node
	@scripts/setup-python
	@scripts/check

test: ## Installs what is missing and runs every test, real clients and a browser included
	@scripts/test

fuzz: setup ## Fuzzes the parsers, each for a minute; not a part of test
	@scripts/fuzz

soak: build ## Tries faults for long: kills, full and failing disks, lost answers
	@scripts/setup-test
	@scripts/soak

bench: build ## Measures Berth beside other registries on this machine (40 minutes)
	@bench/run

screenshots: build ## Takes a picture of every page into end2end/screenshots
	@scripts/setup-test
	@SCREENSHOTS=1 scripts/end2end --project=screenshots

setup: ## Installs what building needs, and nothing else
	@scripts/setup-build
