// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/control_door.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "replay_hub/hub_errors.h"
#include "replay_hub/url_text.h"

namespace modelwatch::replay_hub {
namespace {

using Json = nlohmann::ordered_json;
constexpr size_t kShownRepeats = 100;

Json BucketsJson(const Quotas& counts) {
  Json json;
  for (size_t i = 0; i < kBuckets; ++i) {
    json[std::string(BucketWord(static_cast<Bucket>(i)))] = counts[i];
  }
  return json;
}

Json BodiesJson(const Counters::Bodies& bodies) {
  Json json = {{"distinct", bodies.distinct},
               {"sent", bodies.sent},
               {"max_per_oid", bodies.max_per_oid},
               {"repeated", Json::array()}};
  for (const auto& [oid, count] : bodies.repeated) {
    if (json["repeated"].size() == kShownRepeats) break;
    json["repeated"].push_back({{"oid", oid}, {"count", count}});
  }
  return json;
}

Json TimeJson(std::optional<int64_t> micros) {
  return micros ? Json(common::FormatMicros(*micros)) : Json(nullptr);
}

bool IsLoopback(const std::string& peer) {
  return peer == "::1" || peer.compare(0, 4, "127.") == 0;
}

}  // namespace

std::string ControlDoor::StatusJson() {
  const int64_t now = clock_.Now();
  const std::optional<int64_t> next = world_.next_us();
  const QuotaWindows::Totals totals = quotas_.totals();
  Json answers = Json::object();
  for (const auto& [status, count] : counters_.answers()) answers[std::to_string(status)] = count;
  Json json = {{"now", TimeJson(now)},
               {"start", TimeJson(world_.start_us())},
               {"next", TimeJson(next)},
               {"end", TimeJson(world_.end_us())},
               {"done", !next.has_value()},
               {"releases", world_.size()},
               {"visible", world_.visible_count()},
               {"refused_moments", clock_.refused()},
               {"sweeps",
                {{"started", counters_.sweeps_started()},
                 {"finished", counters_.sweeps_finished()},
                 {"since_end", clock_.sweeps_since_end()}}},
               {"requests", BucketsJson(totals.admitted)},
               {"over_quota", BucketsJson(totals.refused)},
               {"max_in_window", BucketsJson(totals.max_in_window)},
               {"answers", answers},
               {"bodies", BodiesJson(counters_.bodies())},
               {"leaked_credentials", counters_.leaked_credentials()},
               {"faults", {{"done", counters_.faults()}, {"active", faults_.active()}}}};
  return json.dump();
}

Response ControlDoor::Advance(const Request& request) {
  const std::string to(Query(request.query).Get("to").value_or("next"));
  if (to == "next") {
    if (const auto next = world_.next_us()) clock_.AdvanceTo(*next);
  } else if (to == "end") {
    clock_.AdvanceTo(world_.end_us());
  } else {
    const absl::StatusOr<int64_t> time = common::ParseMicros(to);
    if (!time.ok()) {
      return BadQuery(absl::StrFormat("advance to \"%s\": not next, end or an RFC 3339 time", to));
    }
    clock_.AdvanceTo(*time);
  }
  return JsonAnswer(StatusJson());
}

Response ControlDoor::Spoil(const Request& request) {
  if (Query(request.query).IsTrue("clear")) {
    faults_.Clear();
  } else {
    absl::StatusOr<Fault> fault = ParseFault(request.query);
    if (!fault.ok()) return BadQuery(std::string(fault.status().message()));
    faults_.Add(*std::move(fault));
  }
  return JsonAnswer(absl::StrFormat("{\"active\":%d}", faults_.active()));
}

Response ControlDoor::Handle(const Request& request) {
  if (!IsLoopback(request.peer)) return NoSuchRoute();
  const bool is_post = request.method == "POST";
  if (request.path == "/_replay/status" && !is_post) return JsonAnswer(StatusJson());
  if (request.path == "/_replay/bodies" && !is_post) {
    Json json = Json::object();
    for (const auto& [oid, count] : counters_.sent_by_oid()) json[oid] = count;
    return JsonAnswer(json.dump());
  }
  if (request.path == "/_replay/advance" && is_post) return Advance(request);
  if (request.path == "/_replay/fault" && is_post) return Spoil(request);
  return NoSuchRoute();
}

}  // namespace modelwatch::replay_hub
