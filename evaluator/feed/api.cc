// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/api.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/clock.h"
#include "common/status_macros.h"
#include "evaluator/feed/hub_health.h"
#include "proto/json.h"

namespace modelwatch::evaluator {
namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t kMaxLimit = 1000;  // read.proto

// Nothing that a hub sent may make this throw.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json Time(int64_t micros) {
  return micros == 0 ? Json(nullptr) : Json(common::FormatMicros(micros));
}

Json PartJson(uint64_t known, uint64_t of) {
  return {{"known", known}, {"of", of}, {"ratio", of == 0 ? Json(nullptr) : Json(Part(known, of))}};
}

void AddHealth(const v1::HubStatus& hub, Json& json) {
  json["last_keep_up"] = Time(hub.last_keep_up_us());
  json["last_page"] = Time(hub.last_page_us());
  json["keep_up_seconds"] = static_cast<double>(hub.keep_up_ms()) / 1000;
  json["sweep_seconds"] = static_cast<double>(hub.sweep_ms()) / 1000;
  json["sweep_rows"] = hub.sweep_rows();
  json["is_kept"] = hub.is_kept();
  json["is_silent"] = hub.is_silent();
  json["silence_told"] = Time(hub.silence_told_us());
  json["canary"] = {{"name", hub.canary()},
                    {"seconds", static_cast<double>(hub.canary_ms()) / 1000},
                    {"last_success", Time(hub.canary_ok_us())},
                    {"is_silent", hub.is_canary_silent()}};
  json["completeness"] = {{"sweep", PartJson(hub.found(), hub.listed())},
                          {"keep_up", PartJson(hub.settled_known(), hub.settled())}};
  json["due"] = Json::array();
  for (const v1::DueStatus& due : hub.due()) {
    json["due"].push_back({{"class", due.kind()},
                           {"due", due.due()},
                           {"oldest", Time(due.oldest_due_us())},
                           {"next", Time(due.next_due_us())}});
  }
  json["budgets"] = Json::array();
  for (const v1::BudgetStatus& budget : hub.budgets()) {
    json["budgets"].push_back({{"class", budget.quota_class()},
                               {"account", budget.account()},
                               {"quota", budget.quota()},
                               {"left", budget.left()},
                               {"window_ends", Time(budget.window_ends_us())},
                               {"blocked_until", Time(budget.blocked_until_us())}});
  }
  json["trouble"] = Json::array();
  for (const v1::TroubleStatus& each : hub.trouble()) {
    json["trouble"].push_back({{"reason", each.reason()},
                               {"last_hour", each.last_hour()},
                               {"last_day", each.last_day()},
                               {"total", each.total()}});
  }
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

std::string StatusJson(const v1::GetStatusResponse& status) {
  Json json = {{"now", Time(status.now_us())},
               {"newest_sequence", status.newest_sequence()},
               {"oldest_sequence", status.oldest_sequence()},
               {"evaluator_cursor", status.evaluator_cursor()},
               {"releases", status.releases()},
               {"versions", status.versions()},
               {"alerts", status.alerts()},
               {"texts", status.blobs()},
               {"schema_version", status.schema_version()},
               {"hubs", Json::array()}};
  for (const v1::HubStatus& hub : status.hubs()) {
    Json one = HubJson(hub);
    AddHealth(hub, one);
    json["hubs"].push_back(std::move(one));
  }
  return Dump(json);
}

absl::StatusOr<std::string> StatusJson(const PageSource& source) {
  v1::GetStatusRequest request;
  request.set_evaluator("evaluator");
  request.set_health(true);
  ASSIGN_OR_RETURN(const v1::GetStatusResponse status, source.reader.GetStatus(request));
  return StatusJson(status);
}

}  // namespace modelwatch::evaluator
