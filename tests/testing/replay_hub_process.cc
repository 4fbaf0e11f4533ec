// SPDX-License-Identifier: Apache-2.0
#include "testing/replay_hub_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/status_macros.h"
#include "testing/loopback_http.h"

extern char** environ;

namespace modelwatch::testing {
namespace {

constexpr absl::Duration kStartPatience = absl::Seconds(60);
constexpr absl::Duration kStopPatience = absl::Seconds(5);
constexpr std::string_view kPrefix = "listening on http://";

// The first line from `fd`, or what there was when the end or the deadline came first.
std::string FirstLine(int fd, absl::Time deadline) {
  std::string text;
  while (text.find('\n') == std::string::npos) {
    pollfd watched{fd, POLLIN, 0};
    const int64_t left_ms = absl::ToInt64Milliseconds(deadline - absl::Now());
    if (left_ms <= 0 || poll(&watched, 1, static_cast<int>(left_ms)) <= 0) break;
    char bytes[512];
    const ssize_t got = read(fd, bytes, sizeof bytes);
    if (got <= 0) break;
    text.append(bytes, static_cast<size_t>(got));
  }
  return text.substr(0, text.find('\n'));
}

absl::StatusOr<int> Spawn(const std::vector<std::string>& flags, int out_fd) {
  std::vector<char*> argv = {const_cast<char*>(MODELWATCH_REPLAY_HUB)};
  for (const std::string& flag : flags) argv.push_back(const_cast<char*>(flag.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return absl::UnavailableError(
        absl::StrFormat("start %s: %s; build the target modelwatch-replay-hub",
                        MODELWATCH_REPLAY_HUB, strerror(error)));
  }
  return pid;
}

int ExitCode(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

absl::StatusOr<std::string> BodyOf(const absl::StatusOr<LoopbackAnswer>& answer) {
  if (!answer.ok()) return answer.status();
  if (answer->status != 200) return absl::InvalidArgumentError(answer->body);
  return answer->body;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ReplayHubProcess>> ReplayHubProcess::Start(
    std::vector<std::string> flags) {
  flags.insert(flags.end(), {"--port", "0"});
  int pipe_fds[2];
  if (pipe2(pipe_fds, O_CLOEXEC) != 0) return absl::UnavailableError("no pipe for the replay hub");
  const absl::StatusOr<int> pid = Spawn(flags, pipe_fds[1]);
  close(pipe_fds[1]);
  const std::string line =
      pid.ok() ? FirstLine(pipe_fds[0], absl::Now() + kStartPatience) : std::string();
  close(pipe_fds[0]);
  if (!pid.ok()) return pid.status();
  std::unique_ptr<ReplayHubProcess> hub(new ReplayHubProcess(*pid, 0));
  const size_t colon = line.rfind(':');
  if (line.compare(0, kPrefix.size(), kPrefix) != 0 ||
      !absl::SimpleAtoi(line.substr(colon + 1), &hub->port_)) {
    return absl::UnavailableError(
        absl::StrFormat("the replay hub did not come up; it said \"%s\"", line));
  }
  hub->url_ = absl::StrFormat("http://127.0.0.1:%d", hub->port_);
  return hub;
}

ReplayHubProcess::ReplayHubProcess(int pid, int port) : pid_(pid), port_(port) {}
ReplayHubProcess::~ReplayHubProcess() { Stop(); }

absl::StatusOr<std::string> ReplayHubProcess::Status() const {
  return BodyOf(LoopbackGet(port_, "/_replay/status"));
}

absl::StatusOr<std::string> ReplayHubProcess::Advance(std::string_view to) const {
  return BodyOf(LoopbackPost(port_, absl::StrFormat("/_replay/advance?to=%s", to)));
}

absl::Status ReplayHubProcess::Fault(std::string_view query) const {
  return BodyOf(LoopbackPost(port_, absl::StrFormat("/_replay/fault?%s", query))).status();
}

int ReplayHubProcess::Stop() {
  if (pid_ <= 0) return exit_code_;
  kill(pid_, SIGTERM);
  int status = 0;
  const absl::Time deadline = absl::Now() + kStopPatience;
  while (waitpid(pid_, &status, WNOHANG) == 0) {
    if (absl::Now() > deadline) {
      kill(pid_, SIGKILL);
      waitpid(pid_, &status, 0);
      break;
    }
    absl::SleepFor(absl::Milliseconds(5));
  }
  pid_ = -1;
  exit_code_ = ExitCode(status);
  return exit_code_;
}

}  // namespace modelwatch::testing
