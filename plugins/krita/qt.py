"""Qt as this Krita has it: PyQt5 (Krita 5) or PyQt6 (Krita 6).

Everything that the plugin uses of Qt comes from here and nowhere else. Enums are written in full
(`Qt.AlignmentFlag.AlignTop`), which both versions understand.
"""

import sys
from importlib import import_module
from typing import Any

# Krita has loaded the binding that fits it by now; to load the other one beside it would crash.
BINDING = "PyQt6" if "PyQt6.QtCore" in sys.modules else "PyQt5"

core: Any = import_module(BINDING + ".QtCore")
gui: Any = import_module(BINDING + ".QtGui")
widgets: Any = import_module(BINDING + ".QtWidgets")

QAbstractItemView = widgets.QAbstractItemView
QApplication = widgets.QApplication
QCheckBox = widgets.QCheckBox
QColor = gui.QColor
QComboBox = widgets.QComboBox
QDialog = widgets.QDialog
QDialogButtonBox = widgets.QDialogButtonBox
QDoubleSpinBox = widgets.QDoubleSpinBox
QEvent = core.QEvent
QFileDialog = widgets.QFileDialog
QFrame = widgets.QFrame
QGridLayout = widgets.QGridLayout
QHBoxLayout = widgets.QHBoxLayout
QIcon = gui.QIcon
QImage = gui.QImage
QLabel = widgets.QLabel
QLineEdit = widgets.QLineEdit
QListView = widgets.QListView
QListWidget = widgets.QListWidget
QListWidgetItem = widgets.QListWidgetItem
QMdiArea = widgets.QMdiArea
QMenu = widgets.QMenu
QMessageBox = widgets.QMessageBox
QObject = core.QObject
QPainter = gui.QPainter
QPalette = gui.QPalette
QPen = gui.QPen
QPixmap = gui.QPixmap
QPlainTextEdit = widgets.QPlainTextEdit
QPoint = core.QPoint
QProgressBar = widgets.QProgressBar
QPushButton = widgets.QPushButton
QRect = core.QRect
QRectF = core.QRectF
QScrollArea = widgets.QScrollArea
QSize = core.QSize
QSizePolicy = widgets.QSizePolicy
QSlider = widgets.QSlider
QSpinBox = widgets.QSpinBox
QStyle = widgets.QStyle
QTextOption = gui.QTextOption
QThread = core.QThread
QTimer = core.QTimer
QToolButton = widgets.QToolButton
QTransform = gui.QTransform
QVBoxLayout = widgets.QVBoxLayout
QWidget = widgets.QWidget
Qt = core.Qt
pyqtSignal = core.pyqtSignal  # noqa: N816 (Qt's name)
sip = import_module(BINDING + ".sip")
