// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/alerts_page.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "evaluator/feed/hub_health.h"
#include "proto/json.h"

namespace modelwatch::evaluator {
namespace {

constexpr uint32_t kPageSize = 30;
// Judging adds entries to the log itself, so the evaluator is always a few behind.
constexpr uint64_t kQuietBacklog = 1000;

void WriteTimeCount(Markup& page, std::string_view name, int64_t micros) {
  page.Open("div").Element("dt", name).Open("dd");
  WriteTime(page, micros, micros == 0 ? "not yet" : TimeWords(micros));
  page.Close().Close();
}

void WriteCounts(Markup& page, const v1::GetStatusResponse& status) {
  int64_t hub_time_us = 0;
  int64_t sweep_us = 0;
  for (const v1::HubStatus& hub : status.hubs()) {
    hub_time_us = std::max(hub_time_us, hub.hub_time_us());
    sweep_us = std::max(sweep_us, hub.last_sweep_us());
  }
  page.Open("dl", {{"class", "counts"}});
  WriteFact(page, "Releases", CountWords(status.releases()));
  WriteFact(page, "Versions", CountWords(status.versions()));
  WriteFact(page, "Alerts", CountWords(status.alerts()));
  WriteTimeCount(page, "Last full sweep", sweep_us);
  WriteTimeCount(page, "Time at the hub", hub_time_us);
  page.Close();
  const uint64_t cursor = std::min(status.evaluator_cursor(), status.newest_sequence());
  if (status.newest_sequence() - cursor > kQuietBacklog) {
    page.Element("p", {{"class", "quiet"}},
                 absl::StrFormat("%s log entries wait to be judged; reload to see more.",
                                 CountWords(status.newest_sequence() - cursor)));
  }
}

// Folded away while all is well.
void WriteHealth(Markup& page, const v1::GetStatusResponse& status) {
  for (const v1::HubStatus& hub : status.hubs()) {
    const std::vector<HealthFact> facts = HealthFacts(hub, status.now_us());
    const bool is_bad =
        std::any_of(facts.begin(), facts.end(), [](const HealthFact& fact) { return fact.is_bad; });
    page.Open("details", {{"class", "health"}, {"open", is_bad ? "open" : ""}});
    page.Element("summary", absl::StrFormat("How the watch of %s stands%s", hub.hub(),
                                            is_bad ? ": not well" : ""));
    page.Open("dl", {{"class", "facts"}});
    for (const HealthFact& fact : facts) WriteFact(page, fact.name, fact.words);
    page.Close().Close();
  }
}

void WriteFilter(Markup& page, v1::Severity chosen) {
  page.Open("nav", {{"class", "filter"}, {"aria-label", "Severity"}});
  page.Element("span", "Show");
  const auto link = [&](v1::Severity severity, std::string_view title) {
    const std::string to = "/" + PageQuery(0, severity);
    page.Element("a", {{"href", to}, {"aria-current", severity == chosen ? "true" : ""}}, title);
  };
  link(v1::SEVERITY_UNSPECIFIED, "All");
  link(v1::NOTICE, "Notice and above");
  link(v1::WARNING, "Warning and above");
  link(v1::CRITICAL, "Critical");
  page.Close();
}

void WriteAlert(Markup& page, const v1::Alert& alert, const ScenarioWords& words) {
  const std::string path = absl::StrFormat("/alerts/%d", alert.sequence());
  page.Open("li").Open("article",
                       {{"class", absl::StrFormat("alert %s", proto::Word(alert.severity()))}});
  page.Open("p", {{"class", "meta"}});
  WriteSeverity(page, alert.severity());
  WriteTime(page, alert.observed_at_us(), DayWords(alert.observed_at_us()));
  page.Close();
  page.Open("h2").Open("a", {{"href", path}}).Element("bdi", alert.name()).Close().Close();
  if (alert.is_about_hub()) {
    page.Element("p", {{"class", "lost"}}, alert.title());
    page.Open("p", {{"class", "links"}}).Element("a", {{"href", path}}, "Read what it means");
    page.Close().Close().Close();
    return;
  }
  WriteFromTo(page, alert);
  page.Element("p", {{"class", "lost"}}, WhoLostWhat(alert.shift(), words));
  page.Open("p", {{"class", "links"}});
  page.Element("a", {{"href", path}}, "Read what changed");
  page.Element("a", {{"href", ReleasePath(alert.key(), alert.name())}}, "History of the release");
  page.Close().Close().Close();
}

void WriteEmpty(Markup& page, const v1::GetStatusResponse& status, bool is_filtered) {
  page.Open("section", {{"class", "empty"}});
  if (is_filtered || status.alerts() > 0) {
    page.Element("h2", "No alert here");
    page.Open("p").Text("None of the alerts is of this severity, or the page is past the oldest. ");
    page.Element("a", {{"href", "/"}}, "Show all alerts").Close();
  } else {
    page.Element("h2", "No alert yet");
    page.Element("p",
                 "Nothing that was watched has tightened its terms since it was first seen. First "
                 "sight never raises an alert: each release is compared with its own earlier "
                 "versions.");
    page.Element(
        "p",
        "What happens next: the crawler looks at new and changed releases every few "
        "minutes and at all of them in every sweep; when a licence, a gate or the presence "
        "of a release gets tighter, the alert appears here and in the feed.");
  }
  page.Close();
}

void WritePaging(Markup& page, const AlertSlice& slice, v1::Severity severity) {
  if (!slice.has_newer && slice.older_before == 0) return;
  page.Open("nav", {{"class", "paging"}, {"aria-label", "Pages"}});
  if (slice.has_newer) {
    page.Element("a", {{"rel", "prev"}, {"href", "/" + PageQuery(slice.newer_before, severity)}},
                 "← Newer");
  }
  if (slice.older_before != 0) {
    page.Element("a", {{"rel", "next"}, {"href", "/" + PageQuery(slice.older_before, severity)}},
                 "Older →");
  }
  page.Close();
}

}  // namespace

absl::StatusOr<AlertSlice> SliceAlerts(indexer::Reader& reader, uint64_t before,
                                       v1::Severity severity, uint32_t size) {
  v1::ListAlertsRequest request;
  request.set_after_sequence(before);
  request.set_newest_first(true);
  request.set_min_severity(severity);
  request.set_limit(size);
  ASSIGN_OR_RETURN(v1::ListAlertsResponse response, reader.ListAlerts(request));
  AlertSlice slice;
  if (response.has_more()) slice.older_before = response.alerts().rbegin()->sequence();
  for (v1::Alert& alert : *response.mutable_alerts()) slice.alerts.push_back(std::move(alert));
  if (before == 0) return slice;
  // The page before this one: as many as fit, counted from here towards the newest.
  v1::ListAlertsRequest newer;
  newer.set_after_sequence(before - 1);
  newer.set_min_severity(severity);
  newer.set_limit(size);
  ASSIGN_OR_RETURN(const v1::ListAlertsResponse above, reader.ListAlerts(newer));
  slice.has_newer = above.alerts_size() > 0;
  if (above.has_more()) slice.newer_before = above.alerts().rbegin()->sequence() + 1;
  return slice;
}

absl::StatusOr<std::string> AlertsPage(const PageSource& source, const Query& query) {
  ASSIGN_OR_RETURN(const uint64_t before, NumberIn(query, "before"));
  ASSIGN_OR_RETURN(const v1::Severity severity, SeverityIn(query));
  v1::GetStatusRequest status_request;
  status_request.set_evaluator("evaluator");
  status_request.set_health(true);
  ASSIGN_OR_RETURN(const v1::GetStatusResponse status, source.reader.GetStatus(status_request));
  ASSIGN_OR_RETURN(const AlertSlice slice, SliceAlerts(source.reader, before, severity, kPageSize));
  Markup page;
  OpenPage(page, source, status, before == 0 ? "" : "Older alerts");
  page.Element("h1", "Who lost what");
  page.Element("p", {{"class", "lead"}},
               "Releases of open models whose terms became tighter, newest first.");
  WriteCounts(page, status);
  if (before == 0) WriteHealth(page, status);
  WriteFilter(page, severity);
  if (slice.alerts.empty()) {
    WriteEmpty(page, status, severity != v1::SEVERITY_UNSPECIFIED || before != 0);
  } else {
    page.Open("ol", {{"class", "alerts"}});
    for (const v1::Alert& alert : slice.alerts) WriteAlert(page, alert, source.words);
    page.Close();
  }
  WritePaging(page, slice, severity);
  ClosePage(page);
  return page.Take();
}

}  // namespace modelwatch::evaluator
