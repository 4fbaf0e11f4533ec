#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a hub of N releases takes from nothing, stage by stage, and what it costs each process.

    bootstrap.py --build build/release --releases 30000,300000 [--records FILE] [--max-seconds 3600]

The replay hub, the indexer, the crawler and the evaluator are processes of their own, as an operator
runs them apart. The world is the records of 2022 under new keys until there are N (`rekeyed:N,FILE`),
or made up (`synthetic:N`) without them. Prints Markdown; docs/benchmarks.md says how to read it. A stage
that takes longer than --max-seconds is stopped, and said to be: nothing is extrapolated.
"""
import argparse
import http.client
import json
import math
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

# Requests a window of 300 s, API and resolvers: docs/hub/rate-limits.md of the hub, read 2026-08-22.
PLANS = [
    ("anonymous", 500, 3000),
    ("free", 1000, 5000),
    ("PRO", 2500, 12000),
    ("Team", 3000, 20000),
    ("Enterprise", 6000, 50000),
    ("Enterprise Plus", 10000, 100000),
]
WINDOW_S = 300
USED = 0.9  # budget_reserve_percent: 10

CONFIG = """hubs {
  name: "huggingface"
  endpoint: "%s"
  keep_up_ms: 1
  sweep_ms: 1
}
"""


def say(text):
    print(text, file=sys.stderr, flush=True)


def wait_for(process, log, words, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with open(log, encoding="utf-8", errors="replace") as file:
            for line in file:
                if words in line:
                    return line.strip()
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit(f"bootstrap: '{words}' did not come; see {log}")


def peak_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1)) / 1024


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def metric(address, name):
    text = urllib.request.urlopen(f"http://{address}/metrics", timeout=30).read().decode()
    found = re.search(rf"^{name} (\S+)$", text, re.M)
    return float(found.group(1)) if found else 0.0


def disk_bytes(directory):
    return sum(
        os.path.getsize(os.path.join(where, name))
        for where, _, names in os.walk(directory)
        for name in names
    )


class Stage:
    """One child's whole life: wall, CPU and peak memory, and whether it was stopped."""

    def __init__(self, name, command, max_seconds, log):
        self.name = name
        started = time.monotonic()
        with open(log, "ab") as out:
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=out)
        self.was_stopped = False
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            if not self.was_stopped and time.monotonic() - started > max_seconds:
                self.was_stopped = True
                child.send_signal(signal.SIGTERM)
            time.sleep(0.02)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.monotonic() - started
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss / 1024
        if child.returncode != 0 and not self.was_stopped:
            raise SystemExit(f"bootstrap: {name} ended with {child.returncode}; see {log}")
        say(f"{name}: {self.wall:.1f} s{' (stopped)' if self.was_stopped else ''}")


def walk_listing(url, max_seconds):
    """All pages of the listing one after the other, thrown away: what the hub itself takes."""
    host = url.split("//", 1)[1]
    connection = http.client.HTTPConnection(host, timeout=120)
    target = "/api/models?sort=createdAt&direction=1&limit=1000&expand[]=sha&expand[]=tags"
    pages, started = 0, time.monotonic()
    while target and time.monotonic() - started < max_seconds:
        connection.request("GET", target, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        pages += 1
        link = answer.getheader("Link") or ""
        found = re.search(r"<https?://[^/]+(/[^>]*)>", link)
        target = found.group(1) if found else ""
    return pages, time.monotonic() - started


class Run:
    """One size, in a directory of its own."""

    def __init__(self, options, releases):
        self.options = options
        self.releases = releases
        self.program = os.path.join(options.build, "modelwatch")
        self.stages = []

    def hub_command(self):
        world = (
            f"rekeyed:{self.releases},{self.options.records}"
            if self.options.records
            else f"synthetic:{self.releases}"
        )
        hub = os.path.join(self.options.build, "tests/replay_hub/modelwatch-replay-hub")
        return [hub, "--world", world, "--no-limits", "--clock", "scaled:1"]

    def requests(self):
        with urllib.request.urlopen(f"{self.url}/_replay/status", timeout=30) as answer:
            counted = json.load(answer)["requests"]
        return counted["api"], counted["resolvers"]

    def status(self):
        told = subprocess.run(
            [self.program, "status", "--data", self.data, "--format", "json"],
            check=True, capture_output=True, text=True,
        )
        return json.loads(told.stdout)

    def crawl(self, name):
        command = [self.program, "crawl", "--once", "--config", self.config, "--data", self.crawl_dir,
                   "--indexer", self.index_address, "--log-level", "warning"]
        before = self.requests(), cpu_seconds(self.index.pid), cpu_seconds(self.hub.pid)
        stage = Stage(name, command, self.options.max_seconds, self.log("crawl"))
        after = self.requests(), cpu_seconds(self.index.pid), cpu_seconds(self.hub.pid)
        stage.api = after[0][0] - before[0][0]
        stage.files = after[0][1] - before[0][1]
        stage.index_cpu = after[1] - before[1]
        stage.hub_cpu = after[2] - before[2]
        self.stages.append(stage)
        return stage

    def log(self, name):
        return os.path.join(self.directory, name + ".log")

    def start(self, name, command, words, seconds):
        with open(self.log(name), "wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        self.running.append(process)
        return process, wait_for(process, self.log(name), words, seconds)

    def measure(self):
        self.running = []
        with tempfile.TemporaryDirectory(dir=self.options.directory) as self.directory:
            try:
                self.measure_in_directory()
            finally:
                for process in reversed(self.running):
                    process.terminate()
                    process.wait(60)
        return self

    def measure_in_directory(self):
        started = time.monotonic()
        self.hub, line = self.start("hub", self.hub_command(), "listening on ", 1800)
        self.url = line.split()[-1]
        say(f"hub of {self.releases} releases: up after {time.monotonic() - started:.1f} s")
        self.data = os.path.join(self.directory, "index")
        self.crawl_dir = os.path.join(self.directory, "crawl")
        self.config = os.path.join(self.directory, "config.textproto")
        with open(self.config, "w", encoding="ascii") as file:
            file.write(CONFIG % self.url)
        self.index, _ = self.start(
            "index",
            [self.program, "index", "--data", self.data, "--metrics", "127.0.0.1:0"],
            "metrics.serving", 60,
        )
        with open(self.log("index"), encoding="utf-8") as file:
            text = file.read()
        metrics = re.search(r"metrics\.serving.*?(127\.0\.0\.1:\d+)", text).group(1)
        with open(os.path.join(self.data, "indexer.address"), encoding="ascii") as file:
            self.index_address = file.read().strip()
        self.pages, self.listing_s = walk_listing(self.url, self.options.max_seconds)
        self.first = self.crawl("bootstrap")
        self.commit_s = metric(metrics, "modelwatch_commit_seconds_sum")
        status = self.status()
        self.kept = status["releases"]
        self.texts = status["texts"]
        self.is_whole = not self.first.was_stopped
        if self.is_whole:
            self.again = self.crawl("sweep again, nothing new")
            judge = [self.program, "evaluate", "--once", "--data", self.data, "--log-level", "warning",
                     "--corpus", self.options.corpus]
            self.judged = Stage("judging", judge, self.options.max_seconds, self.log("judge"))
            if self.judged.was_stopped:
                say("judging was stopped: its figures are of what it did until then")
            self.judged_to = self.status()["evaluator_cursor"]
        self.peaks = {"hub": peak_mib(self.hub.pid), "index": peak_mib(self.index.pid)}
        self.disk = disk_bytes(os.path.join(self.data, "db"))


def show(run):
    stopped = "" if run.is_whole else f" (stopped after {run.first.wall:.0f} s)"
    print(f"\n### {run.releases:,} releases: {run.kept:,} kept, {run.texts:,} texts{stopped}\n")
    print("| stage | wall s | releases a second | CPU s: crawler | index | hub | API requests | files |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    print(f"| the listing alone, {run.pages} pages thrown away | {run.listing_s:.1f} | "
          f"{run.releases / run.listing_s:,.0f} | | | | | |")
    for stage in run.stages:
        print(f"| {stage.name} | {stage.wall:.1f} | {run.kept / stage.wall:,.0f} | {stage.cpu:.1f} | "
              f"{stage.index_cpu:.1f} | {stage.hub_cpu:.1f} | {stage.api:,} | {stage.files:,} |")
    print(f"| of the bootstrap: commits with their sync | {run.commit_s:.1f} | | | | | | |")
    if run.is_whole:
        wall = run.first.wall - run.again.wall
        print(f"| of the bootstrap: files and new versions (it less the second sweep) | {wall:.1f} | "
              f"{run.kept / max(wall, 0.001):,.0f} | | | | | |")
        part = " (stopped)" if run.judged.was_stopped else ""
        print(f"| judging, declared and texts{part} | {run.judged.wall:.1f} | "
              f"{run.kept / run.judged.wall:,.0f} | {run.judged.cpu:.1f} | | | | |")
    peaks = dict(run.peaks, crawler=run.first.peak)
    if run.is_whole:
        peaks["evaluator"] = run.judged.peak
    print("\nPeak memory MiB: " + ", ".join(f"{name} {mib:.0f}" for name, mib in peaks.items()) +
          f". Database: {run.disk / 2**20:,.0f} MiB, {run.disk / max(run.kept, 1):,.0f} bytes a release.")


def show_plans(runs):
    print("\n### What the allowance makes of the bootstrap\n")
    print("Windows of 300 s that the requests counted above fill, a tenth of each left unused:\n")
    print("| plan | " + " | ".join(f"{run.releases:,}" for run in runs) + " |")
    print("|---|" + "--:|" * len(runs))
    for name, api, resolvers in PLANS:
        cells = []
        for run in runs:
            windows = max(math.ceil(run.first.api / (api * USED)),
                          math.ceil(run.first.files / (resolvers * USED)))
            hours = windows * WINDOW_S / 3600
            cells.append(f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days")
        print(f"| {name} | " + " | ".join(cells) + " |")


def show_growth(runs):
    if len(runs) < 2:
        return
    print("\n### Growth: cost of one release, against the smallest hub\n")
    print("| releases | wall | CPU of crawler and index | database | peak memory of the crawler | of the index |")
    print("|--:|--:|--:|--:|--:|--:|")
    base = runs[0]

    def cost(run):
        n = max(run.kept, 1)
        return (run.first.wall / n, (run.first.cpu + run.first.index_cpu) / n, run.disk / n)

    for run in runs:
        ratios = [mine / theirs for mine, theirs in zip(cost(run), cost(base))]
        print(f"| {run.releases:,} | " + " | ".join(f"{ratio:.2f}" for ratio in ratios) +
              f" | {run.first.peak:.0f} MiB | {run.peaks['index']:.0f} MiB |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--build", required=True, help="directory with the programs")
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--releases", default="30000", help="sizes, with commas between them")
    parser.add_argument("--records", default="", help="models.jsonl.zst; default: made-up releases")
    parser.add_argument("--max-seconds", type=float, default=3600, help="of one stage")
    parser.add_argument("--directory", default=None, help="where the databases go meanwhile")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.releases.split(","))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    kind = "records of 2022 under new keys" if options.records else "made-up releases"
    print(f"Hubs of {kind}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start, "
          f"build {os.path.basename(os.path.normpath(options.build))}.")
    runs = []
    for size in sizes:
        runs.append(Run(options, size).measure())
        show(runs[-1])
        sys.stdout.flush()
    show_plans(runs)
    show_growth(runs)


if __name__ == "__main__":
    main()
