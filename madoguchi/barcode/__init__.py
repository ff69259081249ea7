"""Barcodes: symbologies and check digits, scan sources, labels. Imports nothing of ours."""
