"""What Node brings to the tests of the page: the compiler that checks its types, and axe-core."""

import os
import shutil
from pathlib import Path

FOLDER = "GLASSFORMER_NODE_MODULES"
"""The variable that names a folder of packages, where they are not at the root of the repository.

The same as .ci/run puts there: `npm install --no-save typescript@7.0.2 axe-core@4.14.1`.
"""

_ROOT = Path(__file__).parents[1] / "node_modules"


def _folders() -> list[Path]:
    named = os.environ.get(FOLDER)
    return [_ROOT, *([Path(named)] if named else [])]


def tsc() -> str | None:
    """The TypeScript compiler, if it and Node are there."""
    found = [shutil.which("tsc", path=folder / ".bin") for folder in _folders()]
    return next(filter(None, found), None) if shutil.which("node") else None


def axe() -> str | None:
    """The source of axe-core, which looks for what keeps people from using a page."""
    files = [folder / "axe-core" / "axe.min.js" for folder in _folders()]
    return next((file.read_text(encoding="utf-8") for file in files if file.exists()), None)


WITHOUT = f"no node_modules at the root of the repository, nor does {FOLDER} name one"
"""The reason of a skip."""
