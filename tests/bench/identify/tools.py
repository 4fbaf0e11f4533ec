# SPDX-License-Identifier: Apache-2.0
"""Runs the program under test over files and reads its answers."""

import json
import subprocess

import scoring

BATCH = 500  # paths a call, far below the limit of an argument list


class Modelwatch:
    """`modelwatch identify` of one program and one corpus."""

    def __init__(self, program, corpus, words):
        self.program, self.corpus, self._words = str(program), str(corpus), words

    def lines(self, paths):
        """path -> JSON object. A path without an answer is absent."""
        paths, answers = [str(p) for p in paths], {}
        for start in range(0, len(paths), BATCH):
            done = subprocess.run(
                [self.program, "identify", "--corpus", self.corpus, "--format", "json",
                 *paths[start:start + BATCH]], capture_output=True, check=False)
            if done.returncode not in (0, 1):
                raise RuntimeError(f"{self.program} identify: exit {done.returncode}: "
                                   f"{done.stderr.decode(errors='replace')[-400:]}")
            # Exit 1 with answers: some path could not be read. Without any, nothing was measured.
            if done.returncode == 1 and not done.stdout:
                raise RuntimeError(f"{self.program} identify answered nothing: "
                                   f"{done.stderr.decode(errors='replace')[-400:]}")
            for line in done.stdout.decode("utf-8", errors="replace").splitlines():
                row = json.loads(line)
                answers[row["path"]] = row
        return answers

    def answers(self, samples):
        """sample name -> Answer. A file that is an archive has lines for its entries alone: no licence
        is found in the file itself, which is what the labels are about."""
        lines = self.lines([s.path for s in samples])
        found = {}
        for s in samples:
            if s.path in lines:
                found[s.name] = scoring.modelwatch_answer(self._words, lines[s.path])
            elif any(path.startswith(s.path + "/") for path in lines):
                found[s.name] = scoring.Answer(frozenset(), frozenset(), "archive")
        return found

    def with_corpus(self, corpus):
        return Modelwatch(self.program, corpus, self._words)

    def build_corpus(self, folders, out):
        command = [self.program, "corpus", "build", "--out", str(out)]
        for folder in folders:
            command += ["--from", str(folder)]
        subprocess.run(command, check=True, capture_output=True)
