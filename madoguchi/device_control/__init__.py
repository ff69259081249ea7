"""USB device control. Imports nothing of ours; no Qt, no SQL."""
