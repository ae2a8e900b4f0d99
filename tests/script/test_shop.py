"""The parts of script/demo that need no Odoo."""

import contextlib
import socket

import pytest

from shop import (
    addon,
    commands,
    debian,
    demo,
    odoo_tree,
    postgres_keeper,
    processes,
    python_env,
    series,
)
from shop.problem import Problem


def test_every_series_has_its_packages():
    """Each series of the table has a requirements file."""
    for name in series.ALL:
        assert python_env.texts(python_env.REQUIREMENTS / f"{name}.txt")


def listener(stack):
    """Listen on a port of this machine and return its number."""
    taken = stack.enter_context(socket.socket())
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken.getsockname()[1]


def test_demo_is_19_on_the_usual_ports(monkeypatch):
    """Without arguments: 19.0, ports 8069, 8888 and 8880, threads, French."""
    monkeypatch.setattr(demo, "is_free", lambda port: True)
    options = demo.parse([])
    demo.choose_ports(options)
    assert (options.series, options.workers, options.lang) == ("19.0", 0, "fr_FR")
    ports = (options.http_port, options.terminal_port, options.screen_port)
    assert ports == (8069, 8888, 8880)


def test_usual_port_in_use_is_replaced(monkeypatch):
    """A demonstration beside another one takes free ports, that of the bus too."""
    monkeypatch.setattr(demo, "is_free", lambda port: port not in (8072, 8880))
    options = demo.parse(["--workers", "2"])
    demo.choose_ports(options)
    assert 8069 != options.http_port != 8072
    assert options.screen_port != 8880
    assert options.terminal_port == 8888


def test_port_asked_for_in_use_is_named_with_its_option():
    """Somebody counts on that port: found before anything is started."""
    with contextlib.ExitStack() as stack:
        port = listener(stack)
        options = demo.parse(["--terminal-port", str(port)])
        with pytest.raises(Problem) as raised:
            demo.choose_ports(options)
    assert str(port) in raised.value.what
    assert "--terminal-port" in raised.value.remedy


def test_two_demonstrations_do_not_share_a_database(tmp_path, monkeypatch):
    """The second one would move the first one's terminal: it is told so."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with contextlib.ExitStack() as stack:
        demo.keep_for_us(stack, "shop")
        with pytest.raises(Problem, match="--database"):
            demo.keep_for_us(stack, "shop")
    with contextlib.ExitStack() as stack:
        demo.keep_for_us(stack, "shop")


def odoo(folder, version="(16, 0, 0, FINAL, 0, '')"):
    """Make a folder that looks like an Odoo."""
    (folder / "odoo").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(f"version_info = {version}\n")
    return folder


def test_odoo_is_found_in_an_unpacked_package(tmp_path):
    """A path may be the root of a package, not only a checkout."""
    packages = odoo(tmp_path / "usr" / "lib" / "python3" / "dist-packages")
    assert odoo_tree.python_path(tmp_path) == packages.resolve()


def test_odoo_of_another_series_is_refused(tmp_path):
    """The error says which series that Odoo is."""
    with pytest.raises(Problem, match="16.0, not 19.0"):
        odoo_tree.read(series.named("19.0"), odoo(tmp_path))


def test_folder_without_odoo_is_refused(tmp_path):
    """The error says what is missing where."""
    with pytest.raises(Problem, match="no Odoo in"):
        odoo_tree.read(series.named("19.0"), tmp_path)


def test_machine_without_apt_is_told(monkeypatch):
    """Where there is no apt-get the way out is a path."""
    monkeypatch.setattr(debian.shutil, "which", lambda name: None)
    with pytest.raises(Problem, match="no apt-get.*--odoo PATH"):
        debian.mirror()


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ("models/method.py", True),
        ("static/src/till.js", False),
        ("tests/test_a.py", False),
    ],
)
def test_databases_follow_only_what_they_keep(tmp_path, changed, differs):
    """A change of models or views counts; scripts and tests are read from the files."""
    file = tmp_path / addon.NAME / changed
    file.parent.mkdir(parents=True)
    file.write_text("before")
    before = addon.state(tmp_path)
    file.write_text("after")
    assert (addon.state(tmp_path) != before) is differs


def test_process_that_ends_is_told_with_its_last_words(tmp_path, monkeypatch):
    """The error of a program that does not start holds the end of its log."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    process = processes.Process("broken", ["sh", "-c", "echo no such database; exit 3"])
    with processes.started(process), pytest.raises(Problem, match="no such database"):
        process.wait_for(lambda: False, 10)


def lives(pid):
    """Tell whether a process still runs; one that nobody buried yet does not."""
    state = commands.output(["ps", "-o", "stat=", "-p", pid])
    return bool(state) and not state.startswith("Z")


def test_stopped_process_takes_its_children_along(tmp_path, monkeypatch):
    """Nothing of a program is left, even when it forgets its children."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    process = processes.Process("parent", ["sh", "-c", "sleep 60 & echo $!; wait"])
    with processes.started(process):
        process.wait_for(lambda: process.log.read_text().strip(), 10)
        child = process.log.read_text().strip()
        assert lives(child)
    assert not lives(child)


def test_disk_may_be_waited_for(tmp_path):
    """What the server's command says no ALTER SYSTEM changes: it stands in a file."""
    settings = tmp_path / "postgresql.conf"
    settings.write_text("#fsync = on\n")
    for _start in range(2):
        postgres_keeper.set_defaults(settings)
    assert settings.read_text() == "#fsync = on\n\nfsync = off\n"
    assert not [word for word in postgres_keeper.SETTINGS if "fsync" in word]
