// SPDX-License-Identifier: Apache-2.0
#include "cli/run_group.h"

#include <pthread.h>
#include <signal.h>

#include <thread>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/log.h"
#include "common/mutex.h"

namespace modelwatch::cli {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

// What the loops report while they run.
struct Progress {
  common::Mutex mutex;
  size_t running ABSL_GUARDED_BY(mutex) = 0;
  absl::Status first_error ABSL_GUARDED_BY(mutex);
};

void WaitForSignalOrEnd(common::Stopper& stopper, Progress& progress) {
  const sigset_t signals = StopSignals();
  const timespec tick{.tv_sec = 0, .tv_nsec = 50'000'000};
  while (!stopper.stopped()) {
    if (sigtimedwait(&signals, nullptr, &tick) > 0) {
      common::LogInfo("stopping", {{"why", "signal"}});
      stopper.Stop();
      return;
    }
    common::MutexLock lock(progress.mutex);
    if (progress.running == 0) return;
  }
}

}  // namespace

RunGroup::RunGroup() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void RunGroup::Add(std::string name, std::function<absl::Status()> loop) {
  loops_.push_back({std::move(name), std::move(loop)});
}

absl::Status RunGroup::Run() {
  Progress progress;
  {
    common::MutexLock lock(progress.mutex);
    progress.running = loops_.size();
  }
  std::vector<std::thread> threads;
  threads.reserve(loops_.size());
  for (const Loop& loop : loops_) {
    threads.emplace_back([this, &loop, &progress] {
      pthread_setname_np(pthread_self(), loop.name.substr(0, 15).c_str());
      absl::Status status = loop.run();
      if (!status.ok()) stopper_.Stop();
      common::MutexLock lock(progress.mutex);
      --progress.running;
      if (!status.ok() && progress.first_error.ok()) progress.first_error = std::move(status);
    });
  }
  WaitForSignalOrEnd(stopper_, progress);
  for (auto thread = threads.rbegin(); thread != threads.rend(); ++thread) thread->join();
  common::MutexLock lock(progress.mutex);
  return progress.first_error;
}

}  // namespace modelwatch::cli
