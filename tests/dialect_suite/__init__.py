"""SQLAlchemy's own suite for dialects, run against ours and against psycopg; see run.py.

No file here has a name pytest looks for, so a normal run collects none of it.
"""
