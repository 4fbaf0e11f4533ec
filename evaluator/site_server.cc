// SPDX-License-Identifier: Apache-2.0
#include "evaluator/site_server.h"

#include <utility>

#include "common/http/http_server.h"
#include "common/status_macros.h"
#include "evaluator/feed/site.h"
#include "evaluator/policy/policy.h"
#include "evaluator/terms/terms_table.h"

namespace modelwatch::evaluator {

struct SiteServer::Parts {
  // Destroyed from the last to the first: the server stops before the site goes.
  std::unique_ptr<Site> site;
  std::unique_ptr<common::HttpServer> server;
};

SiteServer::SiteServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SiteServer::~SiteServer() { Stop(); }

absl::StatusOr<std::unique_ptr<SiteServer>> SiteServer::Start(SiteServerOptions options,
                                                              indexer::Reader& reader) {
  auto parts = std::make_unique<Parts>();
  common::HttpServer::Options listen;
  listen.host = options.host;
  listen.port = options.port;
  ASSIGN_OR_RETURN(parts->server, common::HttpServer::Listen(listen));
  SiteOptions site;
  site.config = std::move(options.site);
  if (site.config.title().empty()) site.config.set_title("modelwatch");
  if (site.config.base_url().empty()) site.config.set_base_url(parts->server->address());
  while (site.config.base_url().back() == '/') site.config.mutable_base_url()->pop_back();
  site.scenarios = TermsTable::Builtin().scenarios();
  site.policy = Policy(v1::PolicyConfig()).rules();
  site.metrics_text = std::move(options.metrics_text);
  parts->site = std::make_unique<Site>(reader, std::move(site));
  RETURN_IF_ERROR(parts->server->Serve(
      [&site = *parts->site](const Request& request) { return site.Handle(request); }));
  return std::unique_ptr<SiteServer>(new SiteServer(std::move(parts)));
}

void SiteServer::Stop() { parts_->server->Stop(); }
const std::string& SiteServer::address() const { return parts_->server->address(); }

}  // namespace modelwatch::evaluator
