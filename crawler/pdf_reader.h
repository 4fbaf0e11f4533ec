// SPDX-License-Identifier: Apache-2.0
// PdfReader: the words of PDFs, made by poppler's pdftotext in a child process.
//
// A PDF is a program by a stranger, and readers of PDFs have a long list of holes. So each is read
// by a process that was given the bytes and may only compute: no socket, no other process, no
// environment, no file descriptor of ours; few seconds, little memory, a short output; killed when
// it takes longer, or when we end. See docs/decisions/0023-pdfs-in-a-child-process.md.
#pragma once

#include <sys/types.h>

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "crawler/confined_process.h"

namespace modelwatch::crawler {

[[nodiscard]] bool IsPdf(std::string_view bytes);

struct PdfLimits {
  std::string program = "/usr/bin/pdftotext";
  absl::Duration wall = absl::Seconds(30);
  uint64_t cpu_seconds = 10;
  uint64_t memory_bytes = uint64_t{1} << 30;    // of addresses, libraries included
  uint64_t max_text_bytes = uint64_t{1} << 20;  // no licence is longer than a tenth of it
};

// I/O thread only. Children that are left are killed with it.
class PdfReader {
 public:
  using Text = absl::StatusOr<std::string>;
  using Use = std::function<void(const Text&)>;

  explicit PdfReader(const common::Clock& clock, PdfLimits limits = {});
  ~PdfReader();
  PdfReader(const PdfReader&) = delete;
  PdfReader& operator=(const PdfReader&) = delete;

  // Calls `use` once, from Step() or at once when the content was read lately. INVALID_ARGUMENT, in
  // words for a log: encrypted, broken, or without words. RESOURCE_EXHAUSTED: more time, memory or
  // text than it may have. FAILED_PRECONDITION: there is no program, or no process can be had.
  void Read(const std::string& pdf, Use use);

  // Ends what is over and starts what waits.
  void Step();

  // Not done yet.
  [[nodiscard]] size_t active() const { return queue_.size() + children_.size(); }

 private:
  struct Job {
    std::string digest;
    std::string pdf;
  };
  struct Child {
    Job job;
    pid_t pid = -1;
    int output = -1;
    absl::Time deadline;
    bool is_killed = false;
  };

  void Start(Job job);
  [[nodiscard]] Text Outcome(const Child& child, int wait_status) const;
  void Settle(const std::string& digest, const Text& text);

  const common::Clock& clock_;
  const PdfLimits limits_;
  std::deque<Job> queue_;
  std::list<Child> children_;
  std::unordered_map<std::string, std::vector<Use>> waiting_;  // by digest
  std::unordered_map<std::string, Text> known_;
  std::deque<std::string> known_order_;
};

}  // namespace modelwatch::crawler
