"""One plan, whatever the engine: the same bytes in this process, in local ones and on a Dask cluster, in any order."""

import json
import os
import pickle
import random
import signal
import socket
import subprocess
import sys
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from app.cli import main
from geo.catalog import ROOT
from geo.errors import DataError
from geo.ingest import engines
from geo.ingest.engines import HERE, Engine, open_engine
from geo.ingest.pipeline import import_files
from geo.ingest.readers.sheet import Sheet

HEADERS = ["企业名称", "统一社会信用代码", "所属区县", "企业地址", "经度", "纬度", "法定代表人", "注册资本", "备注"]
CODES = [stem + uscc.calc_check_digit(stem) for stem in ("91310000MAX000001", "91310000MAX000002")]
POINTS = (("121.3312", "31.0561"), ("121.2001", "31.3302"), ("121.473701", "31.230416"), ("", ""), ("31.05", "121.33"))
PLACES = (
    ("松江区", "上海市松江区新桥镇陈春公路{}号"), ("嘉定区", "嘉定区马陆镇丰功路{}号 联系人李某 138-0000-0000"),
    ("", "浦东新区临港新片区环湖西二路{}号"), ("普陀区", "浙江省舟山市普陀区东港街道海印路{}号"), ("松江区", "--"),
)  # fmt: skip
NAMES = (
    "样例{}号智能装备（上海）有限公司",
    "样例{}号智能装备（上海）有限公司松江分公司",
    " 样例{}号材料股份有限公司",
    "合计",
)


def a_row(of):
    """A row of made-up cells by some numbers: what is in it is messy, and the same for the same numbers."""
    name, number, code, place, point, other = of
    district, address = PLACES[place]
    lon, lat = POINTS[point]
    return [
        NAMES[name].format(number), CODES[code] if code < len(CODES) else "9E17" if code == 2 else "", district,
        address.format(number * 7 + 1), lon, lat, "样例某", f"{other}万元", f"021-6000000{other}" if other > 5 else "-",
    ]  # fmt: skip


LINES = st.tuples(
    st.integers(0, 3), st.integers(0, 6), st.integers(0, 9), st.integers(0, 4), st.integers(0, 4), st.integers(0, 9)
)


class Later(Future):
    """An answer that is worked out when it is asked for, with all else that waits."""

    def __init__(self, executor):
        super().__init__()
        self.executor = executor

    def result(self, timeout=None):
        self.executor.settle()
        return super().result(timeout)


class Elsewhere(Executor):
    """Another process, as far as an engine can tell: all is pickled, and what waits is done in an order of chance."""

    def __init__(self, chance):
        self.chance = chance
        self.waiting: list[tuple[Later, bytes]] = []

    def submit(self, function, /, *arguments):  # type: ignore[override]
        future = Later(self)
        self.waiting.append((future, pickle.dumps((function, arguments))))
        return future

    def settle(self):
        self.chance.shuffle(self.waiting)
        while self.waiting:
            done, work = self.waiting.pop()
            function, arguments = pickle.loads(work)
            done.set_result(pickle.loads(pickle.dumps(function(*arguments))))


def imported(files, out, engine=HERE, **options):
    """What an import writes: name → bytes."""
    import_files(files, out, engine=engine, **options)
    return {file.name: file.read_bytes() for file in sorted(out.iterdir())}


@settings(max_examples=5)
@given(
    st.lists(st.lists(LINES, min_size=1, max_size=14), min_size=1, max_size=2), st.integers(1, 9), st.integers(1, 3),
    st.integers(0, 99),
)  # fmt: skip
def test_the_result_knows_neither_engine_nor_pieces_nor_order(tmp_path_factory, lists, rows, workers, seed):
    folder = tmp_path_factory.mktemp("engines")
    tables = {}
    for number, lines in enumerate(lists):
        file = folder / f"{number}.csv"
        file.write_bytes(b"")
        lines = [*lines, (0, number + 3, 9, 0, 0, 1)]  # something to import
        tables[file] = pd.DataFrame([a_row(line) for line in lines], columns=HEADERS, dtype="str")

    def read(path, *_):
        return Sheet(tables[path].copy(), np.arange(len(tables[path])) + 2)

    one = imported(tables, folder / "one", read=read)
    elsewhere = Engine(Elsewhere(random.Random(seed)), workers, rows)
    assert imported(tables, folder / "other", elsewhere, read=read) == one


@pytest.fixture
def messy(tmp_path):
    """Files with duplicates within and across them, branches, default points, other cities, persons, telephones."""
    chance, files = random.Random(7), []
    for number in range(3):
        lines = [tuple(chance.randrange(most + 1) for most in (3, 6, 9, 4, 4, 9)) for _ in range(40)]
        files.append(tmp_path / f"名单{number}.csv")
        table = pd.DataFrame([a_row(line) for line in lines], columns=HEADERS)
        table.to_csv(files[-1], index=False, encoding="gb18030" if number else "utf-8-sig")
    return files


def test_two_local_processes_give_the_same_bytes(messy, tmp_path):
    one = imported(messy, tmp_path / "one")
    report = json.loads(one["report.json"])
    assert min(report[name] for name in ("imported", "duplicates_merged", "rejected", "outside")) > 0
    kinds = {kind for file in report["files"] for kind in file["issue_counts"]}
    assert [word for word in ("默认点", "已略去", "厂区", "无法恢复") if not any(word in kind for kind in kinds)] == []
    with open_engine(2) as engine:
        assert imported(messy, tmp_path / "two", replace(engine, piece_rows=11)) == one


@contextmanager
def cluster(folder):
    """A scheduler and a way to start workers, each a process of its own on loopback; all end with the context."""
    from distributed import Client

    place = folder / "scheduler.json"
    started = []

    def start(program, *options):
        command = [sys.executable, "-m", f"distributed.cli.dask_{program}", "--scheduler-file", str(place), *options]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__PRELOAD": "[]"}
        nothing = subprocess.DEVNULL
        started.append(subprocess.Popen(command, env=environment, cwd=folder, stdout=nothing, stderr=nothing))
        return started[-1]

    def start_worker():
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
        return start("worker", *options)

    try:
        scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-jupyter")
        workers = [start_worker(), start_worker()]
        with Client(scheduler_file=str(place), timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield json.loads(place.read_text())["address"], scheduler, workers, start_worker
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_a_cluster_gives_the_same_bytes_and_loses_a_worker_but_no_row(messy, tmp_path, monkeypatch, capfd):
    """One start of scheduler and workers for all that needs them."""
    one = imported(messy, tmp_path / "one")
    with cluster(tmp_path) as (address, scheduler, workers, start_worker):
        assert main(["import", *map(str, messy), "--out", str(tmp_path / "by command"), "--scheduler", address]) == 0
        assert {file.name: file.read_bytes() for file in sorted((tmp_path / "by command").iterdir())} == one
        assert capfd.readouterr().err == ""

        with monkeypatch.context() as patched:
            patched.setattr(engines, "version", lambda: "0.0")
            with pytest.raises(DataError, match=r"版本与这里不同.*，这里 0\.0"), open_engine(scheduler=address):
                pass

        def lose_a_worker(stage, done, _total):
            if stage == "clean" and done and workers[0].poll() is None:
                os.kill(workers[0].pid, signal.SIGKILL)
                start_worker()  # and have another

        with open_engine(scheduler=address) as engine:
            assert imported(messy, tmp_path / "two", replace(engine, piece_rows=5), progress=lose_a_worker) == one
        assert workers[0].wait() == -signal.SIGKILL

        def lose_the_scheduler(stage, done, _total):
            if stage == "clean" and done:
                scheduler.kill()

        with open_engine(scheduler=address) as engine, pytest.raises(DataError, match="集群没有做完"):
            imported(messy, tmp_path / "three", replace(engine, piece_rows=5), progress=lose_the_scheduler)
        assert not (tmp_path / "three").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--workers", "2", "--scheduler", "tcp://127.0.0.1:9"], "只写一个"),
        (["--workers", "0"], "应为 1 到"),
        (["--workers", "1000"], "应为 1 到"),
        (["--workers", "two"], "命令有误"),
        (["--scheduler", "127.0.0.1"], "tcp://主机:端口"),
        (["--scheduler", "tcp://127.0.0.1:{free}"], "连不上调度器"),
    ],
)
def test_what_is_no_engine_ends_with_2_and_one_sentence(messy, tmp_path, capfd, options, said):
    with socket.socket() as free:  # bound and not listening: nobody answers there
        free.bind(("127.0.0.1", 0))
        options = [option.format(free=free.getsockname()[1]) for option in options]
        code: object
        try:
            code = main(["import", str(messy[0]), "--out", str(tmp_path / "out"), *options])
        except SystemExit as ended:  # what argparse refuses
            code = ended.code
    told = capfd.readouterr()
    assert (code, told.out, told.err.count("\n")) == (2, "", 1)
    assert said in told.err
    assert not (tmp_path / "out").exists()


def test_without_dask_one_sentence_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DataError, match=r"yihe-yidai\[cluster\]"), open_engine(scheduler="tcp://127.0.0.1:8786"):
        pass


def test_a_process_that_ends_is_one_sentence():
    with open_engine(2) as engine, pytest.raises(DataError, match="进程中断"):
        list(engine.map(os._exit, [1, 1, 1]))
