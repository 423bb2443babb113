"""`glassformer serve`: what it refuses, what it says, and how it ends."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from models_for_tests import translator_config, write_folder

from glassformer.cli import run
from glassformer.server.serving import TOKEN, loaded, names_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("models") / "lesson", translator_config())


@pytest.fixture(autouse=True)
def _no_token_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN, raising=False)


class Served:
    """`glassformer serve` as a process, with its address when it answers."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "glassformer", "serve", "--port", "0", *arguments],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )

    def address(self) -> str:
        assert self.process.stderr is not None
        line = self.process.stderr.readline()
        assert line.startswith("serving at http://127.0.0.1:"), line
        return line.split()[2]

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        """The exit code, and what is left on stdout and stderr."""
        self.process.send_signal(number)
        out, error = self.process.communicate(timeout=40)
        return self.process.returncode, out, error


@pytest.fixture(scope="module")
def both(folder: Path) -> Iterator[tuple[Served, Served]]:
    """Two servers, which load at the same time: a plain one, and one with a token."""
    servers = (
        Served("--model", str(folder)),
        Served("--model", f"fr={folder}", "--host", "0.0.0.0", **{TOKEN: "t" * 20}),
    )
    yield servers
    for one in servers:
        if one.process.poll() is None:
            one.process.kill()
            one.process.communicate()


def test_a_server_answers_what_it_was_asked_before_it_ends(both: tuple[Served, Served]) -> None:
    address = both[0].address()
    assert httpx.get(f"{address}api/models").json()["models"][0]["name"] == "lesson"
    foreign = {"Origin": "http://127.0.0.1:3000"}
    assert httpx.get(f"{address}api/models", headers=foreign).status_code == 403
    answers: list[httpx.Response] = []
    long = {"text": ["the dog ate the food"] * 60, "to": "fr", "beam_size": 16}
    asking = threading.Thread(
        target=lambda: answers.append(httpx.post(f"{address}api/translate", json=long, timeout=40))
    )
    asking.start()
    while "in_flight 1" not in httpx.get(f"{address}metrics").text:
        time.sleep(0.01)
    assert both[0].end(signal.SIGTERM) == (143, "", "glassformer: terminated\n")
    asking.join(40)
    assert answers[0].status_code == 200
    assert len(answers[0].json()["translations"]) == 60


def test_with_a_token_it_serves_other_machines(both: tuple[Served, Served]) -> None:
    address = both[1].address()
    asked = {"text": "a dog", "to": "fr", "model": "fr"}
    assert httpx.get(f"{address}api/translate", params=asked).status_code == 401
    token = {"Authorization": f"Bearer {'t' * 20}"}
    assert httpx.get(f"{address}api/translate", params=asked, headers=token).status_code == 200
    assert both[1].end(signal.SIGINT) == (130, "", "\nglassformer: interrupted\n")


def refused(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    assert run(["serve", *arguments]) == code
    out, error = capsys.readouterr()
    assert out == ""
    assert len(error.splitlines()) == 1
    return error


def test_an_address_for_others_needs_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    for host in ("0.0.0.0", "::", "192.168.0.9", "class.example.org", ""):
        said = refused(capsys, 2, "--host", host)
        assert TOKEN in said
        assert "--no-token" in said


@pytest.mark.parametrize("token", ["", "short", "with a space in it all", "ünïcödeünïcöde"])
def test_a_token_is_not_guessed_easily(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    token: str,
) -> None:
    monkeypatch.setenv(TOKEN, token)
    said = refused(capsys, 2)
    (tmp_path / "token").write_text(token + "\n", encoding="utf-8")
    assert said == refused(capsys, 2, "--token-file", str(tmp_path / "token"))
    assert "16 characters" in said
    if token:
        assert token not in said


def test_what_excludes_each_other_or_is_not_there_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "token"
    assert "cannot read" in refused(capsys, 1, "--token-file", str(file))
    file.write_bytes(b"\xff" * 20)
    assert "cannot read" in refused(capsys, 1, "--token-file", str(file))
    assert "exclude" in refused(capsys, 2, "--token-file", str(file), "--no-token")
    assert "no model" in refused(capsys, 1, "--model", "nonsense")
    assert "--allow-host" in refused(
        capsys, 2, "--allow-host", "a/b", "--model", "x=nonsense", "--port", "0"
    )
    assert "--port" in refused(capsys, 2, "--port", "65536")


def test_an_address_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        said = refused(capsys, 1, "--port", port)
        assert said.startswith(f"glassformer: cannot listen on 127.0.0.1, port {port}: ")
        assert "Address already in use" in said
        assert "地址已被占用" in refused(capsys, 1, "--port", port, "--language", "zh")


def test_without_the_extra_it_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(sys.modules):
        if name.startswith(("starlette", "uvicorn", "glassformer.server.")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "starlette", None)
    monkeypatch.setitem(sys.modules, "starlette.requests", None)
    assert "pip install 'glassformer[serve]'" in refused(capsys, 1, "--port", "0")


def test_help_imports_neither_torch_nor_a_server() -> None:
    code = (
        "import sys\nfrom glassformer.cli import run\n"
        "assert run(['serve', '--help']) == 0\n"
        "assert not {'torch', 'starlette', 'uvicorn', 'numpy'} & {*sys.modules}\n"
    )
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert seen.returncode == 0, seen.stderr
    assert "--allow-host" in seen.stdout


def test_models_have_names_without_their_folders(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "a=b"
    other.mkdir()
    (tmp_path / "odd name").mkdir()
    assert names_of([str(folder), "all-MiniLM-L6-v2", "owner/hub-name", "x=owner/y"]) == {
        "lesson": str(folder),
        "all-MiniLM-L6-v2": "all-MiniLM-L6-v2",
        "hub-name": "owner/hub-name",
        "x": "owner/y",
    }
    assert names_of([f"{folder}/"]) == {"lesson": f"{folder}/"}


def test_a_model_is_loaded_by_its_folder_so_that_no_request_asks_the_hub(folder: Path) -> None:
    found = loaded({"box": "en-fr-de-zh", "x": str(folder)}, device="cpu")
    assert [*found] == ["box", "x"]
    assert all(Path(model.name).is_dir() for model in found.values())


@pytest.mark.parametrize(
    ("models", "said"),
    [
        (["a/x", "b/x"], "two models would be called 'x'"),
        (["x=a", "x=b"], "two models would be called 'x'"),
        (["a b"], "'a b' cannot be the name of a model"),
        (["x="], "cannot be the name of a model"),
    ],
)
def test_a_name_that_cannot_be_is_refused(
    capsys: pytest.CaptureFixture[str], models: list[str], said: str
) -> None:
    arguments = [word for one in models for word in ("--model", one)]
    assert said in refused(capsys, 2, *arguments)
