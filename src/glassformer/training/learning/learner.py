"""Forward and backward pass of one micro-batch, on this device and in this precision."""

import contextlib
import ctypes
import sys
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor, nn

from glassformer.config import TrainingConfig
from glassformer.errors import Setting, TrainingError
from glassformer.model.attention import ScaledDotProductAttention
from glassformer.model.padding import mask_of
from glassformer.model.transformer import Transformer
from glassformer.training.corpus.batching import Indices
from glassformer.training.corpus.examples import Examples
from glassformer.training.learning.consistency import consistent_loss
from glassformer.training.learning.dropout import FastDropout, Noise
from glassformer.training.learning.loss import Criterion, Loss
from glassformer.training.learning.reduced_precision import ExactAttention, fewer_bits

Row: TypeAlias = Int[np.ndarray, " _tokens"]

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


class MicroBatch(NamedTuple):
    """Pairs side by side, padded on the right. Target inputs begin with the start token or tag."""

    source: Int[Tensor, "pairs source"]
    source_lengths: Int[Tensor, " pairs"]
    inputs: Int[Tensor, "pairs target"]
    outputs: Int[Tensor, "pairs target"]
    """The next token for each input; the end token comes last."""
    target_lengths: Int[Tensor, " pairs"]


class Collator:
    """Micro-batches from indices of pairs."""

    def __init__(self, examples: Examples, *, padding: int, end: int, starts: list[int]) -> None:
        self._examples = examples
        self._padding = padding
        self._end = end
        self._starts = np.array(starts)

    def __call__(self, indices: Indices, device: torch.device) -> MicroBatch:
        """The pairs of these indices."""
        sources = [self._examples.source(int(index)) for index in indices]
        targets = [self._examples.target(int(index)) for index in indices]
        starts = self._starts[self._examples.tags[indices]]
        source, source_lengths = self._side_by_side(sources)
        body, body_lengths = self._side_by_side(targets)
        inputs = np.concatenate((starts[:, None], body), axis=1)
        rest = np.full((len(indices), 1), self._padding)
        outputs = np.concatenate((body, rest), axis=1)
        outputs[np.arange(len(indices)), body_lengths] = self._end
        parts = (source, source_lengths, inputs, outputs, body_lengths + 1)
        return MicroBatch(*(torch.from_numpy(part).to(device) for part in parts))

    def _side_by_side(self, rows: list[Row]) -> tuple[Int[np.ndarray, "pairs tokens"], Row]:
        lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        table = np.full((len(rows), lengths.max()), self._padding)
        table[np.arange(table.shape[1]) < lengths[:, None]] = np.concatenate(rows)
        return table, lengths


class Learner:
    """A second tree over the model's own weights, with parts that are faster in training.

    The model itself stays as it is, for whoever evaluates or inspects it meanwhile.
    """

    def __init__(self, model: Transformer, config: TrainingConfig) -> None:
        settings = config.training
        assert settings.precision is not None
        self.device = model.device
        # On a CPU the numbers stay float32 and only the products inside it take fewer bits.
        self._fewer_bits = self.device.type == "cpu" and settings.precision == "bfloat16"
        self.dtype = torch.float32 if self._fewer_bits else DTYPES[settings.precision]
        self._seed = settings.seed
        self._consistency = settings.consistency
        self._noise = Noise()
        self._tree = model.second_tree().train()
        if model.device.type == "cpu":
            keep_memory()
            self._replace_parts()
        if not any(weight.requires_grad for weight in self._tree.encoder.parameters()):
            self._tree.encoder.eval()  # a frozen encoder needs no dropout
        self._criterion = Criterion(
            model.config.stack_of("decoder").vocabulary,
            sorted(model.config.never_generated),
            settings.label_smoothing,
        )
        if settings.compile:
            self._tree.encoder.compile(dynamic=True)
            assert self._tree.decoder is not None
            self._tree.decoder.compile(dynamic=True)

    def _replace_parts(self) -> None:
        for parent in list(self._tree.modules()):
            for name, part in list(parent.named_children()):
                if isinstance(part, nn.Dropout):
                    setattr(parent, name, FastDropout(part.p, self._noise))
                elif isinstance(part, ScaledDotProductAttention) and self._fewer_bits:
                    setattr(parent, name, ExactAttention(part))

    def seed(self, *place: int) -> None:
        """Seed all random numbers that follow with this place in the training."""
        numbers = (self._seed, *place)
        self._noise.seed(*numbers)
        torch.manual_seed(hash(numbers) & (2**63 - 1))  # hashes of whole numbers never vary

    def learn(self, batch: MicroBatch, scale: float) -> Loss:
        """Sums of the loss over the real target tokens; accumulates its gradient times `scale`."""
        with fewer_bits() if self._fewer_bits else contextlib.nullcontext():
            loss = self._loss(batch)
            (loss.smoothed * scale).backward()
        return loss

    def _loss(self, batch: MicroBatch) -> Loss:
        tree = self._tree
        assert tree.decoder is not None
        assert tree.output is not None
        targets, lengths = batch.outputs, batch.target_lengths
        if self._consistency:
            batch = MicroBatch(*(torch.cat((part, part)) for part in batch))
        mask = mask_of(batch.source_lengths, batch.source.shape[1])
        with torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32):
            memory = tree.encoder(batch.source, mask)
            hidden = tree.decoder(batch.inputs, memory, mask)
        width = targets.shape[1]
        if width == int(lengths.min()):
            hidden, targets = hidden.flatten(0, 1), targets.flatten()
        else:
            real = torch.arange(width, device=self.device) < batch.target_lengths[:, None]
            hidden, targets = hidden[real], targets[real[: len(targets)]]
        weight, bias = tree.output.weight, tree.output.bias
        if self._consistency:
            return consistent_loss(
                self._criterion,
                hidden.float(),
                weight,
                targets,
                bias,
                self.dtype,
                self._consistency,
            )
        return self._criterion(hidden.float(), weight, targets, bias, self.dtype)


@contextlib.contextmanager
def naming_what_is_too_large(batch: MicroBatch) -> Iterator[None]:
    """Turn torch's out-of-memory errors into one that says what to change.

    Raises:
        TrainingError: when memory runs out.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        text = str(error)
        if not isinstance(error, MemoryError | torch.OutOfMemoryError) and (
            "not enough memory" not in text and "can't allocate memory" not in text
        ):
            raise
        pairs, target = batch.inputs.shape
        tokens = pairs * max(target, batch.source.shape[1])
        raise TrainingError(
            "out of memory at a micro-batch of {pairs} pairs with up to {source} source and "
            "{target} target tokens ({tokens} tokens, padding included): start again with "
            "{setting}, which leaves the batch size of an update as it is",
            pairs=pairs,
            source=batch.source.shape[1],
            target=target,
            tokens=tokens,
            setting=Setting("training.micro_batch_tokens", max(1, tokens // 2)),
        ) from error


def keep_memory() -> None:
    """Let glibc keep memory that is freed, since the next micro-batch wants it again.

    Returned to the system and faulted in anew at each step, it costs up to half of the time.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        for parameter, value in ((-4, 0), (-1, 2**31 - 1), (-2, 64 << 20)):
            libc.mallopt(parameter, value)  # no mmap, no trimming, growth by 64 MiB
