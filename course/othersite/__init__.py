"""The other site: a page that attacks the program, for its own author.

What it tries is the course's own, in `other-site/`; see `finding`.
"""
