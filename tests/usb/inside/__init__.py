"""Programs that the tests start inside the virtual machine, copied there with the program's own code."""
