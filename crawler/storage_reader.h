// SPDX-License-Identifier: Apache-2.0
// StorageReader: contents that a hub keeps outside git (LFS, Xet), from where it redirects to.
//
// The storage is a stranger: it is asked without any credential, and its bytes are capped.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "common/http/http_client.h"
#include "common/url.h"

namespace modelwatch::crawler {

[[nodiscard]] bool IsThisMachine(const common::Url& url);

// I/O thread only.
class StorageReader {
 public:
  using Done = std::function<void(absl::StatusOr<std::string>)>;

  // `client` must outlive this; it refuses private addresses by itself. `stays_here`: the hub is on
  // this machine, and nothing beyond it is asked, so that a replay does not reach out.
  StorageReader(common::HttpClient& client, bool stays_here)
      : client_(client), stays_here_(stays_here) {}
  StorageReader(const StorageReader&) = delete;
  StorageReader& operator=(const StorageReader&) = delete;

  // The first `most` bytes by a range request, fewer of a shorter content; the whole of it. `done`
  // is called once. RESOURCE_EXHAUSTED: larger than `most`, or ranges are not served; NOT_FOUND: it
  // is not there, or not for us; PERMISSION_DENIED: an address that may not be asked. Otherwise as
  // HttpClient::Start, or UNAVAILABLE: worth another try.
  void ReadFirst(const common::Url& location, size_t most, Done done) {
    Ask(location, {most, true, 0, std::move(done)});
  }
  void ReadWhole(const common::Url& location, size_t most, Done done) {
    Ask(location, {most, false, 0, std::move(done)});
  }

 private:
  struct Question {
    size_t most;
    bool by_range;
    int hops;
    Done done;
  };

  void Ask(const common::Url& url, Question question);
  void OnAnswer(const common::Url& url, Question question, common::HttpResponse response);

  common::HttpClient& client_;
  const bool stays_here_;
};

}  // namespace modelwatch::crawler
