// SPDX-License-Identifier: Apache-2.0
#include "crawler/confined_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::crawler {
namespace {

using ::testing::HasSubstr;

struct Ended {
  int status = -1;
  std::string output;
};

Ended RunConfined(const std::vector<std::string>& command, const std::string& input = "",
                  const Confinement& confinement = {}) {
  Ended ended;
  const auto started = StartConfined(command, input, confinement);
  EXPECT_OK(started);
  if (!started.ok()) return ended;
  waitpid(started->pid, &ended.status, 0);
  ended.output.resize(4096);
  const ssize_t size = pread(started->output, ended.output.data(), ended.output.size(), 0);
  ended.output.resize(size > 0 ? static_cast<size_t>(size) : 0);
  close(started->output);
  return ended;
}

// What a Python program prints under confinement; it says what it was refused.
std::string Try(const std::string& statement) {
  const std::string program =
      "try:\n  " + statement + "\n  print('done')\nexcept OSError as e:\n  print(e.strerror)\n";
  return RunConfined({"/usr/bin/python3", "-I", "-S", "-c", program}).output;
}

TEST(ConfinedProcessTest, GetsItsInputAndItsOutputIsRead) {
  const Ended ended = RunConfined({"/bin/cat"}, "some bytes");
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.output, "some bytes");
}

TEST(ConfinedProcessTest, HasNothingOfOurEnvironment) {
  setenv("HF_TOKEN", "secret", 1);
  const Ended ended = RunConfined({"/usr/bin/env"});
  unsetenv("HF_TOKEN");
  EXPECT_EQ(ended.output, "LC_ALL=C.UTF-8\n");
}

TEST(ConfinedProcessTest, MakesNoSocket) {
  EXPECT_THAT(Try("import socket; socket.socket()"), HasSubstr("not permitted"));
}

TEST(ConfinedProcessTest, MakesNoProcessAndSignalsNone) {
  EXPECT_THAT(Try("import os; os.fork()"), HasSubstr("not permitted"));
  EXPECT_THAT(Try("import os; os.kill(os.getppid(), 0)"), HasSubstr("not permitted"));
}

TEST(ConfinedProcessTest, OpensNoFileForWriting) {
  testing::TempDir dir;
  EXPECT_THAT(Try("open('" + dir.Sub("made") + "', 'w')"), HasSubstr("not permitted"));
  EXPECT_THAT(Try("open('/etc/passwd')"), HasSubstr("done"));
}

TEST(ConfinedProcessTest, RemovesAndRenamesNothing) {
  testing::TempDir dir;
  const std::string there = dir.Sub("there");
  ASSERT_EQ(mkdir(there.c_str(), 0700), 0);
  EXPECT_THAT(Try("import os; os.rmdir('" + there + "')"), HasSubstr("not permitted"));
  EXPECT_THAT(Try("import os; os.rename('" + there + "', '" + dir.Sub("else") + "')"),
              HasSubstr("not permitted"));
  EXPECT_THAT(Try("import os; os.unlink('" + there + "')"), HasSubstr("not permitted"));
}

TEST(ConfinedProcessTest, IsKilledWhenItPrintsOrComputesTooMuch) {
  Confinement confinement;
  confinement.output_bytes = 1000;
  const Ended printing = RunConfined({"/usr/bin/yes"}, "", confinement);
  ASSERT_TRUE(WIFSIGNALED(printing.status));
  EXPECT_EQ(WTERMSIG(printing.status), SIGXFSZ);
  confinement = {};
  confinement.cpu_seconds = 1;
  const Ended computing =
      RunConfined({"/usr/bin/python3", "-I", "-S", "-c", "while True: pass"}, "", confinement);
  EXPECT_TRUE(WIFSIGNALED(computing.status));
}

TEST(ConfinedProcessTest, SaysThatThereIsNoSuchProgram) {
  const Ended ended = RunConfined({"/nowhere/program"});
  ASSERT_TRUE(WIFEXITED(ended.status));
  EXPECT_EQ(WEXITSTATUS(ended.status), kNoProgram);
}

}  // namespace
}  // namespace modelwatch::crawler
