"""Small widgets that fit any width: captions that wrap, lists that shorten, controls that the wheel cannot upset."""

from __future__ import annotations

import html
from typing import Any

from ..qt import QCheckBox, QComboBox, QEvent, QHBoxLayout, QLabel, QObject, QSize, QSizePolicy, Qt, QWidget, pyqtSignal


def tip(text: str) -> str:
    """Words from a card or a document as a tooltip: Qt takes what looks like markup for markup."""
    if not Qt.mightBeRichText(text):
        return text
    return "<qt>{}</qt>".format(html.escape(text).replace("\n", "<br>"))


class Caption(QLabel):
    """Text that wraps, and never makes its window wider."""

    def __init__(self, text: str = "", tip: str = "", faint: bool = False) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setToolTip(tip)
        self.setMinimumWidth(1)
        policy = self.sizePolicy()  # with its height for width
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        self.setSizePolicy(policy)
        if faint:
            font = self.font()
            font.setPointSizeF(font.pointSizeF() * 0.9)
            self.setFont(font)

    def minimumSizeHint(self) -> Any:  # noqa: N802 (Qt's name)
        """A line: what more it needs depends on its width, and Qt would reckon with the narrowest."""
        return QSize(1, self.fontMetrics().lineSpacing())


class Whole(Caption):
    """Text that is always seen whole, however narrow its window."""

    def resizeEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        """Another width: another height."""
        super().resizeEvent(event)
        self._fit()

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        """Say something else."""
        super().setText(text)
        self._fit()

    def _fit(self) -> None:
        if self.width() > 1:
            self.setFixedHeight(max(0, self.heightForWidth(self.width())))


class Choices(QComboBox):
    """A list to choose from, as narrow as its window wants it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(60)
        spin_calmly(self)


class Toggle(QWidget):
    """A check box whose text wraps."""

    changed = pyqtSignal()

    def __init__(self, text: str) -> None:
        super().__init__()
        self._box = QCheckBox()
        self._box.setAccessibleName(text)
        self._box.toggled.connect(lambda _: self.changed.emit())
        self._text = Caption(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._box)
        row.addWidget(self._text, 1)

    def is_on(self) -> bool:
        """Whether it is checked."""
        return bool(self._box.isChecked())

    def set_on(self, on: bool) -> None:
        """Check it or not."""
        self._box.setChecked(on)

    def mouseReleaseEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        """A click on the text is one on the box."""
        if self.isEnabled() and self.rect().contains(event.pos()):
            self._box.toggle()


class _Calm(QObject):
    """Lets the wheel scroll the panel, rather than change what happens to lie under it."""

    def eventFilter(self, watched: Any, event: Any) -> bool:  # noqa: N802 (Qt's name)
        if event.type() == QEvent.Type.Wheel and not watched.hasFocus():
            event.ignore()
            return True
        return False


def spin_calmly(control: Any) -> None:
    """Let `control` heed the wheel only while it has the focus."""
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    calm = _Calm(control)
    control.installEventFilter(calm)


def row(*widgets: Any) -> Any:
    """Widgets, each with its stretch, beside each other."""
    made = QHBoxLayout()
    made.setSpacing(4)
    for widget, stretch in widgets:
        made.addWidget(widget, stretch)
    return made
