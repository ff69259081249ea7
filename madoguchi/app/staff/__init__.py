"""Who works at the terminal and what they may do."""
