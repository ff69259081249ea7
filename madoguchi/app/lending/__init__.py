"""Lending: pure rules, and one module for each task of the counter."""
