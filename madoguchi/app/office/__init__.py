"""What system staff and the security manager do from a terminal, and incidents, which anybody may report."""
