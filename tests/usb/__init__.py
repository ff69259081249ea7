"""A real USB stack for the tests: a virtual machine in which devices are plugged (docs/decisions/0035)."""
