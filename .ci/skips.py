"""A pytest plugin: a run with a test that was skipped, but is not in allowed-skips.txt, has failed.

A test that is skipped because something is not installed says nothing, and nobody notices.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

LIST = Path(__file__).with_name("allowed-skips.txt")


def allowed(text: str) -> frozenset[str]:
    """The tests in this list, one a line; what follows ` # ` is the reason."""
    lines = (line.partition(" # ")[0].strip() for line in text.splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


def unexpected(skipped: Sequence[str], permitted: frozenset[str]) -> list[str]:
    """Those that neither by themselves nor with all their parameters are in the list."""
    return [one for one in skipped if not {one, one.partition("[")[0]} & permitted]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail where pytest itself would not."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:  # in one of several processes: the first one counts
        return
    skipped = [report.nodeid for report in reporter.stats.get("skipped", ())]
    found = unexpected(skipped, allowed(LIST.read_text(encoding="utf-8")))
    if found and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    for one in found:
        reporter.write_line(f"\nskipped, but not in .ci/allowed-skips.txt: {one}", red=True)
