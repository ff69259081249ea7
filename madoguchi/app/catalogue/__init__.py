"""The catalogue: titles found, described, fetched and added. Searching knows of no person."""
