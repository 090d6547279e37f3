"""The student's loop: start, check, hint, compare, catch up.

A workspace is the student's. Nothing here changes one but `start`,
`catch_up` and `copies`, and each of these keeps the old one in `.saved`.
"""
