// SPDX-License-Identifier: Apache-2.0
#include "crawler/pdf_reader.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "proto/validate.h"

namespace modelwatch::crawler {
namespace {

constexpr size_t kMostChildren = 2;
constexpr size_t kMostKnown = 64;  // of at most max_text_bytes each
// Licences have a few pages, the longest known some forty.
constexpr char kLastPage[] = "200";

// What it printed, one byte more than `most` when there is more.
std::string ReadOutput(int file, size_t most) {
  std::string text(most + 1, '\0');
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t got =
        pread(file, text.data() + size, text.size() - size, static_cast<off_t>(size));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    size += static_cast<size_t>(got);
  }
  text.resize(size);
  return text;
}

bool HasWords(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return absl::ascii_isalnum(byte) || byte >= 0x80;
  });
}

}  // namespace

bool IsPdf(std::string_view bytes) { return bytes.substr(0, 5) == "%PDF-"; }

PdfReader::PdfReader(const common::Clock& clock, PdfLimits limits)
    : clock_(clock), limits_(std::move(limits)) {}

PdfReader::~PdfReader() {
  for (const Child& child : children_) {
    kill(child.pid, SIGKILL);
    waitpid(child.pid, nullptr, 0);
    close(child.output);
  }
}

void PdfReader::Read(const std::string& pdf, Use use) {
  std::string digest = common::Sha256(pdf);
  if (const auto known = known_.find(digest); known != known_.end()) {
    const Text text = known->second;
    use(text);
    return;
  }
  std::vector<Use>& waiting = waiting_[digest];
  waiting.push_back(std::move(use));
  if (waiting.size() > 1) return;
  queue_.push_back({std::move(digest), pdf});
}

void PdfReader::Step() {
  const absl::Time now = clock_.Now();
  for (auto child = children_.begin(); child != children_.end();) {
    int status = 0;
    if (waitpid(child->pid, &status, WNOHANG) == 0) {
      if (now >= child->deadline && !std::exchange(child->is_killed, true)) {
        kill(child->pid, SIGKILL);
      }
      ++child;
      continue;
    }
    const Text text = Outcome(*child, status);
    const std::string digest = child->job.digest;
    close(child->output);
    child = children_.erase(child);
    Settle(digest, text);
  }
  while (children_.size() < kMostChildren && !queue_.empty()) {
    Job job = std::move(queue_.front());
    queue_.pop_front();
    Start(std::move(job));
  }
}

void PdfReader::Start(Job job) {
  const Confinement confinement{limits_.cpu_seconds, limits_.memory_bytes,
                                limits_.max_text_bytes + 1};
  auto started =
      StartConfined({limits_.program, "-q", "-enc", "UTF-8", "-nopgbrk", "-l", kLastPage, "-", "-"},
                    job.pdf, confinement);
  if (!started.ok()) {
    Settle(job.digest, started.status());
    return;
  }
  children_.push_back(
      {std::move(job), started->pid, started->output, clock_.Now() + limits_.wall, false});
}

PdfReader::Text PdfReader::Outcome(const Child& child, int wait_status) const {
  const auto too_much = absl::ResourceExhaustedError("a PDF that takes too long to read");
  if (child.is_killed) return too_much;
  if (WIFSIGNALED(wait_status)) {
    const int by = WTERMSIG(wait_status);
    if (by == SIGXCPU || by == SIGKILL) return too_much;
    if (by == SIGXFSZ) return absl::ResourceExhaustedError("a PDF of more text than any licence");
    return absl::InvalidArgumentError("a PDF that its reader does not survive");
  }
  const int code = WEXITSTATUS(wait_status);
  if (code == kNoProgram) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "a PDF, and %s is not there to read it; install poppler-utils", limits_.program));
  }
  if (code == kNotConfined) {
    return absl::FailedPreconditionError("a PDF, and this system cannot confine its reader");
  }
  if (code != 0) {
    const bool is_encrypted = child.job.pdf.find("/Encrypt") != std::string::npos;
    return absl::InvalidArgumentError(is_encrypted ? "an encrypted PDF" : "a broken PDF");
  }
  std::string text = ReadOutput(child.output, limits_.max_text_bytes);
  if (text.size() > limits_.max_text_bytes) {
    return absl::ResourceExhaustedError("a PDF of more text than any licence");
  }
  if (!HasWords(text)) return absl::InvalidArgumentError("a PDF without words (was it scanned?)");
  return proto::ToValidUtf8(text);
}

void PdfReader::Settle(const std::string& digest, const Text& text) {
  if (!absl::IsFailedPrecondition(text.status()) && known_.emplace(digest, text).second) {
    known_order_.push_back(digest);
    if (known_order_.size() > kMostKnown) {
      known_.erase(known_order_.front());
      known_order_.pop_front();
    }
  }
  const auto waiting = std::move(waiting_.extract(digest).mapped());
  for (const Use& use : waiting) use(text);
}

}  // namespace modelwatch::crawler
