"""What the counter does: lending, staff, settings, the lending server. No Qt, no USB in here."""
