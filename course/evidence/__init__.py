"""What really happened in a program, and the first thing that broke.

`record` listens to a Flask program through its libraries' signals, events and
calls; `exceptions` puts an exception into words; `chain` shows the way of an
action up to the first link that did not hold. The links of each chapter
stand beside its tests.
"""
