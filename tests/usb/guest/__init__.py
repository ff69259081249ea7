"""What runs inside the virtual machine: the standard library alone, and Python 3.11 as Debian 12 has it."""
