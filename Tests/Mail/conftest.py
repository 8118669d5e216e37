import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office  # noqa: E402
import postfix  # noqa: E402


@pytest.fixture
def folder():
    """Not pytest's own: postfix and its pipe run as other users, who must reach it."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="jarshy-mail-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session", params=[office.Sqlite, office.Postgres], ids=lambda make: make.name)
def base(request, tmp_path_factory):
    engine = request.param(tmp_path_factory.mktemp("mail"))
    yield engine
    engine.close()


@pytest.fixture
def engine(base, folder):
    (folder / "database").mkdir(mode=0o777)
    base.fresh(folder / "database")
    return base


@pytest.fixture
def relay(engine, folder):
    """A real postfix around the server's database."""
    if not postfix.may_run():
        pytest.skip("postfix needs root and the package postfix (bin/setup installs it)")
    (folder / "relay").mkdir()
    with postfix.Postfix(folder / "relay", engine.url) as running:
        yield running


@pytest.fixture
def server(engine, folder, relay):
    running = office.Office(engine, folder, relay.url)
    yield running
    running.stop()
