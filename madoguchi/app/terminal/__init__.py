"""What a terminal is to the lending server: its name, its certificate, the key that never leaves it."""
