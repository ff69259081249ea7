"""Measurements of the whole program: `make bench`, or `python -m tests.bench --help`.

Each figure is printed with its unit, how many were taken, the limit it stands beside and their ratio; the
limit is taken in the same run, so that a slow machine slows both. A goal that is missed is printed in words
and fails nothing: the exit status tells only whether everything could be measured.
"""
