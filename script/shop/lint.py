"""script/lint: every hook of .pre-commit-config.yaml, even without GitHub.

    script/lint          checks all files and writes nothing
    script/lint --fix    lets the hooks that can mend write into the work tree

pre-commit and the tools are installed once, by name from PyPI and npm; their versions
stand in .pre-commit-config.yaml. Exit status 1 on any fault.
"""

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .cache import REPOSITORY, cache
from .python_env import uv_program

RESULT = re.compile(r"^(?P<name>.*?)\.{3,}(\(.*\))?(?P<result>Passed|Failed|Skipped)$")
DURATION = re.compile(r"^- duration: (?P<seconds>[\d.]+)s$")
VERSION = re.compile(r'^minimum_pre_commit_version: "(.*)"', re.M)
NODE_HOOKS = "prettier,eslint"


def main(arguments):
    """Run the hooks and print how each ended; return the exit code."""
    options = parse(arguments)
    node = bool(shutil.which("node") and shutil.which("npm"))
    with contextlib.ExitStack() as stack:
        where = REPOSITORY if options.fix else stack.enter_context(copy_of(files()))
        rows, status = run_hooks(where, skip="" if node else NODE_HOOKS)
    print_table(rows)
    if not node:
        print(f"{NODE_HOOKS} could not run: install Node.js 20 or later (node and npm)")
    if status and not options.fix:
        print("script/lint --fix mends what can be mended by a tool")
    return 1 if status or not node else 0


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="script/lint",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--fix", action="store_true", help="write what can be mended")
    return parser.parse_args(arguments)


def files():
    """Return the paths of the work tree's files, not yet committed ones included."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout.decode()
    names = listed.split("\0")[:-1]
    return [name for name in names if os.path.lexists(REPOSITORY / name)]


@contextlib.contextmanager
def copy_of(names):
    """Give a throw-away repository: hooks write what they mend, a check must not."""
    with tempfile.TemporaryDirectory(prefix="caisse-ap-lint-") as folder:
        for name in names:
            target = Path(folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, target, follow_symlinks=False)
        git = ["git", "-C", folder]
        subprocess.run([*git, "init", "--quiet"], check=True, env=environment())
        subprocess.run([*git, "add", "--force", "."], check=True, env=environment())
        yield Path(folder)


def environment(**more):
    """Return our environment without what a git hook sets: it names the work tree."""
    kept = {key: value for key, value in os.environ.items() if key[:4] != "GIT_"}
    return {**kept, **more}


def run_hooks(where, skip):
    """Print what failed as it comes; return rows (name, result, seconds), status."""
    [version] = VERSION.findall((where / ".pre-commit-config.yaml").read_text())
    tool = [uv_program(), "tool", "run", "--python", sys.executable]
    shown = ["--verbose", "--show-diff-on-failure", "--color=never"]
    process = subprocess.Popen(
        [*tool, f"pre-commit@{version}", "run", *shown, "--files", *files()],
        cwd=where,
        env=environment(PRE_COMMIT_HOME=str(cache("lint", "hooks")), SKIP=skip),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    rows, talks = [], True
    for line in process.stdout:
        found = RESULT.match(line)
        duration = DURATION.match(line)
        if found:
            rows.append([found["name"], found["result"], ""])
            talks = found["result"] == "Failed"
        elif duration:
            rows[-1][2] = duration["seconds"]
        if talks:
            print(line, end="", flush=True)
    return rows, process.wait()


def print_table(rows):
    print()
    for name, result, seconds in [("check", "result", "seconds"), *rows]:
        print(f"{name:<34} {result:<8} {seconds}")
    failed = sum(result == "Failed" for _name, result, _seconds in rows)
    print(f"\n{len(rows)} checks, {failed} failed")
