// SPDX-License-Identifier: Apache-2.0
// SiteServer: the page, the feeds and the metrics on a port.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "indexer/client/index.h"
#include "modelwatch/v1/config.pb.h"

namespace modelwatch::evaluator {

struct SiteServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;                               // 0 = any free one, see address()
  v1::SiteConfig site;                        // title, base_url; an empty base_url = address()
  std::function<std::string()> metrics_text;  // what /metrics answers; empty = 404
};

// Answers from its own threads until stopped or destroyed. Thread-safe.
class SiteServer {
 public:
  // `reader` must outlive this. Errors as HttpServer::Listen: FAILED_PRECONDITION when
  // the port is taken. An index that is away does not keep the site from starting: pages then
  // answer 503 and say so.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<SiteServer>> Start(SiteServerOptions options,
                                                                         indexer::Reader& reader);
  ~SiteServer();
  SiteServer(const SiteServer&) = delete;
  SiteServer& operator=(const SiteServer&) = delete;

  // Waits for the answers under way. Idempotent.
  void Stop();

  // "http://127.0.0.1:8080", with the real port.
  [[nodiscard]] const std::string& address() const;

 private:
  struct Parts;
  explicit SiteServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace modelwatch::evaluator
