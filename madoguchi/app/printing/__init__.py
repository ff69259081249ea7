"""Receipt printers (ESC/POS): what is printed there, and how it gets there. Neither Qt nor USB."""
