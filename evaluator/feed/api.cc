// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/api.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/clock.h"
#include "common/status_macros.h"
#include "proto/json.h"

namespace modelwatch::evaluator {
namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t kMaxLimit = 1000;  // read.proto

// Nothing that a hub sent may make this throw.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json HubJson(const v1::HubStatus& hub) {
  return {{"hub", hub.hub()},
          {"endpoint", hub.endpoint()},
          {"label", hub.label()},
          {"is_live_hugging_face", IsLiveHub(hub.endpoint())},
          {"watched", WatchedWords(hub)},
          {"hub_time", common::FormatMicros(hub.hub_time_us())},
          {"last_listing", common::FormatMicros(hub.last_listing_us())},
          {"last_sweep", common::FormatMicros(hub.last_sweep_us())},
          {"sweeps", hub.sweeps()},
          {"releases", hub.releases()}};
}

}  // namespace

absl::StatusOr<std::string> AlertsJson(const PageSource& source, const Query& query) {
  ASSIGN_OR_RETURN(const uint64_t after, NumberIn(query, "after"));
  ASSIGN_OR_RETURN(const uint64_t limit, NumberIn(query, "limit"));
  ASSIGN_OR_RETURN(const v1::Severity severity, SeverityIn(query));
  if (limit > kMaxLimit) {
    return absl::InvalidArgumentError("limit is over 1000; ask for less and turn the page");
  }
  v1::ListAlertsRequest request;
  request.set_after_sequence(after);
  request.set_limit(static_cast<uint32_t>(limit));
  request.set_min_severity(severity);
  ASSIGN_OR_RETURN(const v1::ListAlertsResponse response, source.reader.ListAlerts(request));
  // Each alert is already JSON in the one shape that proto/json.h defines; it is not made twice.
  std::string out = "{\"alerts\":[";
  uint64_t next_after = after;
  for (const v1::Alert& alert : response.alerts()) {
    if (next_after != after) out += ',';
    out += proto::AlertJson(alert);
    next_after = alert.sequence();
  }
  out += "],\"has_more\":";
  out += response.has_more() ? "true" : "false";
  out += ",\"next_after\":" + std::to_string(next_after) + "}\n";
  return out;
}

absl::StatusOr<std::string> StatusJson(const PageSource& source) {
  v1::GetStatusRequest request;
  request.set_evaluator("evaluator");
  ASSIGN_OR_RETURN(const v1::GetStatusResponse status, source.reader.GetStatus(request));
  Json json = {{"newest_sequence", status.newest_sequence()},
               {"oldest_sequence", status.oldest_sequence()},
               {"evaluator_cursor", status.evaluator_cursor()},
               {"releases", status.releases()},
               {"versions", status.versions()},
               {"alerts", status.alerts()},
               {"texts", status.blobs()},
               {"schema_version", status.schema_version()},
               {"hubs", Json::array()}};
  for (const v1::HubStatus& hub : status.hubs()) json["hubs"].push_back(HubJson(hub));
  return Dump(json);
}

}  // namespace modelwatch::evaluator
