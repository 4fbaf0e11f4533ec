// SPDX-License-Identifier: Apache-2.0
// Site: what is answered to a visitor of the page, the feed and the API. No sockets here: a request
// goes in, a response comes out, and the only thing asked in between is the index.
//
//   /                                  alerts, newest first (?before=SEQ ?severity=WORD)
//   /alerts/SEQ                        one alert: who lost what, the evidence, the texts compared
//   /releases/HUB/OWNER/NAME           one release: its versions (?id=KEY ?before=SEQ)
//   /texts/SHA256                      a text as it was kept
//   /feed.atom                         the alerts as an Atom feed (?before=SEQ ?severity=WORD)
//   /api/v1/alerts  /api/v1/status     JSON
//   /healthz  /metrics
#pragma once

#include <functional>
#include <string>

#include "common/clock.h"
#include "common/http/http_server.h"
#include "evaluator/feed/words.h"
#include "indexer/client/index.h"
#include "modelwatch/v1/config.pb.h"
#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {

using Request = common::HttpServer::Request;
using Response = common::HttpServer::Response;

struct SiteOptions {
  v1::SiteConfig config;                      // base_url must be set, without a slash at the end
  v1::ScenarioTable scenarios;                // what scenarios are called
  v1::PolicyRuleTable policy;                 // its phrases: words for several together
  std::function<std::string()> metrics_text;  // /metrics; empty = 404
};

// Thread-safe.
class Site {
 public:
  // `reader` must outlive this.
  Site(indexer::Reader& reader, SiteOptions options);

  // Never fails: what cannot be answered is a page that says why (400, 404, 503 when the index is
  // away). Everything that a hub or a visitor wrote is escaped.
  [[nodiscard]] Response Handle(const Request& request) const;

 private:
  [[nodiscard]] absl::StatusOr<Response> Route(const Request& request) const;
  [[nodiscard]] Response Failure(const absl::Status& status) const;

  indexer::Reader& reader_;
  const SiteOptions options_;
  const ScenarioWords words_;
};

}  // namespace modelwatch::evaluator
