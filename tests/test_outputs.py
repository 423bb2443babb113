"""Results are there whole or not at all."""

import errno
import os
import stat
from pathlib import Path

import pytest

from glassformer.errors import InputError, OutputError
from glassformer.outputs import check_writable, replacing


class Failure(BaseException):
    """Something that nobody expects."""


FAILURES = [
    KeyboardInterrupt(),
    SystemExit(3),
    MemoryError(),
    ValueError(),
    InputError("no"),
    Failure(),
]


def complaint(path: Path, *, force: bool = True) -> str:
    """The one line that both the check beforehand and the writing itself end in."""
    messages = set()
    with pytest.raises(OutputError) as caught:
        check_writable(path, force=force)
    messages.add(str(caught.value))
    with pytest.raises(OutputError) as caught, replacing(path, force=force):
        pytest.fail("there is nothing to write to")
    messages.add(str(caught.value))
    message = messages.pop()
    assert not messages
    assert str(path) in message
    assert "\n" not in message
    return message


def write(path: Path, text: str, failure: BaseException | None = None) -> None:
    with replacing(path) as temporary:
        if text:
            temporary.write_text(text)
        if failure is not None:
            raise failure


def test_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "new.txt"
    with replacing(path, force=False) as temporary:
        temporary.write_text("new")
        assert temporary.parent == tmp_path  # so that renaming is one step
        assert not path.exists()
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_file_stands_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize("begun", ["", "half of the n"])
def test_any_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, failure: BaseException, begun: str
) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(type(failure)) as caught:
        write(path, begun, failure)
    assert caught.value is failure
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_any_failure_leaves_no_file_where_there_was_none(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "file", "half", KeyboardInterrupt())
    assert not list(tmp_path.iterdir())


def test_a_full_disk(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(OutputError, match=r"cannot write .*file: No space left on device"):
        write(path, "half", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_to_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OutputError, match=r"cannot write .*file: Input/output error"):
        write(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_written_is_an_error_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(OutputError):
        write(path, "")
    assert path.read_text() == "old"


def test_the_old_file_is_kept_without_force(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    assert "already exists" in complaint(path, force=False)
    assert "or force=True to overwrite it" in complaint(path, force=False)
    assert path.read_text() == "old"
    check_writable(path, force=True)


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    assert f"the folder {tmp_path / 'no'}" in complaint(tmp_path / "no" / "file")
    (tmp_path / "a file").touch()
    assert "does not exist" in complaint(tmp_path / "a file" / "file")


@pytest.mark.parametrize("force", [False, True])
def test_a_target_that_is_a_folder(tmp_path: Path, force: bool) -> None:
    (tmp_path / "folder").mkdir()
    assert "is a folder" in complaint(tmp_path / "folder", force=force)
    assert (tmp_path / "folder").is_dir()


@pytest.mark.parametrize("force", [False, True])
def test_a_target_that_is_no_ordinary_file(tmp_path: Path, force: bool) -> None:
    """A renamed file would take the place of /dev/null, if an administrator asks for it."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "device or a pipe" in complaint(pipe, force=force)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert "device or a pipe" in complaint(Path("/dev/null"), force=force)


def test_a_name_in_the_folder_we_are_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with replacing(Path("file")) as temporary:
        temporary.write_text("new")
    assert (tmp_path / "file").read_text() == "new"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_a_folder_without_permission(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    assert "no permission" in complaint(folder / "file")


def test_a_folder_without_permission_as_the_system_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert f"no permission to write in {tmp_path}" in complaint(tmp_path / "file")


def test_others_may_read_what_the_user_lets_them_read(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        with replacing(tmp_path / "file") as temporary:
            temporary.write_text("new")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640
