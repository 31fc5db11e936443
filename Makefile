# A thin shell around tasks.py, which works without make too: python tasks.py help
# Another Python: make lab PYTHON=python3.12. More arguments: make lab ARGS=--no-browser
PYTHON ?= python3
TASKS := lab app test lint check codebook notebooks bench trust site coverage mutants lock release clean help

.DEFAULT_GOAL := help
.PHONY: $(TASKS)

$(TASKS):
	@$(PYTHON) tasks.py $@ $(ARGS)
