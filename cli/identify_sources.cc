// SPDX-License-Identifier: Apache-2.0
#include "cli/identify_sources.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "cli/archive_reader.h"
#include "cli/text_input.h"

namespace modelwatch::cli {
namespace {

namespace fs = std::filesystem;

// Deeper than any real tree; keeps the recursion of a hostile one off the end of the stack.
constexpr int kMaxDepth = 200;

// The share of the work that a path stands for: [begin, end) of 0..1.
struct Share {
  double begin = 0;
  double end = 1;

  [[nodiscard]] Share Part(size_t index, size_t count) const {
    const double width = (end - begin) / static_cast<double>(count);
    return {begin + width * static_cast<double>(index),
            begin + width * static_cast<double>(index + 1)};
  }
};

bool BeginsLikeAnArchive(const std::string& path) {
  char head[512];
  std::ifstream file(path, std::ios::binary);
  file.read(head, sizeof(head));
  return IsArchiveHead({head, static_cast<size_t>(file.gcount())});
}

bool IsBelow(const fs::path& path, const fs::path& root) {
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

class Walker {
 public:
  explicit Walker(const std::function<void(Source)>& on_source) : on_source_(on_source) {}

  // A path that was named on the command line.
  void WalkNamed(const std::string& path, const Share& share) {
    std::error_code error;
    const fs::file_status status = path == "-" ? fs::file_status() : fs::status(path, error);
    if (path == "-") return PutFile(path, share);
    if (error || !fs::exists(status))
      return PutProblem(path, error ? error.value() : ENOENT, share);
    if (fs::is_directory(status)) {
      root_ = fs::canonical(path, error);
      return WalkFolder(path, share, 0);
    }
    if (fs::is_regular_file(status) && BeginsLikeAnArchive(path)) return WalkArchive(path, share);
    PutFile(path, share);
  }

 private:
  void WalkFolder(const std::string& folder, const Share& share, int depth) {
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    auto at = fs::directory_iterator(folder, error);
    for (; !error && at != fs::directory_iterator(); at.increment(error)) entries.push_back(*at);
    if (error) PutProblem(folder, error.value(), share);
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.path().native() < b.path().native(); });
    for (size_t i = 0; i < entries.size(); ++i) {
      WalkEntry(entries[i], share.Part(i, entries.size()), depth);
    }
  }

  void WalkEntry(const fs::directory_entry& entry, const Share& share, int depth) {
    const std::string& path = entry.path().native();
    std::error_code error;
    if (entry.is_symlink(error)) {
      const fs::path target = fs::canonical(path, error);
      if (!error && IsBelow(target, root_) && fs::is_regular_file(target, error)) {
        PutFile(path, share);
      }
    } else if (entry.is_directory(error)) {
      if (entry.path().filename().native().front() == '.') return;
      if (depth >= kMaxDepth) return PutProblem(path, ELOOP, share);
      WalkFolder(path, share, depth + 1);
    } else if (entry.is_regular_file(error)) {
      if (HasArchiveName(path) && BeginsLikeAnArchive(path)) return WalkArchive(path, share);
      PutFile(path, share);
    }
  }

  void WalkArchive(const std::string& path, const Share& share) {
    auto reader = ArchiveReader::Open(path);
    if (!reader.ok()) return PutProblem(path, reader.status(), share);
    for (;;) {
      auto member = (*reader)->Next();
      if (!member.ok()) return PutProblem(path, member.status(), share);
      if (!member->has_value()) return;
      const double done = share.begin + (share.end - share.begin) * (*reader)->fraction();
      PutMember(path, **std::move(member), {done, done});
    }
  }

  void PutMember(const std::string& archive, ArchiveMember member, const Share& share) {
    const std::string path = member.name.empty() ? archive : archive + "/" + member.name;
    if (!member.problem.empty()) {
      return PutProblem(path, absl::InvalidArgumentError(path + ": " + member.problem), share);
    }
    Source source;
    source.kind = member.is_archive ? Source::Kind::kArchive : Source::Kind::kBytes;
    source.path = path;
    source.bytes = std::move(member.bytes);
    source.whole_bytes = member.whole_bytes;
    source.fraction = share.end;
    on_source_(std::move(source));
  }

  void PutFile(const std::string& path, const Share& share) {
    Source source;
    source.path = path;
    source.fraction = share.end;
    on_source_(std::move(source));
  }

  void PutProblem(const std::string& path, absl::Status problem, const Share& share) {
    Source source;
    source.kind = Source::Kind::kProblem;
    source.path = path;
    source.problem = std::move(problem);
    source.fraction = share.end;
    on_source_(std::move(source));
  }
  void PutProblem(const std::string& path, int error, const Share& share) {
    PutProblem(path, CannotRead(path, error), share);
  }

  const std::function<void(Source)>& on_source_;
  fs::path root_;  // of the folder that is walked
};

}  // namespace

void WalkSources(const std::vector<std::string>& paths,
                 const std::function<void(Source)>& on_source) {
  Walker walker(on_source);
  for (size_t i = 0; i < paths.size(); ++i) {
    walker.WalkNamed(paths[i], Share().Part(i, paths.size()));
  }
}

}  // namespace modelwatch::cli
