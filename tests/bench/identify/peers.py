# SPDX-License-Identifier: Apache-2.0
"""The peers: how each is called, and a cache of what it answered.

A peer reads paths on standard input and prints a JSON line a file (peers/*). Answers are kept by
tool version and file content, because ScanCode takes a third of a second of CPU a file; times are
kept with them and are CPU time, so a busy machine changes them little. `fresh` asks again.
"""

import hashlib
import json
import os
import pathlib
import subprocess

import scoring

HERE = pathlib.Path(__file__).resolve().parent / "peers"


class Peer:
    """One installed peer. `command(folder)`: reads paths, prints JSON lines."""

    def __init__(self, name, version, command):
        self.name, self.version, self.command = name, version, command
        self.start_s = None


def _output(command):
    try:
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def installed(folder):
    """Peers that install_peers.sh has put into `folder` or the system; the others are left out."""
    found, folder = [], pathlib.Path(folder)
    python = folder / "scancode/bin/python"
    if python.exists():
        version = _output([python, "-c", "import importlib.metadata as m; print(m.version('scancode-toolkit'))"])
        found.append(Peer("ScanCode", version, [python, HERE / "scancode_peer.py"]))
    gopeers = folder / "gopeers"
    if gopeers.exists():
        found.append(Peer("google/licensecheck", "0.3.1", [gopeers, "licensecheck"]))
        found.append(Peer("licenseclassifier", "2.0.0", [gopeers, "licenseclassifier"]))
    debian = _output(["dpkg-query", "-W", "-f=${Version}", "licensecheck"])
    if debian:
        found.append(Peer("Debian licensecheck", debian, ["python3", HERE / "licensecheck_peer.py"]))
    askalono = folder / "askalono/bin/askalono"
    if askalono.exists():
        found.append(Peer("askalono", "0.5.0", ["python3", HERE / "askalono_peer.py", askalono]))
    licensee = _output(["dpkg-query", "-W", "-f=${Version}", "ruby-licensee"])
    if licensee:
        found.append(Peer("licensee", licensee, ["ruby", HERE / "licensee_peer.rb"]))
    return found


def digest(text):
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def content_key(path):
    return f"{digest(pathlib.Path(path).read_bytes())[:32]} {pathlib.Path(path).name}"


class Answers:
    """Cache of one peer's answers, appended to as they come so that a stopped run goes on."""

    def __init__(self, peer, folder, fresh=False):
        self._peer = peer
        self._file = pathlib.Path(folder) / f"{peer.name.replace('/', '-').replace(' ', '-')}-{peer.version}.jsonl"
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._rows = {}
        if fresh:
            self._file.unlink(missing_ok=True)
        elif self._file.exists():
            for line in self._file.read_text().splitlines():
                row = json.loads(line)
                self._rows[row.get("key", "")] = row
            self._peer.start_s = self._rows.get("start", {}).get("start_s")

    def without(self, keys, make_sources):
        """The same for the peer with `keys` left out of its data; `make_sources` makes the folders of
        the data and is called only when the peer is asked."""
        peer = Peer(self._peer.name, f"{self._peer.version}-without-{digest(chr(10).join(keys))[:12]}",
                    lambda: [*self._peer.command, *make_sources()])
        return Answers(peer, self._file.parent)

    def rows(self, samples, ask=True):
        """sample name -> row of the peer; with `ask`, asks for what is not known yet."""
        keys = {s.name: content_key(s.path) for s in samples}
        missing = {keys[s.name]: s.path for s in samples if keys[s.name] not in self._rows}
        if missing and ask:
            self._ask(missing)
        return {name: self._rows[key] for name, key in keys.items() if key in self._rows}

    def _ask(self, missing):
        by_path = {str(path): key for key, path in missing.items()}
        command = self._peer.command() if callable(self._peer.command) else self._peer.command
        process = subprocess.Popen(["nice", "-n", "19", *map(str, command)],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True,
                                   env={**os.environ, "GOMAXPROCS": "1"})
        feeder = subprocess.Popen(["printf", "%s\\n", *by_path], stdout=process.stdin)
        process.stdin.close()
        with self._file.open("a") as cache:
            for line in process.stdout:
                row = json.loads(line)
                row["key"] = "start" if "start_s" in row else by_path[row.pop("path")]
                if row["key"] == "start":
                    self._peer.start_s = row["start_s"]
                self._rows[row["key"]] = row
                cache.write(json.dumps(row) + "\n")
                cache.flush()
        feeder.wait()
        if process.wait() != 0:
            raise RuntimeError(f"peer {self._peer.name}: exit {process.returncode}")


def answer(words, row):
    """Answer of a peer's row: it has no flags, so all that it finds is given as it is."""
    names = set()
    for name in row["found"]:
        names |= words.names(name)
    return scoring.Answer(frozenset(names), frozenset(names), " ".join(row["found"]))


def answers(words, rows):
    return {name: answer(words, row) for name, row in rows.items()}
