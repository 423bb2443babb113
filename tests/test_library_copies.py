"""A model can be copied, pickled, sent to workers and used in a forked child."""

import copy
import os
import pickle
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tokenizers
import torch
from models_for_tests import SENTENCE, loaded, translator_config, write_folder
from tokenizers import models, pre_tokenizers

from glassformer.errors import TraceError, UsageError
from glassformer.library.model import Glassformer
from glassformer.model.transformer import Transformer
from glassformer.text.tokenizer import Tokenizer
from glassformer.tracing.recorder import Recorder

TEXTS = [SENTENCE, "it was [SEP] tasty", "the dog ate"]


@pytest.fixture
def model() -> Glassformer:
    return loaded(translator_config())


def assert_works_alike(one: Glassformer, other: Glassformer) -> None:
    assert one.config == other.config
    for left, right in zip(one.encode(TEXTS), other.encode(TEXTS), strict=True):
        assert left.tokens == right.tokens
        assert left.words == right.words
        np.testing.assert_array_equal(left.vectors, right.vectors)
    assert one.translate(TEXTS, to="de") == other.translate(TEXTS, to="de")
    expected, trace = one.inspect(SENTENCE, to="fr"), other.inspect(SENTENCE, to="fr")
    assert [*trace] == [*expected]
    for name in expected:
        np.testing.assert_array_equal(trace[name], expected[name], err_msg=name)


def assert_tied(model: Transformer) -> None:
    assert model.output is not None
    assert model.decoder is not None
    table = model.encoder.embedding.tokens.weight
    assert model.output.weight is model.decoder.embedding.tokens.weight is table


def assert_of_one_piece(model: Glassformer) -> None:
    """Its parts work on one model and one tokenizer, not on copies of their own."""
    assert model.encoder.model is model.translator.model is model.model
    assert model.encoder.tokenizer is model.translator.source is model.tokenizer
    assert model.target_tokenizer is model.tokenizer
    assert_tied(model.model)


@pytest.mark.parametrize("used", [False, True])
def test_a_pickled_model_works_alike(model: Glassformer, used: bool) -> None:
    if used:
        assert_works_alike(model, model)
    again = pickle.loads(pickle.dumps(model))
    assert_of_one_piece(again)
    assert_works_alike(model, again)
    assert again.name == model.name
    assert again.pooling == model.pooling


def test_a_pickled_model_and_its_second_tree_still_share_their_weights(model: Glassformer) -> None:
    whole, tree = pickle.loads(pickle.dumps((model.model, model.model.second_tree())))
    assert whole is not tree
    for one, other in zip(whole.parameters(), tree.parameters(), strict=True):
        assert one is other
    assert_tied(tree)


def test_a_deep_copy_has_weights_of_its_own(model: Glassformer) -> None:
    model.inspect(SENTENCE)
    again = copy.deepcopy(model)
    assert_of_one_piece(again)
    assert_works_alike(model, again)
    ours = {weight.data_ptr() for weight in model.model.parameters()}
    assert ours.isdisjoint(weight.data_ptr() for weight in again.model.parameters())
    before = model.encode(SENTENCE).vectors
    with torch.no_grad():
        for weight in again.model.parameters():
            weight.mul_(1.5)
    np.testing.assert_array_equal(model.encode(SENTENCE).vectors, before)
    assert not np.array_equal(again.encode(SENTENCE).vectors, before)
    assert not np.array_equal(
        again.inspect(SENTENCE)["encoder"], model.inspect(SENTENCE)["encoder"]
    )


def test_copies_can_be_made_and_used_in_threads(model: Glassformer) -> None:
    expected = model.inspect(SENTENCE, to="fr")["logits"]

    def work(number: int) -> np.ndarray:
        one = copy.deepcopy(model) if number % 2 else pickle.loads(pickle.dumps(model))
        return (one if number % 3 else model).inspect(SENTENCE, to="fr")["logits"]

    with ThreadPoolExecutor(4) as threads:
        for found in threads.map(work, range(12)):
            np.testing.assert_array_equal(found, expected)


def test_a_copied_tokenizer_reads_special_tokens_as_text_as_before() -> None:
    pieces = ["[UNK]", "[SEP]", "[", "]", "S", "##E", "##P", "a"]
    vocabulary = {piece: id for id, piece in enumerate(pieces)}
    backend = tokenizers.Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.add_special_tokens(["[UNK]", "[SEP]"])
    tokenizer = Tokenizer(backend)
    ids = tokenizer.encode("a [SEP]").ids
    assert ids == [7, 2, 4, 5, 6, 3]
    for again in (pickle.loads(pickle.dumps(tokenizer)), copy.deepcopy(tokenizer)):
        assert again.to_json() == tokenizer.to_json()
        assert again.encode("a [SEP]").ids == ids
        assert again.encode("a [SEP]", special_tokens="parse").ids == [7, 1]
        assert again.ids_of_batch(["a [SEP]"], special=True) == [ids]


def test_an_encoding_is_sent_without_its_tokenizer(model: Glassformer) -> None:
    encoding = model.encode(SENTENCE)
    sent = pickle.dumps(encoding)
    assert len(sent) < len(model.tokenizer.to_json()) / 2
    again = pickle.loads(sent)
    assert (again.text, again.tokens, again.words) == (SENTENCE, encoding.tokens, encoding.words)
    assert again.word_of_token == encoding.word_of_token
    assert again.tokenized.special == encoding.tokenized.special
    np.testing.assert_array_equal(again.vectors, encoding.vectors)


def test_a_trace_is_sent_without_its_model(model: Glassformer) -> None:
    trace = model.inspect(SENTENCE, to="de")
    again = pickle.loads(pickle.dumps(trace))
    for name in trace:
        assert torch.equal(again.tensor(name), trace.tensor(name)), name
    assert again.steps() == trace.steps()
    assert (again.source, again.target, again.to) == (trace.source, trace.target, trace.to)
    assert (again.translations, again.predictions) == (trace.translations, trace.predictions)
    cell = "logits", (1, 5)
    with pytest.raises(TraceError, match=r"trace\.with_model"):
        again.explain(*cell)
    whole = again.with_model(model.model)
    assert whole.explain(*cell).recomputed == trace.explain(*cell).recomputed
    assert copy.deepcopy(trace).explain(*cell).value == trace.explain(*cell).value
    with pytest.raises(TraceError, match="another configuration"):
        again.with_model(loaded(translator_config(output_bias=False)).model)


def test_a_recorder_is_copied_without_its_tree(model: Glassformer) -> None:
    recorder = Recorder(model.model)
    expected = recorder.record(torch.tensor([[5, 6, 7]]))
    for again in (pickle.loads(pickle.dumps(recorder)), copy.deepcopy(recorder)):
        found = again.record(torch.tensor([[5, 6, 7]]))
        assert all(torch.equal(found[name], expected[name]) for name in expected)


# Workers


def test_a_spawned_worker_is_sent_the_model(tmp_path: Path) -> None:
    write_folder(tmp_path / "model", translator_config())
    script = tmp_path / "spawning.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import multiprocessing, numpy, glassformer
            def work(model, answers):
                answers.put((model.encode({SENTENCE!r}), model.translate({SENTENCE!r}, to="fr"),
                             model.inspect({SENTENCE!r})))
            if __name__ == "__main__":
                model = glassformer.load({str(tmp_path / "model")!r})
                model.inspect({SENTENCE!r}, to="fr")
                context = multiprocessing.get_context("spawn")
                answers = context.SimpleQueue()
                worker = context.Process(target=work, args=(model, answers))
                worker.start()
                encoding, translation, trace = answers.get()
                worker.join()
                assert numpy.array_equal(encoding.vectors, model.encode({SENTENCE!r}).vectors)
                assert translation == model.translate({SENTENCE!r}, to="fr")
                assert numpy.array_equal(trace["encoder"], model.inspect({SENTENCE!r})["encoder"])
            """
        ),
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="fork is Linux's way")
def test_a_forked_child_answers(tmp_path: Path) -> None:
    write_folder(tmp_path / "model", translator_config())
    script = f"""
    import os, signal, torch
    torch.set_num_threads(2)
    import glassformer
    model = glassformer.load({str(tmp_path / "model")!r})
    texts = [{SENTENCE!r}] * 64
    def work():
        torch.rand(512, 512) @ torch.rand(512, 512)
        model.encode(texts)
        model.translate(texts[:3], to="fr")
        model.inspect(texts[0], to="fr")
    for asked in (None, "true"):
        if asked is not None:
            os.environ["TOKENIZERS_PARALLELISM"] = asked
        work()
        child = os.fork()
        if child == 0:
            signal.alarm(60)  # a child that hangs is ended
            work()
            os._exit(7 if torch.get_num_threads() == 1 else 8)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 7, status
        assert torch.get_num_threads() == 2
        assert os.environ.get("TOKENIZERS_PARALLELISM") == asked
    """
    name = "TOKENIZERS_PARALLELISM"
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env={known: value for known, value in os.environ.items() if known != name},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_cuda_after_a_fork_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    model = loaded(translator_config()).model
    table = model.encoder.embedding.tokens
    monkeypatch.setattr(torch.cuda, "_is_in_bad_fork", lambda: True)
    assert model.device.type == "cpu"
    on_gpu = type("OnGpu", (), {"device": torch.device("cuda")})
    monkeypatch.setattr(type(table), "weight", on_gpu(), raising=False)
    table._parameters.pop("weight")
    with pytest.raises(UsageError, match=r"CUDA cannot be used in a forked process.*'spawn'"):
        _ = model.device
