// SPDX-License-Identifier: Apache-2.0
#include "evaluator/site_server.h"

#include <utility>

#include "common/http/http_server.h"
#include "common/status_macros.h"

namespace modelwatch::evaluator {

struct SiteServer::Parts {
  std::unique_ptr<common::HttpServer> server;
};

SiteServer::SiteServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SiteServer::~SiteServer() { Stop(); }

absl::StatusOr<std::unique_ptr<SiteServer>> SiteServer::Start(SiteServerOptions options,
                                                              indexer::Reader&,
                                                              const common::Clock&) {
  auto parts = std::make_unique<Parts>();
  ASSIGN_OR_RETURN(parts->server,
                   common::HttpServer::Listen({.host = options.host, .port = options.port}));
  RETURN_IF_ERROR(parts->server->Serve([](const common::HttpServer::Request&) {
    return common::HttpServer::Response{.status = 404};
  }));
  return std::unique_ptr<SiteServer>(new SiteServer(std::move(parts)));
}

void SiteServer::Stop() { parts_->server->Stop(); }
const std::string& SiteServer::address() const { return parts_->server->address(); }

}  // namespace modelwatch::evaluator
