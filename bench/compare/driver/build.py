"""Builds what the comparison needs. The results stay in a folder, so that the next run builds nothing."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Programs:
    limit: Path
    load: Path
    fill: Path
    yoga: Path | None


def run(words, folder):
    lower = lambda: os.nice(10)
    subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL, preexec_fn=lower)


def build(folder, with_yoga):
    """Builds the Rust programs and installs the packages of graphql-yoga at their pinned versions."""
    target = folder / "cargo"
    cargo = ["cargo", "build", "--quiet", "--release", "--locked", "--jobs", "1", "--target-dir", target]
    run(cargo, HERE / "programs")
    release = target / "release"
    yoga = install(folder / "yoga") if with_yoga else None
    return Programs(release / "limit", release / "load", release / "fill", yoga)


def install(folder):
    folder.mkdir(parents=True, exist_ok=True)
    lock = HERE / "yoga/package-lock.json"
    installed = folder / "package-lock.json"
    is_current = installed.exists() and installed.read_bytes() == lock.read_bytes()
    for file in (HERE / "yoga").glob("*.js*"):
        if file != lock:
            shutil.copy(file, folder)
    if not is_current:
        # The lock is copied last, so that an installation that failed is repeated.
        installed.unlink(missing_ok=True)
        shutil.copy(lock, folder)
        try:
            run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], folder)
        except BaseException:
            installed.unlink()
            raise
    return folder / "server.js"
