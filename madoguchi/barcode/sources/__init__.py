"""Scanners that the program reads by itself: each a source with a thread of its own. No Qt here."""
