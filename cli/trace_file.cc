// SPDX-License-Identifier: Apache-2.0
#include "cli/trace_file.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "cli/archive_reader.h"
#include "cli/text_input.h"
#include "common/status_macros.h"
#include "indexer/schedule/change_rate.h"

namespace modelwatch::cli {
namespace {

using Json = nlohmann::json;

struct Seen {
  std::set<absl::Time> times;
  absl::Time born = absl::InfiniteFuture();
  double weight = 1;
};
using Releases = std::map<std::string, Seen, std::less<>>;

absl::Time TimeOf(const Json& object, const char* field) {
  absl::Time time = absl::InfinitePast();
  const auto found = object.find(field);
  if (found == object.end() || !found->is_string()) return time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, found->get_ref<const std::string&>(), &time, &error)) {
    return absl::InfinitePast();
  }
  return time;
}

Json ParseObject(std::string_view text) {
  Json parsed = Json::parse(text, nullptr, false);
  return parsed.is_object() ? parsed : Json::object();
}

void AddLine(std::string_view line, Releases& releases) {
  const Json look = ParseObject(line);
  const auto path = look.find("path");
  if (path == look.end() || !path->is_string()) return;
  absl::Time changed = TimeOf(look, "date");
  absl::Time born = absl::InfinitePast();
  if (const auto text = look.find("text"); text != look.end() && text->is_string()) {
    const Json record = ParseObject(text->get_ref<const std::string&>());
    if (record.contains("updated_at")) changed = TimeOf(record, "updated_at");
    born = TimeOf(record, "created_at");
  }
  if (changed == absl::InfinitePast()) return;
  Seen& seen = releases[path->get_ref<const std::string&>()];
  seen.times.insert(changed);
  if (born != absl::InfinitePast()) seen.born = std::min(seen.born, born);
  const auto weight = look.find("weight");
  if (weight != look.end() && weight->is_number()) {
    seen.weight = std::clamp(weight->get<double>(), 1e-9, 1e9);
  }
}

double DaysBetween(absl::Time from, absl::Time to) {
  return absl::FDivDuration(to - from, absl::Hours(24));
}

indexer::TracedRelease TraceOne(const Seen& seen, absl::Time start, double days) {
  indexer::TracedRelease release;
  const absl::Time born = std::min(seen.born, *seen.times.begin());
  release.born_day = std::max(0.0, DaysBetween(start, born));
  for (const absl::Time time : seen.times) {
    const double day = DaysBetween(start, time);
    if (time > born && day >= 0 && day < days) release.change_days.push_back(day);
  }
  release.subject.weight = seen.weight;
  return release;
}

// Rates with hindsight; the prior keeps them above 0.
void SetRates(indexer::Trace& trace) {
  double changes = 0.5;  // a hub where nothing happened has a rate, too
  double lived_days = 0;
  for (const indexer::TracedRelease& release : trace.releases) {
    changes += static_cast<double>(release.change_days.size());
    lived_days += trace.days - release.born_day;
  }
  indexer::RatePrior prior;
  prior.mean_per_day = changes / lived_days;
  for (indexer::TracedRelease& release : trace.releases) {
    release.subject.changes_per_day =
        indexer::ChangeRate(indexer::RateEvidence{static_cast<double>(release.change_days.size()),
                                                  trace.days - release.born_day},
                            prior);
  }
}

}  // namespace

absl::StatusOr<indexer::Trace> ParseTrace(std::string_view lines, double days) {
  Releases releases;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    AddLine(lines.substr(0, end), releases);
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  if (releases.empty() || !(days > 0)) {
    return absl::InvalidArgumentError(
        "no line of it is {\"path\": RELEASE, \"date\": RFC 3339 TIME}, or it is to last no time");
  }
  absl::Time newest = absl::InfinitePast();
  for (const auto& [path, seen] : releases) newest = std::max(newest, *seen.times.rbegin());
  // The newest change lies within the trace, not at its very end.
  const absl::Time end = newest + absl::Seconds(1);
  const absl::Time start = end - absl::Hours(24) * days;
  indexer::Trace trace;
  trace.days = days;
  for (const auto& [path, seen] : releases) {
    indexer::TracedRelease release = TraceOne(seen, start, days);
    if (release.born_day < days) trace.releases.push_back(std::move(release));
  }
  SetRates(trace);
  return trace;
}

absl::StatusOr<indexer::Trace> ReadTrace(const std::string& path, double days) {
  ASSIGN_OR_RETURN(std::string bytes, ReadText(path, kMaxTraceBytes));
  if (IsArchiveHead(std::string_view(bytes).substr(0, 512))) {
    ArchiveLimits limits;
    limits.max_member_bytes = kMaxTraceBytes;
    ASSIGN_OR_RETURN(const auto reader, ArchiveReader::OpenBytes(bytes, path, limits));
    ASSIGN_OR_RETURN(auto member, reader->Next());
    const bool is_whole = member.has_value() && member->problem.empty() &&
                          member->bytes.size() == member->whole_bytes;
    if (!is_whole) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "read %s: it does not unpack to one file of at most %d bytes", path, kMaxTraceBytes));
    }
    bytes = std::move(member->bytes);
  }
  absl::StatusOr<indexer::Trace> trace = ParseTrace(bytes, days);
  if (trace.ok()) return trace;
  return absl::InvalidArgumentError(
      absl::StrFormat("read %s: %s", path, std::string(trace.status().message())));
}

}  // namespace modelwatch::cli
