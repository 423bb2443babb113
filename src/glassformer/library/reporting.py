"""`report()`: the answer to a request, from a model or from the record of a training."""

from collections.abc import Mapping
from pathlib import Path
from typing import Unpack

from glassformer.errors import Setting, UsageError
from glassformer.inspection.moment import report_of_moment
from glassformer.inspection.report import Report
from glassformer.library.comparing import compare, right_of
from glassformer.library.loading import Precision, default_name, obtain
from glassformer.library.model import Glassformer
from glassformer.requests.inspection import InspectOptions, InspectRequest
from glassformer.requests.reading import read_request


def report(
    text: str | None = None,
    *,
    model: str | Path | Glassformer | None = None,
    device: str | None = None,
    precision: Precision | None = None,
    threads: int | None = None,
    **options: Unpack[InspectOptions],
) -> Report:
    """What is asked for of a text, ready to be shown: all of `glassformer inspect`.

    `model`, `device`, `precision` and `threads` are those of `load`, the other settings those of
    `InspectRequest`. With `at_step` no model is loaded: what was recorded during training is read.

    Raises:
        UsageError: when the request makes no sense (found before a model is loaded), or names what
            this model does not have.
        InputError: when the text is blank, not valid Unicode or longer than the model's maximum
            length.
        TraceError: when a derived number fails its self-check, or nothing was recorded.
        ModelFilesError, ConfigError, WeightsError: as `load`.
    """
    request = read_request(InspectRequest, {"text": text, **options})
    return answer(request, model=model, device=device, precision=precision, threads=threads)


def answer(
    request: InspectRequest,
    *,
    model: str | Path | Glassformer | None = None,
    device: str | None = None,
    precision: Precision | None = None,
    threads: int | None = None,
) -> Report:
    """The report that a request asks for; see `report`."""
    given = {"device": device, "precision": precision, "threads": threads}
    loading = {name: value for name, value in given.items() if value is not None}
    if request.compares:
        return _comparison(request, model, loading)
    if (request.at_step is not None or request.animate) and not isinstance(model, Glassformer):
        _check_not_loading("animate" if request.animate else "at_step", loading)
        return report_of_moment(request, _name_of(model))
    if request.text is None and request.at_step is None and not request.animate:
        raise UsageError("{text:name} is needed: the sentence to inspect", text=Setting("text"))
    return obtain(model, **loading).answer(request)  # type: ignore[arg-type]


def _comparison(
    request: InspectRequest, model: str | Path | Glassformer | None, loading: Mapping[str, object]
) -> Report:
    """A report of two sides; a model is loaded only where a side needs one."""
    if request.at_step is not None:
        _check_not_loading("at_step", loading)
    else:
        model = obtain(model, **loading)  # type: ignore[arg-type]
    other = request.compare_model or model
    if right_of(request).at_step is None and other is not model:
        other = obtain(other, **loading)  # type: ignore[arg-type]
    return compare(request, _side(model), _side(other))


def _check_not_loading(setting: str, loading: Mapping[str, object]) -> None:
    """What was recorded during training is read: how to load a model is beside the point."""
    if loading:
        raise UsageError(
            "{at_step:name} shows what was recorded during training, attention weights and "
            "translations: leave {left_over:name} out",
            at_step=Setting(setting),
            left_over=tuple(map(Setting, loading)),
        )


def _side(model: str | Path | Glassformer | None) -> Glassformer | str:
    return model if isinstance(model, Glassformer) else _name_of(model)


def _name_of(model: str | Path | None) -> str:
    return default_name() if model is None else str(model)
