"""The desk: the page, the check at each save, hints and the running program.

One window in a browser, for a learner; the commands say the same.
"""
