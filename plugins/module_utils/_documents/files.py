# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Read and write regular files: documents, exports, backups and journals.

This module refuses to read devices, FIFOs and links that leave their folder, and to write through links. Written files
contain personal data, so only their owner can read them. Windows and its permissions are not supported.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable

from .._core import errors

# The limit for one document. A directory of 50,000 users is about 30 MB of JSON.
MAX_DOCUMENT_BYTES = 64 * 1024 * 1024


PRIVATE_FILE = 0o600


PRIVATE_FOLDER = 0o700


_KINDS = (
    (stat.S_ISREG, "a file"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def require_possible_path(name: str, path: str) -> None:
    """Refuse text that no system call accepts as a path.

    :param name: the option that contains the path.
    :raises InputError: the text is not a valid path.
    """
    try:
        if b"\0" not in os.fsencode(path):
            return
        reason = "contains a NUL character"
    except UnicodeEncodeError:
        reason = "contains half of a surrogate pair"
    raise errors.InputError(f"{name} is not a valid path: it {reason}")


def file_error(error: Exception) -> str:
    """Return the reason of a file error for a message."""
    return getattr(error, "strerror", None) or errors.one_line(error, 100)


def not_regular(mode: int) -> str | None:
    """Return the kind of a file that is not regular, such as ``a FIFO``, or None for a regular file."""
    return None if stat.S_ISREG(mode) else _kind_of(mode)


def _kind_of(mode: int) -> str:
    return next((text for test, text in _KINDS if test(mode)), "a special file")


def leaves_folder(path: str) -> bool:
    """Return whether a path is a link whose target is outside the folder of the link."""
    path = path.rstrip(os.sep) or path
    if not os.path.islink(path):
        return False
    folder = os.path.realpath(os.path.dirname(os.path.abspath(path)))
    return os.path.commonpath([folder, os.path.realpath(path)]) != folder


def read_bytes(path: str, max_bytes: int = MAX_DOCUMENT_BYTES) -> bytes:
    """Return the content of a regular file.

    :raises DirectoryError: the file cannot be read, is larger than ``max_bytes``, or is not regular. The reason names the path.
    """
    try:
        # Without O_NONBLOCK, opening a FIFO would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            other = not_regular(os.fstat(descriptor).st_mode)
            if other:
                raise errors.DirectoryError(f"{path} cannot be read: it is {other}, not a regular file")
            content = file.read(max_bytes + 1)
    except OSError as error:
        raise errors.DirectoryError(f"{path} cannot be read: {file_error(error)}") from error
    if len(content) > max_bytes:
        raise errors.DirectoryError(f"{path} cannot be read: it is larger than {max_bytes // 1024 // 1024} MiB")
    return content


def read_text(path: str, max_bytes: int = MAX_DOCUMENT_BYTES) -> str:
    """Return the text of a regular UTF-8 file, with or without a byte order mark.

    :raises DirectoryError: as :func:`read_bytes`, or the file is not UTF-8. The reason never quotes the content.
    """
    try:
        return read_bytes(path, max_bytes).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise errors.DirectoryError(f"{path} cannot be read: it is not UTF-8 text") from None


def require_writable(name: str, path: str) -> None:
    """Refuse a path to which a later write would fail, so that check mode reports it.

    :param name: the option that contains the path.
    :raises InputError: the path is a link, a folder or a special file, or its folder is missing or not writable.
    """
    refusal = _refusal(path)
    if refusal is None:
        folder = os.path.dirname(os.path.abspath(path))
        refusal = _folder_refusal(folder) if os.path.lexists(folder) else f"the folder {folder} does not exist"
    if refusal:
        raise errors.InputError(f"{name} {path} cannot be written: {refusal}")


def require_writable_folder(name: str, path: str) -> None:
    """Refuse a folder that cannot be written to or created.

    :param name: the option that contains the path.
    :raises InputError: the path is a link or not a folder, or the folder, or the nearest existing parent, is not writable.
    """
    folder = os.path.abspath(path)
    refusal = _refusal(folder, stat.S_ISDIR)
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    refusal = refusal or _folder_refusal(folder)
    if refusal:
        raise errors.InputError(f"{name} {path} cannot be written: {refusal}")


def _folder_refusal(folder: str) -> str | None:
    if not os.path.isdir(folder):
        return f"{folder} is not a folder"
    return None if os.access(folder, os.W_OK | os.X_OK) else f"the folder {folder} is not writable"


def _refusal(path: str, expected: Callable[[int], bool] = stat.S_ISREG) -> str | None:
    """Return why an existing path must not be written: it is a link, or does not have the expected type; None otherwise."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return None
    if stat.S_ISLNK(mode):
        return f"it is a symbolic link. Use its target {os.path.realpath(path)} instead"
    return None if expected(mode) else f"it is {_kind_of(mode)}"


def make_folders(path: str) -> None:
    """Create a folder and its parents with access only for the owner. Existing folders are not changed.

    :raises OSError: a folder cannot be created.
    """
    if path and not os.path.isdir(path):
        make_folders(os.path.dirname(path))
        os.mkdir(path, PRIVATE_FOLDER)


def write_text(path: str, text: str, make_folder: bool = False) -> None:
    """Write a text to a file atomically. Only the owner can read the file.

    :param make_folder: whether to create the folder of the file if it is missing.
    :raises DirectoryError: the file cannot be written, or the path is a link, a folder or a special file.
    """
    folder = os.path.dirname(os.path.abspath(path))
    temporary = None
    refusal = _refusal(path)
    if refusal:
        raise errors.DirectoryError(f"{path} cannot be written: {refusal}")
    try:
        if make_folder:
            make_folders(folder)
        # The temporary file has mode 0600. It replaces the file, including its mode.
        descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".p1-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, path)
    except (OSError, UnicodeEncodeError) as error:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
        raise errors.DirectoryError(f"{path} cannot be written: {file_error(error)}") from error


def open_private(path: str) -> int:
    """Open a file for writing, truncated and readable only by its owner, and return the descriptor.

    Use it for files that grow while other processes may read them. Use :func:`write_text` for all other files.

    :raises OSError: the file cannot be opened, or its mode cannot be set.
    :raises InputError: the path is a link, a folder or a special file, or the file has several hard links.
    """
    refusal = _refusal(path)
    if refusal:
        raise errors.InputError(refusal)
    descriptor = os.open(
        path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY, PRIVATE_FILE
    )
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise errors.InputError("it is not a regular file")
        if status.st_nlink > 1:
            raise errors.InputError("it is a hard link: the same file has another name")
        os.fchmod(descriptor, PRIVATE_FILE)
        os.ftruncate(descriptor, 0)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def remove_file(path: str) -> None:
    """Remove a file.

    :raises DirectoryError: the file cannot be removed.
    """
    try:
        os.unlink(path)
    except OSError as error:
        raise errors.DirectoryError(f"{path} cannot be removed: {file_error(error)}") from error
