"""The student's loop: start, check, hint, compare, catch up.

A workspace is the student's. Nothing here changes one but `starting`,
`merging` and `saving`, and each of these keeps the old one in `.saved`.
"""
