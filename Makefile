# Each command is a call of `python -m course`: `make diff 1 3` runs
# `python -m course diff 1 3`. Options are variables: `make diff 2 STAT=1`.
PYTHON ?= python3
here := $(dir $(lastword $(MAKEFILE_LIST)))

words := $(MAKECMDGOALS)
quoted := $(foreach word,$(words),'$(subst ','\'',$(word))')
options := AGAIN ALL BRANCH BROWSER EXERCISE FRESH HIDDEN KEY MERGE MINUTES OUT \
  PDF POINTS PORT PYTHON SHORT STAT STEPS TESTS VERBOSE WATCH

# What is typed after make is an option; what a shell exports is not.
typed := $(foreach v,$(.VARIABLES),$(if $(findstring command,$(origin $v)),$v))
$(foreach v,$(typed),$(eval export COURSE_$v := $$(value $v)))

# Make takes these for itself, such as the colon of a title.
lost := $(foreach sign,: ; % \,$(findstring $(sign),$(words)))
ifneq ($(strip $(lost) $(filter-out $(options) COURSE_%,$(typed))),)
  $(error make cannot pass this on: it has no such option, or reads a sign \
  such as : or = itself. Type: $(PYTHON) -m course $(firstword $(words)) …)
endif

command := $(or $(firstword $(words)),help)

.PHONY: help $(words)

$(command):
	@cd '$(here)' && $(PYTHON) -m course $(quoted)

# The words after the command are its arguments, not goals of their own.
ifneq ($(filter-out $(command),$(words)),)
$(sort $(filter-out $(command),$(words))):
	@:
endif

# Nor is a title: make new-step 2.3 "A title".
.DEFAULT:
	@:
