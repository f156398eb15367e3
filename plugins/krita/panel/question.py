"""A question with a few answers, which holds nothing up."""

from __future__ import annotations

from typing import Any, Callable, Mapping

from ..qt import QMessageBox, Qt


def ask(parent: Any, words: str, answers: Mapping[str, str], then: Callable[[str], None]) -> Any:
    """Show `words` in a window of its own; `then` gets the key of the answer that is clicked, nothing if none is."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("Inkwash")
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(words)
    for key, text in answers.items():
        button = box.addButton(text, QMessageBox.ButtonRole.AcceptRole)
        button.clicked.connect(lambda _=False, key=key: then(key))
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setModal(False)
    box.show()
    return box
