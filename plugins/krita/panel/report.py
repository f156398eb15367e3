"""What the artist is told: a notice, or an error with what to do and details to be copied."""

from __future__ import annotations

from typing import Any, Sequence

from inkwash.client import wording

from ..qt import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStyle,
    Qt,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from .labels import Whole

CANCELLED = "cancelled"
ICON = 16  # pixels


class Report(QFrame):
    """A box for one message; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.details = ""
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._icon = QLabel()
        self._message, self._hint = Whole(), Whole(faint=True)
        for caption in (self._message, self._hint):
            caption.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._more = QToolButton()
        self._more.setText("Details…")
        self._more.clicked.connect(self._show_details)
        close = QToolButton()
        close.setText("✕")
        close.setAutoRaise(True)
        close.setToolTip("Hide this message")
        close.clicked.connect(self.clear)
        self._arrange(close)
        self.clear()

    def fail(self, error: BaseException) -> None:
        """Tell of an error; a cancelled job is none."""
        if getattr(error, "code", "") == CANCELLED:
            self.clear()
            return
        message, hint, details = wording.failure(error)
        self._show(QStyle.StandardPixmap.SP_MessageBoxWarning, message, hint, details)

    def notice(self, notices: Sequence[str]) -> None:
        """Tell what came with a result; nothing hides the box."""
        if notices:
            self._show(QStyle.StandardPixmap.SP_MessageBoxInformation, "\n".join(notices), "", "")
        else:
            self.clear()

    def clear(self) -> None:
        """Hide the box."""
        self.details = ""
        self.hide()

    def text(self) -> str:
        """What can be read now; empty if nothing."""
        return "" if self.isHidden() else "{}\n{}".format(self._message.text(), self._hint.text()).strip()

    def _show(self, icon: Any, message: str, hint: str, details: str) -> None:
        self._icon.setPixmap(self.style().standardIcon(icon).pixmap(ICON, ICON))
        self._message.setText(message)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.details = details
        self._more.setVisible(bool(details))
        self.show()

    def _arrange(self, close: QWidget) -> None:
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self._message)
        words.addWidget(self._hint)
        words.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 4, 4, 4)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def _show_details(self) -> None:
        dialog = details_dialog(self.details, self.window())
        dialog.show()


def details_dialog(details: str, parent: Any) -> Any:
    """A window with `details`, from which they can be copied; it is not modal."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Inkwash: details")
    text = QPlainTextEdit(details)
    text.setReadOnly(True)
    copy = QPushButton("Copy")
    copy.clicked.connect(lambda: QApplication.clipboard().setText(details))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
    buttons.rejected.connect(dialog.close)
    column = QVBoxLayout(dialog)
    column.addWidget(text)
    column.addWidget(buttons)
    dialog.resize(560, 320)
    return dialog
