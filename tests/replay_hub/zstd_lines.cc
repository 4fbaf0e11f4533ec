// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/zstd_lines.h"

#include <zstd.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"

namespace modelwatch::replay_hub {
namespace {

constexpr int kWindowLogMax = 27;
constexpr size_t kPadding = 64;

struct FreeStream {
  void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

// Keeps the unfinished line between chunks.
class LineSplitter {
 public:
  explicit LineSplitter(const std::function<absl::Status(std::string_view)>& take) : take_(take) {}

  absl::Status Add(std::string_view chunk) {
    while (!chunk.empty()) {
      const size_t end = chunk.find('\n');
      line_.append(chunk.substr(0, end));
      if (end == std::string_view::npos) return absl::OkStatus();
      RETURN_IF_ERROR(Flush());
      chunk.remove_prefix(end + 1);
    }
    return absl::OkStatus();
  }
  absl::Status Flush() {
    if (line_.empty()) return absl::OkStatus();
    line_.reserve(line_.size() + kPadding);
    const absl::Status status = take_(line_);
    line_.clear();
    return status;
  }

 private:
  const std::function<absl::Status(std::string_view)>& take_;
  std::string line_;
};

}  // namespace

absl::Status ForEachLine(const std::filesystem::path& path,
                         const std::function<absl::Status(std::string_view)>& take) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(
        absl::StrFormat("recorded data %s: cannot be opened", path.string()));
  }
  const std::unique_ptr<ZSTD_DStream, FreeStream> stream(ZSTD_createDStream());
  ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, kWindowLogMax);
  std::vector<char> packed(ZSTD_DStreamInSize()), plain(ZSTD_DStreamOutSize());
  LineSplitter splitter(take);
  size_t rest = 0;
  while (file.read(packed.data(), static_cast<std::streamsize>(packed.size())), file.gcount() > 0) {
    ZSTD_inBuffer in{packed.data(), static_cast<size_t>(file.gcount()), 0};
    while (in.pos < in.size) {
      ZSTD_outBuffer out{plain.data(), plain.size(), 0};
      rest = ZSTD_decompressStream(stream.get(), &out, &in);
      if (ZSTD_isError(rest)) {
        return absl::DataLossError(
            absl::StrFormat("recorded data %s: %s", path.string(), ZSTD_getErrorName(rest)));
      }
      RETURN_IF_ERROR(splitter.Add({plain.data(), out.pos}));
    }
  }
  if (rest != 0) {
    return absl::DataLossError(absl::StrFormat("recorded data %s: ends early", path.string()));
  }
  return splitter.Flush();
}

}  // namespace modelwatch::replay_hub
