"""What scenes do with Inkwash's docker, as an artist would. Imported inside Krita only."""

import os

from PyQt5.QtGui import QImage
from scenery import APP, add_layer, new_document, until

FOLDER = os.environ["INKWASH_FOLDER"]


def main():
    return APP.activeWindow().qwindow()


def inkwash_docker():
    """The docker as the artist left it."""
    return next(docker for docker in APP.dockers() if docker.objectName() == "inkwash")


def docker():
    """The docker, brought to the front."""
    found = inkwash_docker()
    found.setVisible(True)
    found.raise_()
    return found


def panel():
    return docker().panel


def session():
    return inkwash_docker().panel.console._session


def photograph(name, widget=None):
    """Save what `widget`, or the whole window, looks like."""
    file = os.path.join(FOLDER, name + ".png")
    (widget or main()).grab().save(file)
    return file


def choose(filter):
    box = panel().choice
    box.setCurrentIndex(box.findData(filter))
    box.activated.emit(box.currentIndex())


def ended():
    yield from until(lambda: not session().runner.running)
    yield 0.3


def drawing(file):
    """A colour document with the drawing `file` (its lines) and its hints, as an artist has them."""
    lines = QImage(file).convertToFormat(QImage.Format_ARGB32)
    hints = QImage(file.replace("-line", "-hints")).convertToFormat(QImage.Format_ARGB32)
    document = yield from new_document(lines.width(), lines.height())
    nodes = []
    for name, image in (("Lines", lines), ("Hints", hints)):
        bits = image.constBits()
        bits.setsize(image.sizeInBytes())
        nodes.append(add_layer(document, name, bytes(bits)))
    document.refreshProjection()
    document.setActiveNode(nodes[0])
    yield 0.5
    return document
