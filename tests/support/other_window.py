"""A window of another program: what is typed into it is printed, a line for each change."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QLineEdit

if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    field = QLineEdit()
    field.setWindowTitle("another program")
    field.textChanged.connect(lambda text: print(text, flush=True))
    field.show()
    sys.exit(application.exec())
