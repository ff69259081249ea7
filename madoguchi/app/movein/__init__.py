"""Move in: the old system's patrons, titles, items and open loans, from CSV into either database."""
