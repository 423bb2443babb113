"""What holds for every test: shapes are checked, examples are the same everywhere, few threads."""

# The hook has to stand before the first import of glassformer: it gives every function of the
# package a runtime check of its jaxtyping shapes, so that each test is a test of shapes too.
from jaxtyping import install_import_hook

# beartype by itself refuses a method that returns Self unless the whole class is decorated.
install_import_hook(
    "glassformer",
    "beartype.beartype(conf=beartype.BeartypeConf(hint_overrides="
    "beartype.FrozenDict({beartype.typing.Self: object})))",
)

import torch  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

torch.set_num_threads(1)

settings.register_profile(
    "glassformer",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=20,
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("glassformer")
