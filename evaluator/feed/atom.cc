// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/atom.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "common/status_macros.h"
#include "evaluator/feed/alerts_page.h"
#include "proto/json.h"

namespace modelwatch::evaluator {
namespace {

constexpr uint32_t kFeedSize = 50;
constexpr char kYear[] = "2026";  // DO NOT CHANGE: part of every id

std::string Rfc3339(int64_t micros) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", common::FromMicros(micros), absl::UTCTimeZone());
}

std::string TagUri(const v1::SiteConfig& config, std::string_view rest) {
  const std::string authority =
      config.feed_authority().empty() ? "localhost" : config.feed_authority();
  return absl::StrFormat("tag:%s,%s:modelwatch/%s", authority, kYear, rest);
}

std::string EntryId(const v1::SiteConfig& config, const v1::Alert& alert) {
  return TagUri(config, absl::StrFormat("alert/%s/%s/%d/%s", UrlEncode(alert.key().hub()),
                                        UrlEncode(alert.key().id()), alert.observed_at_us(),
                                        UrlEncode(alert.rule())));
}

std::string EntryTitle(const v1::Alert& alert) {
  if (!alert.title().empty()) return alert.title();
  return absl::StrFormat("%s: %s → %s", alert.name(), SideWords(alert, alert.before()),
                         BecameWords(alert));
}

std::string EntryContent(const PageSource& source, const v1::Alert& alert) {
  Markup content;
  if (alert.is_about_hub()) {
    content.Element("p", alert.cause().text());
    return content.Take();
  }
  content.Element("p", absl::StrFormat("%s: %s → %s", alert.name(),
                                       SideWords(alert, alert.before()), BecameWords(alert)));
  content.Element("p", WhoLostWhat(alert.shift(), source.words));
  if (!alert.shift().lost().empty()) {
    content.Open("ul");
    for (const v1::Move& move : alert.shift().lost()) {
      content.Element("li", absl::StrFormat("%s: %s → %s", source.words.Title(move.scenario()),
                                            IntervalWords(move.from()), IntervalWords(move.to())));
    }
    content.Close();
  }
  const std::string& base = source.config.base_url();
  content.Open("p");
  content.Element("a", {{"href", absl::StrFormat("%s/alerts/%d", base, alert.sequence())}},
                  "What changed, with the texts compared");
  content.Text(" · ").Element("a", {{"href", base + ReleasePath(alert.key(), alert.name())}},
                              "History of the release");
  content.Close();
  content.Element("p", "An indicator with evidence, not legal advice.");
  return content.Take();
}

void WriteCategory(Markup& feed, const v1::SiteConfig& config, std::string_view scheme,
                   std::string_view term) {
  if (term.empty()) return;
  feed.Void("category", {{"scheme", TagUri(config, scheme)}, {"term", term}});
}

void WriteEntry(Markup& feed, const PageSource& source, const v1::Alert& alert) {
  feed.Open("entry");
  feed.Element("id", EntryId(source.config, alert));
  feed.Element("title", EntryTitle(alert));
  feed.Element("updated", Rfc3339(alert.recorded_at_us()));
  feed.Element("published", Rfc3339(alert.observed_at_us()));
  feed.Void(
      "link",
      {{"rel", "alternate"},
       {"type", "text/html"},
       {"href", absl::StrFormat("%s/alerts/%d", source.config.base_url(), alert.sequence())}});
  WriteCategory(feed, source.config, "severity", proto::Word(alert.severity()));
  if (alert.is_about_hub()) {
    WriteCategory(feed, source.config, "about", "hub");
  } else {
    WriteCategory(feed, source.config, "direction", proto::Word(alert.shift().direction()));
    WriteCategory(feed, source.config, "kind", proto::Word(alert.shift().kind()));
  }
  WriteCategory(feed, source.config, "hub", alert.key().hub());
  feed.Element("content", {{"type", "html"}}, EntryContent(source, alert));
  feed.Close().Literal("\n");
}

void WriteLink(Markup& feed, std::string_view rel, const std::string& url) {
  feed.Void("link", {{"rel", rel}, {"type", "application/atom+xml"}, {"href", url}});
}

// What is watched must be told in the feed too: a replay's alerts are not news.
std::string Subtitle(const v1::GetStatusResponse& status) {
  std::string words = "Releases of open models whose terms became tighter.";
  for (const v1::HubStatus& hub : status.hubs()) words += " " + WatchedWords(hub);
  return words;
}

}  // namespace

absl::StatusOr<AtomFeed> WriteAtom(const PageSource& source, const Query& query) {
  ASSIGN_OR_RETURN(const uint64_t before, NumberIn(query, "before"));
  ASSIGN_OR_RETURN(const v1::Severity severity, SeverityIn(query));
  ASSIGN_OR_RETURN(const v1::GetStatusResponse status, source.reader.GetStatus({}));
  ASSIGN_OR_RETURN(const AlertSlice slice, SliceAlerts(source.reader, before, severity, kFeedSize));
  int64_t updated_us = 0;
  for (const v1::Alert& alert : slice.alerts) {
    updated_us = std::max(updated_us, alert.recorded_at_us());
  }
  const std::string url = source.config.base_url() + "/feed.atom";
  const std::string filter =
      severity == v1::SEVERITY_UNSPECIFIED ? "" : absl::StrFormat("/%s", proto::Word(severity));
  Markup feed;
  feed.Literal("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
  feed.Open("feed", {{"xmlns", "http://www.w3.org/2005/Atom"}, {"xml:lang", "en"}});
  feed.Element("id", TagUri(source.config, "alerts" + filter));
  feed.Element("title", absl::StrFormat("%s: alerts", source.config.title()));
  feed.Element("subtitle", Subtitle(status));
  feed.Element("updated", Rfc3339(updated_us));
  feed.Open("author").Element("name", source.config.title()).Close();
  feed.Element("generator", "modelwatch");
  feed.Element("rights", "Verdicts are indicators with evidence, not legal advice.");
  WriteLink(feed, "self", url + PageQuery(before, severity));
  WriteLink(feed, "first", url + PageQuery(0, severity));
  if (slice.has_newer) WriteLink(feed, "previous", url + PageQuery(slice.newer_before, severity));
  if (slice.older_before != 0)
    WriteLink(feed, "next", url + PageQuery(slice.older_before, severity));
  feed.Void("link", {{"rel", "alternate"},
                     {"type", "text/html"},
                     {"href", source.config.base_url() + "/" + PageQuery(before, severity)}});
  feed.Literal("\n");
  for (const v1::Alert& alert : slice.alerts) WriteEntry(feed, source, alert);
  feed.Close();
  return AtomFeed{feed.Take(), common::FromMicros(updated_us)};
}

}  // namespace modelwatch::evaluator
