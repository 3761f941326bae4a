# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test files: only regular files are read and written, completely or not at all, with access for the owner only."""

from __future__ import annotations

import os
import stat

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._core.errors import DirectoryError, InputError
from ansible_collections.pingone.directory.plugins.module_utils._documents.files import (
    open_private,
    read_text,
    remove_file,
    require_possible_path,
    require_writable,
    require_writable_folder,
    write_text,
)


@pytest.mark.parametrize(
    ("path", "reason"),
    [("a\0b", "a NUL character"), ("\0", "a NUL character"), ("\ud800", "half of a surrogate pair")],
)
def test_an_invalid_path(path, reason):
    with pytest.raises(InputError) as refused:
        require_possible_path("journal", path)
    assert str(refused.value) == f"journal is not a valid path: it contains {reason}"
    assert require_possible_path("journal", "ä b") is None


def test_a_file_is_written_completely_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "d.yml"
    path.write_text("before", encoding="utf-8")
    path.chmod(0o640)

    def refuse(*_unused):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", refuse)
        with pytest.raises(DirectoryError, match="d.yml cannot be written: No space left on device"):
            write_text(str(path), "after")
    assert path.read_text(encoding="utf-8") == "before"
    assert os.listdir(tmp_path) == ["d.yml"]
    write_text(str(path), "after")
    assert path.read_text(encoding="utf-8") == "after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600  # personal data


def test_folders_are_created_for_the_owner_only(tmp_path):
    with pytest.raises(DirectoryError, match="cannot be written: No such file or directory"):
        write_text(str(tmp_path / "none" / "d.yml"), "x")
    before = os.umask(0)
    try:
        write_text(str(tmp_path / "made" / "too" / "d.yml"), "x", make_folder=True)
    finally:
        os.umask(before)
    for name, mode in {"made": 0o700, "made/too": 0o700, "made/too/d.yml": 0o600}.items():
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == mode, name
    remove_file(str(tmp_path / "made" / "too" / "d.yml"))
    with pytest.raises(DirectoryError, match="cannot be removed"):
        remove_file(str(tmp_path / "made" / "too" / "d.yml"))


def test_the_file_mode_does_not_depend_on_the_umask(tmp_path):
    before = os.umask(0)
    try:
        write_text(str(tmp_path / "d.yml"), "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "d.yml").stat().st_mode) == 0o600


@pytest.fixture
def odd(tmp_path):
    """Return paths that must not be written, with the reason that is reported."""
    (tmp_path / "target").write_text("precious", encoding="utf-8")
    (tmp_path / "target").chmod(0o644)
    (tmp_path / "link").symlink_to("target")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    return {
        str(tmp_path / "link"): f"it is a symbolic link. Use its target {tmp_path}/target instead",
        str(tmp_path / "dangling"): "it is a symbolic link",
        str(tmp_path / "folder"): "it is a folder",
        str(tmp_path / "fifo"): "it is a FIFO",
        "/dev/null": "it is a device",
    }


def test_links_and_special_files_are_not_written(odd, tmp_path):
    for path, reason in odd.items():
        with pytest.raises(DirectoryError) as refused:
            write_text(path, "x")
        assert str(refused.value).startswith(f"{path} cannot be written: {reason}")
        with pytest.raises(InputError) as refused:
            require_writable("backup", path)
        assert str(refused.value).startswith(f"backup {path} cannot be written: {reason}")
        with pytest.raises((InputError, OSError)):
            os.close(open_private(path))
    assert (tmp_path / "target").read_text(encoding="utf-8") == "precious"
    assert stat.S_IMODE((tmp_path / "target").stat().st_mode) == 0o644
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_hard_link_is_not_truncated(tmp_path):
    (tmp_path / "target").write_text("precious", encoding="utf-8")
    os.link(tmp_path / "target", tmp_path / "journal")
    with pytest.raises(InputError, match="hard link"):
        open_private(str(tmp_path / "journal"))
    write_text(str(tmp_path / "journal"), "x")
    assert (tmp_path / "target").read_text(encoding="utf-8") == "precious"


def test_a_writable_path(tmp_path, monkeypatch):
    require_writable("backup", str(tmp_path / "new.yml"))
    require_writable_folder("dest", f"{tmp_path}/new/folder/")
    with pytest.raises(InputError, match="the folder .*/none does not exist"):
        require_writable("backup", str(tmp_path / "none" / "d.yml"))
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file is not a folder"):
        require_writable("backup", str(tmp_path / "file" / "d.yml"))
    with pytest.raises(InputError, match="it is a file"):
        require_writable_folder("dest", f"{tmp_path}/file/")
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(InputError, match="it is a symbolic link"):
        require_writable_folder("dest", f"{tmp_path}/link/")
    monkeypatch.setattr(os, "access", lambda *_unused: False)
    for check in (require_writable, require_writable_folder):
        with pytest.raises(InputError, match="the folder .* is not writable"):
            check("backup", str(tmp_path / "d"))


def test_reading_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    for path, reason in ((str(tmp_path / "fifo"), "a FIFO"), ("/dev/zero", "a device"), (str(tmp_path), "a folder")):
        with pytest.raises(DirectoryError, match=f"cannot be read: it is {reason}|Is a directory"):
            read_text(path)
    (tmp_path / "large").write_bytes(b"x" * 11)
    with pytest.raises(DirectoryError, match="larger than"):
        read_text(str(tmp_path / "large"), 10)
    (tmp_path / "odd").write_bytes(b"\xef\xbb\xbfa\r\nb")
    assert read_text(str(tmp_path / "odd")) == "a\nb"
