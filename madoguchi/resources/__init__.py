"""Fonts, icons, style, translations and the training library's records, shipped with the program."""
