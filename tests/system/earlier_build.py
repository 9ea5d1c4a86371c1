#!/usr/bin/env python3
"""Builds the program of an earlier commit, and checks that this program remakes its filings with it.

earlier_build/golden.txt names the commit, and the SHA-256 of each filing that its program makes: of the accepted
fixtures that the commit had, and of the submissions in earlier_build/. The list of this program is in
tests/it/renderer/golden/. Both programs must make the listed bytes, and some of them differ: filings that only
the earlier program makes again.

The commit has the dependencies of today, so only the project's own packages are built for it, beside the target
folder. Without the history of the repository only this program is checked.

With --bless, the list is written from what the earlier program makes.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import kept_builds
from support.checks import check, check_equal, wait_until
from support.client import JSON
from support.program import HONGTOU, ROOT, TARGET, valid_fixture
from support.server import Server

FOLDER = ROOT / "tests/system/earlier_build"
GOLDEN = FOLDER / "golden.txt"

# At how many places of a filing one bit is flipped.
FLIPPED = 25


def read_golden():
    """The commit, and the SHA-256 of each filing."""
    commit, *entries = GOLDEN.read_text().splitlines()
    return commit, dict(reversed(entry.split("  ")) for entry in entries)


def git(*command):
    return subprocess.run(["git", *command], cwd=ROOT, capture_output=True)


def has_history(commit):
    return git("cat-file", "-e", f"{commit}^{{commit}}").returncode == 0


def build(commit):
    """The source and the program of a commit. Cargo builds again only what is missing."""
    compiler = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    # The dependencies of another compiler would be built again.
    folder = TARGET / "kept-builds" / f"{commit[:12]}-{compiler}"
    source, target = folder / "source", folder / "target"
    if not source.exists():
        incomplete = folder / "incomplete"
        shutil.rmtree(incomplete, ignore_errors=True)
        incomplete.mkdir(parents=True)
        files = subprocess.Popen(["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "-C", incomplete], stdin=files.stdout, check=True)
        check(files.wait() == 0, f"git archive {commit}")
        incomplete.rename(source)
    if not (target / "release").exists():
        link_dependencies(folder / "incomplete", target)
    # Without optimisation the bytes are the same and the build is shorter.
    command = ["cargo", "build", "--locked", "--release", "--config", ".cargo/quick.toml"]
    environment = os.environ | {"CARGO_TARGET_DIR": str(target)}
    subprocess.run(command, cwd=source, env=environment, check=True)
    return source, target / "release/hongtou"


def link_dependencies(incomplete, target):
    """Makes a target folder with the built dependencies of this one.

    Cargo writes small files in place, so those are copied.
    """
    shutil.rmtree(incomplete, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    (incomplete / "release").mkdir(parents=True)
    subprocess.run(["cp", "-al", TARGET / "release/deps", incomplete / "release"], check=True)
    for name in ["build", ".fingerprint"]:
        subprocess.run(["cp", "-a", TARGET / "release" / name, incomplete / "release"], check=True)
    incomplete.rename(target)


def filings(program, submissions):
    """The filing that a program makes from each submission, by name."""
    def render(path):
        command = [program, "render", path, "--output", "-"]
        return subprocess.run(command, capture_output=True, check=True).stdout

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = pool.map(render, submissions.values())
        return dict(zip(submissions, made))


def digests(made):
    return {name: hashlib.sha256(pdf).hexdigest() for name, pdf in made.items()}


def check_golden(made, expected, whose):
    found = digests(made)
    wrong = sorted(name for name in expected if found.get(name) != expected[name])
    check(not wrong, f"{whose} makes other bytes than listed: {', '.join(wrong)}")
    print(f"ok  {whose} makes the listed bytes of {len(expected)} filings", flush=True)


def verified(file, *options):
    """What `hongtou verify` reports about a file; None if it cannot be read."""
    command = [HONGTOU, "verify", "--json", *options, file]
    shown = subprocess.run(command, capture_output=True).stdout
    return json.loads(shown) if shown else None


def check_verify(folder, program, name, pdf):
    """Only with the earlier program a filing of it is remade, and with one flipped bit never."""
    builds, file = folder / "builds", folder / "filing.pdf"
    builds.mkdir(exist_ok=True)
    shutil.copy(program, builds / "hongtou-earlier")
    file.write_bytes(pdf)
    check_equal(verified(file)["remake"]["outcome"], "cannot_be_remade", f"{name} without the earlier program")
    report = verified(file, "--builds", builds)
    found = (report["remake"]["outcome"], report["derivation"]["kind"])
    check_equal(found, ("remade_by_other_build", "identical"), f"{name} with it")
    for n in range(FLIPPED):
        at, flipped = len(pdf) * n // FLIPPED, bytearray(pdf)
        flipped[at] ^= 1 << n % 8
        file.write_bytes(flipped)
        report = verified(file, "--builds", builds)
        is_remade = report and report["remake"]["outcome"] != "cannot_be_remade"
        check(not is_remade, f"{name} is remade with a flipped bit at {at}")
    print(f"ok  {name}: no file with one of {FLIPPED} flipped bits is remade", flush=True)


def check_archive(folder, program, name, submission, pdf):
    """A server of today remakes what the earlier server filed, with the program that its archive keeps."""
    keeps = {"HONGTOU_WITHOUT_PROGRAM": "false"}
    with Server(folder, name="earlier", program=program, environment=keeps) as server:
        response = server.request("POST", "/v1/filings", submission.read_bytes(), JSON)
        check_equal((response.status, response.content == pdf), (201, True), f"{name} is filed by the earlier program")
        address = response.headers["Location"]
        wait_until(lambda: server.n_programs() == 1, "the earlier program is kept", seconds=120)
    with Server(folder, name="present") as server:
        inspection = server.request("GET", f"{address}/inspection").json()
        check_equal(inspection["remake"]["outcome"], "remade_by_other_build", f"the inspection of {name}")
        server.check_log()


def submissions(source, names):
    """The submissions of the list: fixtures as the commit had them, and those beside the list."""
    own = {path.stem: path for path in FOLDER.glob("*.json")}
    return {name: own.get(name) or source / f"fixtures/valid/{name}.json" for name in names}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bless", action="store_true", help="write the list of the earlier program")
    bless = parser.parse_args().bless
    commit, expected = read_golden()
    present = kept_builds.golden(kept_builds.version_of(HONGTOU))
    check_golden(filings(HONGTOU, {name: valid_fixture(name) for name in present}), present, "this program")
    if not has_history(commit):
        print(f"NOT CHECKED: the clone has no commit {commit}, so no earlier program was built", flush=True)
        return
    source, program = build(commit)
    if bless:
        fixtures = {path.stem for path in (source / "fixtures/valid").glob("*.json")}
        expected = dict.fromkeys(sorted(fixtures | {path.stem for path in FOLDER.glob("*.json")}))
    texts = submissions(source, expected)
    earlier = filings(program, texts)
    if bless:
        lines = [f"{sha256}  {name}" for name, sha256 in digests(earlier).items()]
        GOLDEN.write_text("\n".join([commit, *lines]) + "\n")
        return
    check_golden(earlier, expected, "the earlier program")
    own = {path.stem: path for path in FOLDER.glob("*.json")}
    differing = [name for name, pdf in filings(HONGTOU, own).items() if pdf != earlier[name]]
    check(differing, "some filing differs between the two programs")
    with tempfile.TemporaryDirectory(prefix="hongtou-earlier-") as folder:
        for name in differing:
            check_verify(Path(folder), program, name, earlier[name])
        name = differing[0]
        check_archive(Path(folder), program, name, texts[name], earlier[name])


if __name__ == "__main__":
    main()
