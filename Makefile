# Each target is a call of `python -m course`: `make diff 1 3` runs
# `python -m course diff 1 3`. Options are variables: `make diff 2 STAT=1`.
PYTHON ?= python3

command := $(firstword $(MAKECMDGOALS))
words := $(wordlist 2,99,$(MAKECMDGOALS))
quoted := $(foreach word,$(words),'$(subst ','\'',$(word))')

.PHONY: help $(MAKECMDGOALS)

help:
	@$(PYTHON) -m course

ifneq ($(filter-out help,$(command)),)
$(command):
	@$(PYTHON) -m course $(command) $(quoted)
endif

# The words after the command are its arguments, not goals of their own.
ifneq ($(filter-out $(command),$(words)),)
$(sort $(filter-out $(command),$(words))):
	@:
endif

# Nor is a title: make new-step 2.3 "A title".
.DEFAULT:
	@:
