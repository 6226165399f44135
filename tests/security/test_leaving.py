"""Work stops when its reader has left: that of a page at its next step, that of an import by ending its process."""

from pathlib import Path

import pytest
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from app.ui import progress

ENTRY = Path(__file__).resolve().parents[2] / "app" / "main.py"


class Reader:
    """A browser that goes away at a step of the work: what Streamlit does when a session ends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, leaves_at: int | None) -> None:
        self.steps = 0
        begin, report = LocalScriptRunner.__init__, DeltaGenerator.progress
        runners: list[LocalScriptRunner] = []

        def begin_here(runner, *given, **options):
            runners.append(runner)
            begin(runner, *given, **options)

        def step(bar, *given, **options):
            self.steps += 1
            if self.steps == leaves_at:
                runners[-1].request_stop()
            return report(bar, *given, **options)

        monkeypatch.setattr(LocalScriptRunner, "__init__", begin_here)
        monkeypatch.setattr(DeltaGenerator, "progress", step)


def opened() -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=180)
    app.session_state["clusters_question"] = "concentration"
    return app.run().switch_page("views/clusters/page.py").run()


def test_the_work_of_a_page_ends_when_its_reader_has_left(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setattr(progress, "_results", type(progress._results)(progress.MAX_CACHED_RESULTS))
    with monkeypatch.context() as watched:
        left = Reader(watched, leaves_at=2)
        assert not opened().exception
    assert left.steps == 2
    assert not len(progress._results)
    with monkeypatch.context() as watched:
        stays = Reader(watched, leaves_at=None)
        assert not opened().exception
    assert stays.steps > 2
    assert len(progress._results)
