// SPDX-License-Identifier: Apache-2.0
#include "testing/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/status_macros.h"

extern char** environ;

namespace modelwatch::testing {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> EnvironmentWith(const std::vector<std::string>& added) {
  std::vector<std::string> all = added;  // the first of a name wins
  for (char** entry = environ; *entry != nullptr; ++entry) all.emplace_back(*entry);
  return all;
}

int ExitCode(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

absl::StatusOr<pid_t> Spawn(std::vector<std::string> command, const ProcessOptions& options,
                            const TempDir& files) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kWrite = O_CREAT | O_WRONLY | O_APPEND;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, files.Sub("out").c_str(), kWrite, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, files.Sub("err").c_str(), kWrite, 0600);
  if (!options.working_directory.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, options.working_directory.c_str());
  }
  std::vector<std::string> environment = EnvironmentWith(options.environment);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, command[0].c_str(), &actions, nullptr,
                                 Pointers(command).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return absl::NotFoundError(
        absl::StrFormat("cannot start %s: %s", command[0], std::strerror(error)));
  }
  return pid;
}

}  // namespace

absl::StatusOr<Process> Process::Start(const std::vector<std::string>& command,
                                       const ProcessOptions& options) {
  Process process;
  process.files_ = std::make_unique<TempDir>();
  ASSIGN_OR_RETURN(process.pid_, Spawn(command, options, *process.files_));
  return process;
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      exit_code_(other.exit_code_),
      files_(std::move(other.files_)) {}

Process::~Process() {
  if (pid_ < 0 || !running()) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool Process::running() {
  if (pid_ < 0 || exit_code_ >= 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  exit_code_ = ExitCode(status);
  return false;
}

absl::StatusOr<std::string> Process::WaitForLine(std::string_view words, absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  while (true) {
    const bool was_running = running();
    const std::string text = out() + "\n" + err();
    if (const size_t at = text.find(words); at != std::string::npos) {
      const size_t begin = text.rfind('\n', at) + 1;
      const size_t end = text.find('\n', at);
      if (end != std::string::npos) return text.substr(begin, end - begin);
    }
    if (!was_running || absl::Now() > deadline) {
      return absl::DeadlineExceededError(
          absl::StrFormat("'%s' was not written; the output ends: %s", words,
                          text.substr(text.size() > 2000 ? text.size() - 2000 : 0)));
    }
    absl::SleepFor(absl::Milliseconds(10));
  }
}

void Process::Signal(int signal) {
  if (running()) kill(pid_, signal);
}

absl::StatusOr<int> Process::Wait(absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  while (running()) {
    if (absl::Now() > deadline) return absl::DeadlineExceededError("the program is still running");
    absl::SleepFor(absl::Milliseconds(5));
  }
  return exit_code_;
}

std::string Process::out() const { return ReadAll(files_->Sub("out")); }
std::string Process::err() const { return ReadAll(files_->Sub("err")); }

absl::StatusOr<Ended> RunProcess(const std::vector<std::string>& command, absl::Duration timeout,
                                 const ProcessOptions& options) {
  ASSIGN_OR_RETURN(Process process, Process::Start(command, options));
  const absl::StatusOr<int> code = process.Wait(timeout);
  if (!code.ok()) {
    return absl::DeadlineExceededError(absl::StrFormat("%s did not end in time; it wrote: %s %s",
                                                       command[0], process.out(), process.err()));
  }
  return Ended{*code, process.out(), process.err()};
}

}  // namespace modelwatch::testing
