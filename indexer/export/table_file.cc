// SPDX-License-Identifier: Apache-2.0
#include "indexer/export/table_file.h"

#include <openssl/evp.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/digest.h"
#include "common/status_macros.h"

namespace modelwatch::indexer {
namespace {

struct FileCloser {
  void operator()(FILE* file) const { std::fclose(file); }
};
struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

absl::Status Failed(const std::string& path) {
  return absl::UnavailableError(absl::StrCat("write ", path, ": ", std::strerror(errno),
                                             "; make room or choose another --out"));
}

}  // namespace

struct TableFile::State {
  std::string path;
  WrittenFile file;
  std::unique_ptr<FILE, FileCloser> out;
  std::unique_ptr<EVP_MD_CTX, ContextDeleter> digest;
};

TableFile::TableFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
TableFile::~TableFile() = default;

absl::StatusOr<std::unique_ptr<TableFile>> TableFile::Create(const std::string& path) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->out.reset(std::fopen(path.c_str(), "wbx"));
  if (state->out == nullptr) return Failed(path);
  state->digest.reset(EVP_MD_CTX_new());
  EVP_DigestInit_ex(state->digest.get(), EVP_sha256(), nullptr);
  return std::unique_ptr<TableFile>(new TableFile(std::move(state)));
}

absl::Status TableFile::Append(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), state_->out.get()) != bytes.size()) {
    return Failed(state_->path);
  }
  EVP_DigestUpdate(state_->digest.get(), bytes.data(), bytes.size());
  state_->file.bytes += bytes.size();
  return absl::OkStatus();
}

uint64_t TableFile::bytes() const { return state_->file.bytes; }

absl::StatusOr<WrittenFile> TableFile::Close() {
  FILE* const out = state_->out.get();
  if (std::fflush(out) != 0 || fsync(fileno(out)) != 0) return Failed(state_->path);
  state_->out.reset();
  std::string digest(common::kSha256Bytes, '\0');
  EVP_DigestFinal_ex(state_->digest.get(), reinterpret_cast<unsigned char*>(digest.data()),
                     nullptr);
  state_->file.sha256 = common::ToHex(digest);
  return state_->file;
}

}  // namespace modelwatch::indexer
