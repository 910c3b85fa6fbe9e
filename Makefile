# `make` alone says what there is. Everything runs from this folder's own .venv and .run.
PYTHON ?= python3
VENV := .venv/bin
OLD := import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed")
SETUP := $(PYTHON) -c '$(OLD)' && $(PYTHON) -m deploy.local.setup
MEASURE := $(VENV)/python -m deploy.local.measure
SOURCES := conftest.py services shared tests deploy benchmarks
BROKER ?= embedded

.DEFAULT_GOAL := help
.PHONY: help setup demo drive story test check bench compose soak worlds mutants pictures requirements format clean

help: ## say what there is
	@echo "Trustlane: trusted traveler and trusted shipper programs at land ports of entry"
	@grep -E '^[a-z]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## make .venv and node_modules from the pinned files, with the tools of tests and checks
	@$(SETUP) --dev

demo: ## the whole system with simulated lanes; BROKER=amqp://... your RabbitMQ, KEEP=1 old data
	@$(SETUP)
	@exec $(VENV)/python -m deploy.local.demo --broker '$(BROKER)' $(if $(KEEP),--keep)

drive: ## let a car drive up to the running demo; LANE, EPC, TID, PLATE, REGION, or BACK=1
	@$(VENV)/python -m deploy.local.drive --lane '$(or $(LANE),l1)' $(if $(BACK),--back) \
	  $(if $(EPC),--epc '$(EPC)' --tid '$(TID)') --plate '$(PLATE)' --region '$(or $(REGION),CA)'

story: ## drive the main job through the public doors and print measured times; SPEAK=es in Spanish
	@$(SETUP)
	@$(VENV)/python -m deploy.local.story --speak '$(or $(SPEAK),en)'

test: setup ## run every test against real servers, started privately and stopped again
	@$(PYTHON) -m deploy.local.packages
	@$(SETUP) --foreign
	@$(MEASURE) "make test" $(VENV)/python -m pytest $(ARGS)

check: setup ## lint, types, layers, deployment files, fast tests and guards
	@$(MEASURE) "make check" $(VENV)/python -m deploy.local.check

compose: setup ## the system in containers: PostgreSQL, RabbitMQ, Keycloak, services, simulator
	@$(VENV)/python -m deploy.compose.secrets
	@docker compose up --build

bench: setup ## measure against the bars of the design; ARGS=NAME runs one
	@$(MEASURE) "make bench" $(VENV)/python -m benchmarks.run $(ARGS)

soak: setup ## the long forms of fault, world and load tests
	@$(PYTHON) -m deploy.local.packages
	@$(SETUP) --foreign
	@$(MEASURE) "make soak" $(VENV)/python -m pytest --soak $(ARGS)

worlds: setup ## N random lanes with faults, each record compared with the truth; SEED runs one again
	@$(MEASURE) "make worlds" $(VENV)/python -m deploy.local.worlds \
	  $(if $(SEED),--seed $(SEED),--worlds $(or $(N),300))

mutants: setup ## plant each known fault and see that its test fails
	@$(PYTHON) -m deploy.local.packages
	@$(MEASURE) "make mutants" $(VENV)/python -m deploy.local.mutants $(ARGS)

pictures: setup ## take a picture of every page into docs/pictures, and look for layout faults
	@$(PYTHON) -m deploy.local.packages
	@$(VENV)/python -m deploy.local.pictures $(ARGS)

requirements: setup ## compile requirements*.txt anew from requirements*.in
	@$(VENV)/python -m deploy.local.requirements

format: setup ## format the code
	@$(VENV)/ruff format $(SOURCES)
	@$(VENV)/ruff check --fix $(SOURCES)

clean: ## remove what the demo and the tests wrote (not .venv)
	@rm -rf .run .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
