"""`glassformer train` from the command line: a model comes out, and no other training goes on."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from trainings_for_tests import (
    Listening,
    arguments,
    backwards,
    changed,
    lines,
    measurements,
    options,
    request,
    weights,
    write,
    write_corpus,
)

import glassformer
from glassformer.cli import run
from glassformer.training.learning import evaluation
from glassformer.training.run import carry_out

TWO_UPDATES = changed(training={"max_updates": 2})

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; gives its code and what it says. Nothing goes to stdout."""

    def command(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        code = run([str(word) for word in words])
        out, err = capsys.readouterr()
        assert out == ""
        return code, err

    return command


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two files of pairs, and a model that learned for two updates from them."""
    folder = tmp_path_factory.mktemp("trained")
    of = request(folder / "model", changed(training={"max_updates": 2}), watch=("red dog",))
    assert run([*arguments(of), "--quiet"]) == 0
    return folder


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(trained, tmp_path / "copy"))


def again(folder: Path, *more: object) -> tuple[object, ...]:
    """The command that has made the folder's model."""
    words = ("--watch", "red dog", *options(TWO_UPDATES), *more)
    return "train", folder / "source", folder / "target", "--output", folder / "model", *words


# A model comes out


@pytest.mark.filterwarnings("ignore:.*the translation repeats")  # as from so short a training
def test_the_folder_is_a_model(trained: Path) -> None:
    names = {path.name for path in (trained / "model").iterdir()}
    assert names == {
        "config.json",
        "tokenizer.json",
        "source.json",
        "weights.safetensors",
        "training.json",
        "card.md",
        "metrics.jsonl",
        "report",
        "watch.safetensors",
        "checkpoints",
    }
    kept = [path.name for path in (trained / "model" / "checkpoints").iterdir()]
    assert kept == ["weights-00000002.safetensors"]
    model = glassformer.load(str(trained / "model"))
    assert model.config.encoder.d_model == 2 * 7
    assert isinstance(model.translate("red dog").text, str)
    record = json.loads((trained / "model" / "training.json").read_text(encoding="utf-8"))
    assert record["averaged"] == [2]
    assert record["scores"]["targets"]["target"]["pairs"] == record["held_out"]["pairs"] == 9
    assert record["asked"]["settings"] == TWO_UPDATES


def test_what_is_chosen_and_measured_is_said(command: Run, tmp_path: Path) -> None:
    write_corpus(tmp_path, 61)
    settings = changed(
        text={"tokenizer": None, "vocabulary": 300},
        model={"dropout": None},
        training={"max_updates": 3, "evaluate_every": 2, "warmup": None},
    )
    code, said = command(
        "train", tmp_path / "source", tmp_path / "target", "--output", tmp_path / "m",
        *options(settings),
    )  # fmt: skip
    assert code == 0
    for line in (
        "55 of 61 pairs to train on; ",
        "6 held out as dev set\n",
        "\nsettings chosen automatically (override with --set section.name=VALUE):\n",
        "\n  model.dropout = 0.3   (",
        "\n  training.warmup = 0   (a quarter of the updates, at most 4,000)\n",
        "parameters; roughly 1.0 GB of memory, 0.0 GB of disk space and 0 minutes for 3 updates\n",
        "\nupdate 2: dev loss ",
        "\nupdate 3: dev loss ",
        "\nthe final weights are the average of the checkpoints at updates 3\n",
        f"\nwrote {tmp_path / 'm'}\n",
        "chrF",
        " on 6 dev pairs, beam size 2\n  nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:",
        f"\nsee it at work: glassformer inspect SENTENCE --model {tmp_path / 'm'}\n",
    ):
        assert line in said
    assert "training.threads" not in said  # it was given


@pytest.mark.parametrize(
    ("dev", "noted", "scored"),
    [
        (["Red dog!", "nobody has said this"], "1 of the 2 dev pairs have", " on 1 dev pairs"),
        (["Red dog!", "Big cat"], "all 2 dev pairs have", "all have a near-duplicate among"),
    ],
)
def test_near_duplicates_of_the_dev_set_are_said(
    command: Run, tmp_path: Path, dev: list[str], noted: str, scored: str
) -> None:
    write(tmp_path / "source", ["red dog", "big old cat"])
    write(tmp_path / "target", ["dog red", "cat old big"])
    write(tmp_path / "dev", dev)
    folder, files = tmp_path / "m", (tmp_path / "source", tmp_path / "target")
    words = ("--dev", tmp_path / "dev", tmp_path / "dev", *options(TWO_UPDATES))
    for begins in (True, False):  # the second time it is complete, and its scores are said again
        code, said = command("train", *files, "--output", folder, *words)
        assert code == 0
        assert (noted in said) == begins
        assert scored in said
        scores = json.loads((folder / "training.json").read_text(encoding="utf-8"))["scores"]
        apart = scores["targets"]["target"]["without_near_duplicates"]
        assert (apart is None) == ("all" in noted)
    card = (folder / "card.md").read_text(encoding="utf-8")
    assert ("All 2 pairs" if apart is None else "1 of the 2 pairs") in card


@pytest.mark.parametrize(("share", "is_said"), [(0.004, True), (0.02, False)])
def test_an_encoder_that_blurs_its_positions_is_warned_of(
    command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float, is_said: bool
) -> None:
    write_corpus(tmp_path, 31)
    monkeypatch.setattr(evaluation, "squares_between_positions", lambda r, lengths: (share, 1.0))
    pairs = (tmp_path / "source", tmp_path / "target")
    code, said = command("train", *pairs, "--output", tmp_path / "m", *options(TWO_UPDATES))
    assert code == 0
    assert (
        "warning: rank collapse: the encoder outputs (R) are nearly the same at all positions"
        in said
    ) == is_said
    assert ("(0.4% of their squared norm differs)" in said) == is_said


def test_it_can_be_quiet_or_speak_chinese(command: Run, tmp_path: Path) -> None:
    write_corpus(tmp_path, 31)
    for number, (words, texts) in enumerate(
        {("--quiet",): (), ("--language", "zh"): ("第 2 步：开发集损失 ", "已写入 ")}.items()
    ):
        pairs = (tmp_path / "source", tmp_path / "target")
        output = tmp_path / str(number)
        code, said = command("train", *pairs, "--output", output, *options(TWO_UPDATES), *words)
        assert code == 0
        assert bool(said) == bool(texts)
        assert all(text in said for text in texts)
    assert weights(tmp_path / "0") == weights(tmp_path / "1")


def test_a_file_of_settings_gives_way_to_the_command_line(command: Run, tmp_path: Path) -> None:
    write_corpus(tmp_path, 31)
    toml = tmp_path / "settings.toml"
    toml.write_text("[training]\nmax_updates = 5\nseed = 3\n")
    settings = changed(training={"max_updates": 2})
    words = ("--config", toml, *options(settings))
    pairs = (tmp_path / "source", tmp_path / "target")
    assert command("train", *pairs, "--output", tmp_path / "m", *words)[0] == 0
    record = json.loads((tmp_path / "m" / "training.json").read_text(encoding="utf-8"))
    assert record["settings"]["training"]["max_updates"] == 2
    assert record["settings"]["training"]["seed"] == 3


def test_pairs_and_dev_sets_come_in_columns_or_lines(command: Run, tmp_path: Path) -> None:
    write_corpus(tmp_path, 31)
    pairs = (tmp_path / "source", tmp_path / "target")
    dev = lines(7, seed=2)
    files = (write(tmp_path / "dev.a", dev), write(tmp_path / "dev.b", backwards(dev)))
    columns = "".join(
        f"{a}\t{b}\tan attribution\n" for a, b in zip(dev, backwards(dev), strict=True)
    )
    (tmp_path / "dev.tsv").write_text(columns)
    (tmp_path / "dev.txt").write_text(columns)
    made = set()
    for number, words in enumerate(
        [
            (*pairs, "--dev", *files, "--output", "0"),
            (*pairs, "--dev", tmp_path / "dev.tsv", "--output", "1"),
            (*pairs, "--dev", tmp_path / "dev.txt", "--output", "2"),
            ("--dev", *files, *pairs, "--output", "3"),
            ("--output", "4", *pairs, "--dev", *files),
            ("--output", "5", *pairs, "--dev", tmp_path / "dev.txt"),
        ]
    ):
        words = tuple(tmp_path / word if word == str(number) else word for word in words)
        assert command("train", *words, *options(TWO_UPDATES), "--quiet") == (0, "")
        made.add(weights(tmp_path / str(number)))
        record = json.loads((tmp_path / str(number) / "training.json").read_text(encoding="utf-8"))
        assert record["held_out"] is None
        assert record["scores"]["targets"]["target"]["pairs"] == 7
    assert len(made) == 1


# The same command again


def test_a_complete_folder_is_left_as_it_is(command: Run, trained: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (trained / "model").rglob("*")}
    code, said = command(*again(trained))
    assert code == 0
    assert said.startswith(f"{trained / 'model'} is complete already\ntarget: BLEU ")
    assert {path: path.stat().st_mtime_ns for path in (trained / "model").rglob("*")} == before


def another_corpus(folder: Path) -> tuple[object, ...]:
    write_corpus(folder, 98)
    return ()


def another_dev(folder: Path) -> tuple[object, ...]:
    (folder / "dev.tsv").write_text("red dog\tdog red\n")
    return "--dev", folder / "dev.tsv"


DIFFERENT: dict[str, tuple[Callable[[Path], tuple[object, ...]], str]] = {
    "corpus": (
        another_corpus,
        "the training pairs changed ({folder}/source, {folder}/target)",
    ),
    "setting": (
        lambda folder: ("--set", "training.seed=2"),
        "training.seed was not given and is now 2",
    ),
    "other setting": (
        lambda folder: ("--set", "training.max_updates=3"),
        "training.max_updates was 2 and is now 3",
    ),
    "dev": (another_dev, "the dev pairs changed ({folder}/dev.tsv)"),
    "watch": (
        lambda folder: ("--watch", "cat"),
        "--watch was ['red dog'] and is now ['red dog', 'cat']",
    ),
    "encoder": (
        lambda folder: ("--encoder-from", folder / "model"),
        "--encoder-from was not given and is now {folder}/model",
    ),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_another_training_is_refused(what: str, command: Run, folder: Path) -> None:
    change, difference = DIFFERENT[what]
    code, said = command(*again(folder, *change(folder)))
    assert code == 1
    assert said == (
        f"glassformer: {folder / 'model'} holds another training: "
        f"{difference.format(folder=folder)}. Give another --output FOLDER, or --force to "
        "start over there\n"
    )


def test_several_differences_are_all_named(command: Run, folder: Path) -> None:
    more = ("--set", "model.dropout=0.2", "--set", "training.seed=2", *another_dev(folder))
    _, said = command(*again(folder, *more))
    for part in ("model.dropout was 0.1 and is now 0.2", "training.seed", "the dev pairs"):
        assert part in said


def test_what_weights_do_not_depend_on_may_change(command: Run, folder: Path) -> None:
    (folder / "source").rename(folder / "other")
    words = list(again(folder, "--language", "zh"))
    words[1] = folder / "other"
    code, said = command(*words)
    assert code == 0
    assert "已经训练完成" in said


def test_force_begins_anew(command: Run, folder: Path) -> None:
    model = folder / "model"
    (model / "my notes.txt").write_text("mine")
    code, said = command(*again(folder, "--force", "--set", "training.seed=2"))
    assert code == 0
    assert "complete already" not in said
    assert json.loads((model / "training.json").read_text())["settings"]["training"]["seed"] == 2
    assert [one["update"] for one in measurements(model)] == [1, 2, 2]
    assert (model / "my notes.txt").read_text() == "mine"
    before = weights(model)
    assert command(*again(folder, "--force"))[0] == 0
    assert weights(model) != before


# Other folders


def test_the_folder_of_another_model_is_refused(command: Run, folder: Path) -> None:
    model = folder / "model"
    shutil.rmtree(model / "checkpoints")
    (model / "training.json").unlink()
    code, said = command(*again(folder))
    assert code == 1
    assert said == (
        f"glassformer: {model} holds a model, and no training that could be resumed: give another "
        "--output FOLDER, or --force to replace it\n"
    )
    assert command(*again(folder, "--force"))[0] == 0


def test_a_record_that_is_damaged_is_refused(command: Run, folder: Path) -> None:
    record = folder / "model" / "training.json"
    record.write_text(record.read_text()[:100])
    code, said = command(*again(folder))
    assert code == 1
    assert said.startswith(f"glassformer: cannot read {record} (")
    assert said.endswith("): start again with another --output FOLDER, or --force\n")


def test_a_file_is_no_folder(command: Run, folder: Path) -> None:
    shutil.rmtree(folder / "model")
    (folder / "model").write_text("a file")
    code, said = command(*again(folder))
    assert code == 1
    assert said == f"glassformer: cannot create the folder {folder / 'model'}: File exists\n"


def test_an_unfinished_folder_is_no_model_yet(command: Run, tmp_path: Path) -> None:
    of = request(tmp_path / "model", TWO_UPDATES)
    with pytest.raises(KeyboardInterrupt):
        carry_out(of, Listening(1))
    encode = ("encode", tmp_path / "source", "--output", tmp_path / "r.npz")
    for words in (("inspect", "red dog"), encode):
        code, said = command(*words, "--model", of.output)
        assert code == 1
        assert said == (
            f"glassformer: {of.output} is incomplete: it has no weights.safetensors. Resume its "
            f"training with the same arguments and --output {of.output}\n"
        )
