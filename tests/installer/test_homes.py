"""Every Krita and GIMP 3 of a user is found, where it really looks for plugins."""

import sys
from pathlib import Path

import pytest

from inkwash.installer.plugins import gimp, hosts, krita
from inkwash.installer.plugins.home import Home
from inkwash.installer.plugins.hosts import Host

NATIVE = Host("Krita", (5, 2, 9), "/usr/bin/krita")


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh user of Linux."""
    monkeypatch.setattr(sys, "platform", "linux")
    return tmp_path / "user"


def folders(homes: list[Home]) -> dict[str, Path]:
    return {home.label: home.folder for home in homes}


def test_without_any_host_there_is_no_home(user: Path) -> None:
    assert krita.homes([]) == []
    assert gimp.homes([]) == []


def test_a_krita_that_was_never_started_has_a_home(user: Path) -> None:
    (home,) = krita.homes([NATIVE])
    assert home.folder == user / ".local/share/krita"
    assert home.settings == user / ".config/kritarc"


def test_the_xdg_folders_are_honoured(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(user / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(user / "config"))
    (home,) = krita.homes([NATIVE])
    assert (home.folder, home.settings) == (user / "data/krita", user / "config/kritarc")
    assert folders(gimp.homes([Host("GIMP", (3, 0, 4), "x")])) == {"GIMP 3.0": user / "config/GIMP/3.0"}


def test_an_appimage_that_was_started_once_has_a_home(user: Path) -> None:
    (user / ".local/share/krita").mkdir(parents=True)
    assert folders(krita.homes([])) == {"Krita": user / ".local/share/krita"}


def test_a_krita_told_to_keep_its_resources_elsewhere_is_followed(user: Path) -> None:
    (user / ".config").mkdir(parents=True)
    (user / ".config/kritarc").write_text(f"ResourceDirectory={user}/my art\n")
    assert folders(krita.homes([])) == {"Krita": user / "my art"}


@pytest.mark.parametrize("packing", ["Flatpak", "Snap"])
def test_a_shut_in_krita_has_folders_of_its_own(user: Path, packing: str) -> None:
    (home,) = krita.homes([Host("Krita", (), "somewhere", packing)])
    base = {"Flatpak": ".var/app/org.kde.krita/data", "Snap": "snap/krita/current/.local/share"}[packing]
    rc = {"Flatpak": ".var/app/org.kde.krita/config", "Snap": "snap/krita/current/.config"}[packing]
    assert home == Home("krita", f"Krita ({packing})", user / base / "krita", user / rc / "kritarc", packing)


def test_several_kritas_are_all_found(user: Path) -> None:
    assert len(krita.homes([NATIVE, Host("Krita", (), "x", "Flatpak"), Host("Krita", (), "x", "Snap")])) == 3


def test_a_gimp_has_a_folder_for_each_version(user: Path) -> None:
    for version in ("2.10", "2.99", "3.0", "3.2", "backup of 3.0", "10.0"):
        (user / ".config/GIMP" / version).mkdir(parents=True)
    (user / ".config/GIMP/3.4").write_text("not a folder")
    assert [home.label for home in gimp.homes([])] == ["GIMP 10.0", "GIMP 3.0", "GIMP 3.2"]


def test_gimp_2_has_no_home(user: Path) -> None:
    assert gimp.homes([Host("GIMP", (2, 10, 34), "/usr/bin/gimp")]) == []


def test_shut_in_gimps_have_folders_of_their_own(user: Path) -> None:
    found = folders(gimp.homes([Host("GIMP", (3, 0), "x", "Flatpak"), Host("GIMP", (3, 2, 6), "x", "Snap")]))
    assert found == {
        "GIMP 3.0 (Flatpak)": user / ".var/app/org.gimp.GIMP/config/GIMP/3.0",
        "GIMP 3.2 (Snap)": user / "snap/gimp/current/.config/GIMP/3.2",
    }


def test_gimps_own_variable_is_honoured(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIMP3_DIRECTORY", str(user / "gimp"))
    assert [home.folder for home in gimp.homes([])] == [user / "gimp"]


def test_windows_has_places_of_its_own(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("APPDATA", str(user / "Roaming"))
    monkeypatch.setenv("LOCALAPPDATA", str(user / "Local"))
    store = user / "Local/Packages/49800Krita_RNNN/LocalCache"
    (store / "Roaming/krita").mkdir(parents=True)
    usual, shop = krita.homes([NATIVE])
    assert (usual.folder, usual.settings) == (user / "Roaming/krita", user / "Local/kritarc")
    assert (shop.folder, shop.settings) == (store / "Roaming/krita", store / "Local/kritarc")
    assert folders(gimp.homes([Host("GIMP", (3, 0), "x")])) == {"GIMP 3.0": user / "Roaming/GIMP/3.0"}


def test_macos_has_places_of_its_own(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    (home,) = krita.homes([NATIVE])
    support = user / "Library/Application Support"
    assert (home.folder, home.settings) == (support / "krita", user / "Library/Preferences/kritarc")
    assert folders(gimp.homes([Host("GIMP", (3, 2), "x")])) == {"GIMP 3.2": support / "GIMP/3.2"}


def test_a_flatpak_and_a_snap_tell_their_version(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = user / ".local/share/flatpak/app/org.gimp.GIMP/current/active/files/bin"
    programs.mkdir(parents=True)
    for name in ("gimp-console-3", "gimp-console-3.0", "gimp-console-2.10"):
        (programs / name).touch()
    (user / "snap-root/krita/current/meta").mkdir(parents=True)
    (user / "snap-root/krita/current/meta/snap.yaml").write_text("name: krita\nversion: 5.2.9\nbase: core20\n")
    monkeypatch.setattr(hosts, "SNAPS", user / "snap-root")
    found = {(host.name, host.packing): host.version for host in hosts.find()}
    assert found["GIMP", "Flatpak"] == (3, 0)
    assert found["Krita", "Snap"] == (5, 2, 9)
