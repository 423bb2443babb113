"""The beam of transformers, over the weights of the same Marian model, finds the same."""

import warnings
from pathlib import Path
from typing import Any

import pytest
import torch

from glassformer.decoding.search import SearchConfig, search
from glassformer.model.masks import padding_mask
from glassformer.model.transformer import Transformer
from glassformer.pretrained.folder import read_model

PADDING, END, LIMIT, SENTENCES = 36, 2, 17, 19
SIZES = {
    "vocab_size": 43,
    "d_model": 42,
    "encoder_layers": 2,
    "encoder_attention_heads": 3,
    "encoder_ffn_dim": 23,
    "decoder_layers": 3,
    "decoder_attention_heads": 7,
    "decoder_ffn_dim": 31,
    "max_position_embeddings": 29,
    "pad_token_id": PADDING,
    "decoder_start_token_id": PADDING,
    "eos_token_id": END,
    "forced_eos_token_id": None,
    "scale_embedding": True,
    "activation_function": "swish",
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Transformer, Any]:
    """A random model that hears its source and comes to an end, as ours and as theirs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers = pytest.importorskip("transformers")
        transformers.utils.logging.disable_progress_bar()
        transformers.utils.logging.set_verbosity_error()
        torch.manual_seed(1)
        theirs = transformers.MarianMTModel(transformers.MarianConfig(**SIZES)).eval()
        with torch.no_grad():
            for name, weight in theirs.named_parameters():
                if "norm.weight" in name:
                    weight.normal_()
                elif weight.requires_grad:  # the sinusoids stay as they are
                    std = 0.2 if weight.dim() == 1 else 0.6 if ".layers." in name else 0.5
                    weight.normal_(std=std)
            theirs.final_logits_bias[0, END] = 3.0
            # They give padding a probability before they forbid it; this takes it away.
            theirs.final_logits_bias[0, PADDING] = -1e4
        folder: Path = tmp_path_factory.mktemp("marian")
        theirs.save_pretrained(folder)
    return read_model(folder, torch.float64), theirs.double()


@pytest.mark.parametrize(("beam", "alpha", "ngram"), [
    (1, 1.0, 2), (2, 0.6, 2), (3, 2.0, 2), (4, 0.6, 0), (4, 1.0, 2), (5, 0.5, 2),
])  # fmt: skip
def test_translations_are_those_of_generate(
    models: tuple[Transformer, Any], beam: int, alpha: float, ngram: int
) -> None:
    ours, theirs = models
    generator = torch.Generator().manual_seed(5)
    lengths = torch.randint(1, 12, (SENTENCES,), generator=generator)
    mask = padding_mask(lengths)
    real = mask[:, 0, 0]
    source = torch.randint(3, 36, real.shape, generator=generator).masked_fill(~real, PADDING)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        generated = theirs.generate(
            input_ids=source,
            attention_mask=real.long(),
            num_beams=beam,
            num_return_sequences=1,
            do_sample=False,
            max_new_tokens=LIMIT,
            early_stopping=beam > 1,
            length_penalty=alpha,
            no_repeat_ngram_size=ngram,
        )
    rows = generated[:, 1:].tolist()
    expected = {
        place: tuple(row[: row.index(END) + 1]) for place, row in enumerate(rows) if END in row
    }
    config = SearchConfig(beam_size=beam, length_penalty=alpha, no_repeat_ngram=ngram)
    found = search(
        ours,
        ours.encode(source, mask),
        mask,
        [PADDING] * SENTENCES,
        config,
        limits=[LIMIT] * SENTENCES,
    )
    # At the limit they rank what has ended with what has not, and we give the latter only if there
    # is nothing else; what did end must be the same.
    assert {place: found[place].hypotheses[0].tokens for place in expected} == expected
    assert len({*expected.values()}) > 2
    assert len({*map(len, expected.values())}) > 1
