"""The same pages on this process, on its children and on a Dask cluster: the same bytes, whoever dies."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lod import checking, cli, collecting, pipeline, workers
from lod.errors import WorkersError
from lod.terms import Vocabulary

from .conftest import REPOSITORY, Site, make_site
from .test_release import built, dumps, rows


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Site:
    """A site with good, refused and joined records, and its release made in this process."""
    site = make_site(tmp_path_factory.mktemp("ready"), vocabulary)
    first, second, *others = rows(40)
    site.rows(first, second, first, second.replace("2010", "nevim"), *others)
    built(site)
    return site


def again(site: Site, folder: Path) -> Site:
    """Return the same site elsewhere, without a release."""
    copy = Site(folder, site.vocabulary)
    for name in ("lod.toml", "records/projekty.csv"):
        copy.write(name, (site.folder / name).read_bytes())
    return copy


@pytest.mark.parametrize("page", [1, 7])
def test_results_depend_on_neither_the_page_nor_the_order(
    ready: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    other = again(ready, tmp_path)
    header, *own = (other.folder / "records" / "projekty.csv").read_text("utf-8").splitlines()
    other.rows(*own[:1], *own[:0:-1], header=header)
    monkeypatch.setattr(checking, "PAGE", page)
    monkeypatch.setattr(collecting, "PAGE", page)
    assert dumps(built(other)) == dumps(built(ready))


def test_a_worker_that_dies_is_told(site: Site) -> None:
    with workers.opened(2) as opened, pytest.raises(WorkersError, match="--jobs"):
        list(opened.run(os._exit, [1]))


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "spark://127.0.0.1:8786", "dask://"])
def test_other_clusters_are_refused(site: Site, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["build", "--config", str(site.settings), "--executor", address]) == 2
    assert "dask://HOST:PORT" in capsys.readouterr().err


# A cluster of its own ------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and three workers on the loopback; the address and the workers."""
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    port = free_port()
    home = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "60s"}

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:], *home],
            env=environment,
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    with ExitStack() as stack:
        scheduler = start("scheduler", "--port", str(port))
        stack.callback(_end, scheduler)
        started = []
        for number in range(3):
            worker = start(
                *("worker", f"tcp://127.0.0.1:{port}", "--no-nanny", "--nthreads", "1"),
                *("--local-directory", str(tmp_path / str(number))),
            )
            stack.callback(_end, worker)
            started.append(worker)
        yield f"127.0.0.1:{port}", started


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.slow
def test_cluster_that_loses_a_worker_gives_the_same_bytes(
    ready: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    import distributed  # noqa: PLC0415 - an extra

    address, started = cluster
    with distributed.Client(f"tcp://{address}", timeout=60, set_as_default=False) as client:
        client.wait_for_workers(3, timeout=120)
    other = again(ready, tmp_path / "jinde")
    monkeypatch.setattr(checking, "PAGE", 2)
    monkeypatch.setattr(collecting, "PAGE", 2)

    class Killer(pipeline.Progress):
        """Kills a worker when the first pages have come back."""

        def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:  # noqa: ARG002 - as the class says
            if done and started[0].poll() is None:
                os.killpg(started[0].pid, signal.SIGKILL)  # until it is polled again it is there to be killed

    with workers.opened(address=f"dask://{address}") as opened:
        outcome = pipeline.build(other.config, other.vocabulary, workers=opened, progress=Killer())
    assert started[0].wait(60) == -signal.SIGKILL
    assert [worker.poll() for worker in started[1:]] == [None, None]
    assert outcome.release is not None
    assert dumps(outcome.release) == dumps(built(ready))


def test_cluster_with_another_lod_is_told() -> None:
    class Cluster:
        """What a client says of two workers, one of them with other code."""

        def run(self, function: Callable[[], str]) -> dict[str, str]:
            return {"tcp://a:1": function(), "tcp://b:1": "other"}

    with pytest.raises(WorkersError, match=r"tcp://b:1 has another lod"):
        workers._same_code(Cluster(), "dask://c:1")


@pytest.mark.slow
def test_cluster_that_is_not_there_is_told(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    with (
        pytest.raises(WorkersError, match="does not answer"),
        workers.opened(address=f"dask://127.0.0.1:{free_port()}"),
    ):
        pass
