"""Madoguchi (窓口): the program on every counter terminal of a city library."""

__version__ = "0.1.0"
