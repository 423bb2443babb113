"""Recording a pass: ordinary forward hooks on a second tree of modules over the same tensors.

The model in use is never touched. Several sentences run as one batch; each is then cut out of it
without the rows and columns of padding, so that its numbers are those that it has alone, but for
rounding. What is cut out lies in the memory of its batch.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

import torch
from jaxtyping import Int
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from glassformer.errors import TraceError, UsageError
from glassformer.model.padding import Batch, padded
from glassformer.model.transformer import Transformer
from glassformer.text.windows import count_from_1, of_like_length, windows
from glassformer.tracing.selection import Selection, select
from glassformer.tracing.steps import Port, Side, Step
from glassformer.tracing.weights import derive_weights

Ids: TypeAlias = Sequence[int]
Pair: TypeAlias = tuple[Ids, Ids | None] | tuple[Ids, Ids | None, Ids | None]
"""A source and, where there are any, what its decoder reads, and the types of the source's tokens.

A text alone needs no types; of two texts read as one they say which is which.
"""

Recorded: TypeAlias = Mapping[str, Tensor]
"""One pass over one sentence: the steps kept of it by name, without batch axis."""

_Lengths: TypeAlias = Mapping[Side, Sequence[int]]

BATCH_NUMBERS = 1 << 24
"""So many numbers at most are held of one batch while it is recorded: 64 MiB in float32."""

WINDOW_NUMBERS, WINDOW_TEXTS = 1 << 25, 1024
"""How far a stream is read ahead for sentences of like length: until its traces are so large."""

_PORTS = {"query": 0, "key": 1, "value": 2, "mask": 3}

_TABLES = ("learned_position", "token_type")
"""Steps that a module gives as a view of its weight, which may change after the pass."""


class Recorder:
    """Records passes of one model, one at a time; each thread needs a recorder of its own.

    A copy of it, pickled or not, starts over with a tree of its own.
    """

    def __init__(self, model: Transformer) -> None:
        self._model = model
        self._tree: Transformer | None = None
        self._made_of: list[object] = []
        self._observed: tuple[Step, ...] = ()
        self._handles: list[RemovableHandle] = []
        self._seen: dict[str, Tensor] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {"model": self._model}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["model"])  # type: ignore[misc]

    def record(
        self,
        source: Int[Tensor, "1 source"],
        target: Int[Tensor, "1 target"] | None = None,
        *,
        type_ids: Int[Tensor, "1 source"] | None = None,
        names: Sequence[str] | None = None,
    ) -> Recorded:
        """One pass in evaluation mode; every step by its name, without the batch axis.

        The target tokens, where given, are the decoder's inputs (teacher forcing). `type_ids` are
        those of the source, where it is a pair of texts. With `names` only the steps of these names
        or patterns are kept.

        Raises:
            TraceError: when derived weights do not lead to what the kernel gave, or a step was not
                seen because the model's module for it was replaced.
            UsageError: when a name matches no step, or the model does not know a type.
        """
        selection = select(self._model.config, names, with_target=target is not None)
        sides: dict[Side, Batch] = {"source": _alone(source)._replace(type_ids=type_ids)}
        if target is not None:
            sides["target"] = _alone(target)
        return self._record(selection, sides, None)[0]

    def record_batch(
        self,
        sources: Sequence[Ids],
        targets: Sequence[Ids] | None = None,
        *,
        type_ids: Sequence[Ids | None] = (),
        names: Sequence[str] | None = None,
        name: Callable[[int], str] | None = count_from_1,
    ) -> list[Recorded]:
        """Several sentences in one pass; of each what `record` gives, within rounding.

        `targets` are the decoder's inputs, one for each source, and `type_ids` the token types of
        each source, None of one that is no pair. `name` says what an error calls the sentence of an
        index; with None it names none.

        Raises:
            TraceError: as `record` does.
            UsageError: as `record` does, or when there is not one target for each source.
        """
        if not sources:
            return []
        if targets is not None and len(targets) != len(sources):
            raise UsageError(
                "each source needs its target, but there are {sources} sources and {targets} "
                "targets",
                sources=len(sources),
                targets=len(targets),
            )
        selection = select(self._model.config, names, with_target=targets is not None)
        return self._record(selection, self._side_by_side(sources, targets, type_ids), name)

    def record_stream(
        self,
        pairs: Iterable[Pair],
        *,
        names: Sequence[str] | None = None,
        batch_numbers: int = BATCH_NUMBERS,
        name: Callable[[int], str] | None = count_from_1,
    ) -> Iterator[Recorded]:
        """What is kept of each sentence, in their order, of any number of them in bounded memory.

        Each is a source and what its decoder reads, or None, and may have the types of its source;
        either all have a target, or none has. Sentences are read ahead until their traces have
        `WINDOW_NUMBERS` numbers, and those of like length are run together as long as a batch holds
        no more than `batch_numbers`.

        Raises:
            TraceError: as `record` does.
            UsageError: when a name matches no step, or only some sentences have a target.
        """
        pairs = iter(pairs)
        for first in pairs:
            with_target = first[1] is not None
            selection = select(self._model.config, names, with_target=with_target)
            return self._record_windows(chain([first], pairs), selection, batch_numbers, name)
        return iter(())

    def _record_windows(
        self,
        pairs: Iterable[Pair],
        selection: Selection,
        batch_numbers: int,
        name: Callable[[int], str] | None,
    ) -> Iterator[Recorded]:
        config = self._model.config

        @functools.cache
        def held(widths: tuple[int, ...]) -> int:
            return selection.numbers(config, _lengths(widths))

        @functools.cache
        def kept(widths: tuple[int, ...]) -> int:
            return selection.numbers_kept(config, _lengths(widths))

        start = 0
        for window in windows(
            pairs, lambda pair: kept(_widths(pair)), WINDOW_TEXTS, WINDOW_NUMBERS
        ):
            done: dict[int, Recorded] = {}
            places = list(enumerate(window, start))
            for batch in of_like_length(
                places, lambda one: _widths(one[1]), batch_numbers, tokens_of=held
            ):
                sources = [source for _, (source, *_) in batch]
                targets = [target for _, (_, target, *_) in batch if target is not None]
                type_ids = [next(iter(rest), None) for _, (_, _, *rest) in batch]
                indices = [index for index, _ in batch]
                if len(targets) not in ((len(batch),) if selection.with_target else (0,)):
                    raise UsageError("either all sentences have a target to record, or none has")
                sides = self._side_by_side(
                    sources, targets if selection.with_target else None, type_ids
                )
                recorded = self._record(selection, sides, _names_at(indices, name))
                done.update(zip(indices, recorded, strict=True))
            yield from (done.pop(index) for index, _ in places)
            start += len(window)

    def _side_by_side(
        self,
        sources: Sequence[Ids],
        targets: Sequence[Ids] | None,
        type_ids: Sequence[Ids | None],
    ) -> dict[Side, Batch]:
        padding, device = self._model.config.padding, self._model.device
        sides: dict[Side, Batch] = {"source": padded(sources, padding, device, type_ids)}
        if targets is not None:
            sides["target"] = padded(targets, padding, device)
        return sides

    @torch.no_grad()
    def _record(
        self, selection: Selection, sides: dict[Side, Batch], name: Callable[[int], str] | None
    ) -> list[Recorded]:
        """One pass over a batch, and what is kept of each sentence in it."""
        seen = self._seen
        seen.clear()
        try:
            self._run(selection, sides)
            for step in selection.observed:
                if step.name not in seen:
                    raise TraceError(
                        "{step} was not recorded: the model did not run {module}",
                        step=step.name,
                        module=step.module,
                    )
            for side, batch in sides.items():
                seen[f"{side}.tokens"] = batch.ids
            if selection.has("probabilities"):
                seen["probabilities"] = self._model.probabilities(seen["logits"])
            derive_weights(selection.derived, seen, self._model.config, sides, name)
            return _cut_out(selection.kept, seen, sides)
        finally:
            seen.clear()

    def _run(self, selection: Selection, sides: dict[Side, Batch]) -> None:
        """As much of the pass as the steps to be seen need."""
        tree, source = self._watched_tree(selection), sides["source"]
        if not selection.runs("target"):
            if selection.runs("source"):
                tree.encode(source.ids, source.mask, source.type_ids)
            return
        target = sides["target"]
        hidden = tree.read(source.ids, target.ids, source.mask, source.type_ids)
        if selection.needs_logits:
            assert tree.output is not None
            # Of a large vocabulary, rows of padding would cost as much as the whole decoder.
            tree.output(hidden if target.mask is None else hidden[target.mask[:, 0, 0]][None])

    def _watched_tree(self, selection: Selection) -> Transformer:
        """The second tree with its hooks; made anew when the model is made of other parts."""
        parts = list(_parts(self._model))
        same = len(parts) == len(self._made_of) and all(
            part is before for part, before in zip(parts, self._made_of, strict=True)
        )
        if self._tree is None or not same:
            self._tree = self._model.second_tree().eval()
            self._made_of, self._observed, self._handles = parts, (), []
        if self._observed != selection.observed:
            self._watch(self._tree, selection)
        return self._tree

    def _watch(self, tree: Transformer, selection: Selection) -> None:
        """Hook what has to be seen, and nothing else."""
        for handle in self._handles:
            handle.remove()
        modules = dict(tree.named_modules())
        watched = {step.name: (step.module, step.port) for step in selection.observed}
        for step in selection.derived:
            attention = step.name.removesuffix(".scores")
            watched[f"{attention}.mask"] = (f"{attention}.attend", "mask")
        self._handles = [
            modules[module].register_forward_hook(self._hook(name, port))
            for name, (module, port) in watched.items()
            if module in modules
        ]
        self._observed = selection.observed

    def _hook(self, name: str, port: Port) -> Any:
        seen = self._seen

        def hook(module: nn.Module, arguments: tuple[Any, ...], output: Tensor) -> None:
            seen[name] = output if port == "output" else arguments[_PORTS.get(port, 0)]

        return hook


class _CutOut(Mapping[str, Tensor]):
    """What one sentence of a batch has alone: its row, without padding, in the batch's memory.

    A step is cut out when it is asked for, since of many sentences few steps are looked at.
    """

    def __init__(
        self, steps: Mapping[str, Step], seen: Mapping[str, Tensor], lengths: _Lengths, row: int
    ) -> None:
        self._steps = steps
        self._seen = seen
        self._lengths = lengths
        self._row = row

    def __getitem__(self, name: str) -> Tensor:
        step, tensor = self._steps[name], self._seen[name]
        if "entry" in step.axes and len(tensor) == 1:  # only real rows were computed
            start = sum(self._lengths["target"][: self._row])
            return tensor[0].narrow(0, start, self._lengths["target"][self._row])
        tensor = tensor[self._row] if tensor.dim() > len(step.axes) else tensor
        for number, axis in enumerate(step.axes):
            side = step.tokens_of(axis)
            if side is not None:
                tensor = tensor.narrow(number, 0, self._lengths[side][self._row])
        return tensor

    def __contains__(self, name: object) -> bool:
        return name in self._steps

    def __iter__(self) -> Iterator[str]:
        return iter(self._steps)

    def __len__(self) -> int:
        return len(self._steps)


def _cut_out(
    steps: Sequence[Step], seen: Mapping[str, Tensor], sides: Mapping[Side, Batch]
) -> list[Recorded]:
    """What is kept of each sentence in a batch."""
    kept = {step.name: _kept(step, seen[step.name]) for step in steps}
    rows = len(sides["source"].ids)
    if rows == 1:
        return [{step.name: _first(step, kept[step.name]) for step in steps}]
    by_name = {step.name: step for step in steps}
    lengths = {side: batch.lengths.tolist() for side, batch in sides.items()}
    return [_CutOut(by_name, kept, lengths, row) for row in range(rows)]


def _kept(step: Step, tensor: Tensor) -> Tensor:
    """What a trace keeps of a tensor: not the model's own table."""
    return tensor.clone() if step.operation in _TABLES else tensor


def _first(step: Step, tensor: Tensor) -> Tensor:
    """The only row of a batch, without its axis."""
    return tensor[0] if tensor.dim() > len(step.axes) else tensor


def _names_at(
    indices: Sequence[int], name: Callable[[int], str] | None
) -> Callable[[int], str] | None:
    """What the sentences of these indices are called, by their row in a batch."""
    return None if name is None else lambda row: name(indices[row])


def _alone(ids: Int[Tensor, "1 length"]) -> Batch:
    return Batch(ids, torch.tensor([ids.shape[1]]), None)


def _widths(pair: Pair) -> tuple[int, ...]:
    """Target and source; the former costs more, so that sentences are sorted by it first."""
    source, target, *_ = pair
    return (len(source),) if target is None else (len(target), len(source))


def _lengths(widths: tuple[int, ...]) -> dict[Side, int]:
    return {"source": widths[-1], "target": widths[0] if len(widths) > 1 else 0}


def _parts(model: nn.Module) -> Iterator[object]:
    """Everything that a second tree is made of: modules, hooks of others on them, tensors."""
    for module in model.modules():
        yield module
        yield from module._forward_pre_hooks.values()
        yield from module._forward_hooks.values()
    yield from model.parameters()
    yield from model.buffers()
