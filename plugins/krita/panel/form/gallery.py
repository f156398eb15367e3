"""Pictures to choose from, as many beside each other as there is room for: in place of a list where there are some."""

from __future__ import annotations

from typing import Any, List

from ...qt import QAbstractItemView, QListView, QListWidget, QListWidgetItem, QSize, QSizePolicy, Qt, QTimer, pyqtSignal

PICTURE = QSize(60, 60)  # pixels
CELL = QSize(82, 92)
ROWS = 2  # that are seen at once


class Gallery(QListWidget):
    """Holds values, each with a picture and a name, and one of them is current; it is asked as a combo box is."""

    currentIndexChanged = pyqtSignal(int)  # noqa: N815 (Qt's name)

    def __init__(self) -> None:
        super().__init__()
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setIconSize(PICTURE)
        self.setGridSize(CELL)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(ROWS * CELL.height() + 2 * self.frameWidth())
        self.currentRowChanged.connect(self._changed)

    def addItem(self, icon: Any, text: str, value: Any) -> None:  # noqa: N802 (Qt's name)
        """One more, at the end."""
        item = QListWidgetItem(icon, text)
        item.setData(Qt.ItemDataRole.UserRole, value)
        super().addItem(item)
        if self.count() == 1:
            self.setCurrentRow(0)

    def setItemData(self, index: int, value: Any, role: Any) -> None:  # noqa: N802 (Qt's name)
        """Something more of one of them, such as its tooltip."""
        self.item(index).setData(role, value)

    def currentData(self) -> Any:  # noqa: N802 (Qt's name)
        """The value of the current one."""
        item = self.currentItem()
        return None if item is None else item.data(Qt.ItemDataRole.UserRole)

    def findData(self, value: Any) -> int:  # noqa: N802 (Qt's name)
        """Where `value` is; -1 if nowhere."""
        return next((place for place, one in enumerate(self._values()) if one == value), -1)

    def setCurrentIndex(self, index: int) -> None:  # noqa: N802 (Qt's name)
        """Let the one at `index` be current, and seen."""
        self.setCurrentRow(index)
        self.scrollToItem(self.currentItem())

    def resizeEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        """Other pictures beside each other: the current one stays in sight."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        if self.currentItem() is not None:
            self.scrollToItem(self.currentItem())

    def _values(self) -> List[Any]:
        return [self.item(place).data(Qt.ItemDataRole.UserRole) for place in range(self.count())]

    def _changed(self, index: int) -> None:
        if index >= 0:
            self.currentIndexChanged.emit(index)
