// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/page.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "common/log.h"
#include "evaluator/feed/assets.h"
#include "proto/json.h"

namespace modelwatch::evaluator {
namespace {

void WriteHead(Markup& page, const v1::SiteConfig& config, std::string_view title) {
  page.Literal("<!DOCTYPE html>\n");
  page.Open("html", {{"lang", "en"}}).Open("head");
  page.Void("meta", {{"charset", "utf-8"}});
  page.Void("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  page.Void("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  const std::string name =
      title.empty() ? config.title() : absl::StrFormat("%s – %s", title, config.title());
  page.Element("title", name);
  page.Void("link", {{"rel", "stylesheet"}, {"href", StylePath()}});
  page.Void("link", {{"rel", "icon"}, {"type", "image/svg+xml"}, {"href", "/site/icon.svg"}});
  page.Void("link", {{"rel", "alternate"},
                     {"type", "application/atom+xml"},
                     {"title", "Alerts"},
                     {"href", "/feed.atom"}});
  page.Close();
}

void WriteHeader(Markup& page, const v1::SiteConfig& config) {
  page.Open("body");
  page.Element("a", {{"class", "skip"}, {"href", "#main"}}, "Skip to the content");
  page.Open("header", {{"class", "top"}}).Open("div", {{"class", "bar"}});
  page.Element("a", {{"class", "brand"}, {"href", "/"}}, config.title());
  page.Open("nav", {{"aria-label", "Site"}});
  page.Element("a", {{"href", "/"}}, "Alerts");
  page.Element("a", {{"href", "/feed.atom"}}, "Atom feed");
  page.Element("a", {{"href", "/api/v1/alerts"}}, "JSON");
  page.Element("a", {{"href", "/api/v1/status"}}, "Status");
  page.Close().Close().Close();
}

void WriteWatched(Markup& page, const v1::GetStatusResponse& status) {
  page.Open("div", {{"class", "watched"}, {"role", "note"}, {"aria-label", "What is watched"}});
  for (const v1::HubStatus& hub : status.hubs()) {
    page.Element("p", {{"class", IsLiveHub(hub.endpoint()) ? "live" : "replay"}},
                 WatchedWords(hub));
  }
  if (status.hubs().empty()) {
    page.Element("p", {{"class", "replay"}},
                 "No hub is watched yet: nothing has been crawled into this index.");
  }
  page.Close();
}

std::string_view SeverityTitle(v1::Severity severity) {
  switch (severity) {
    case v1::CRITICAL:
      return "Critical";
    case v1::WARNING:
      return "Warning";
    case v1::NOTICE:
      return "Notice";
    default:
      return "Info";
  }
}

}  // namespace

absl::StatusOr<uint64_t> NumberIn(const Query& query, const std::string& name) {
  const auto found = query.find(name);
  if (found == query.end()) return 0;
  uint64_t number = 0;
  if (found->second.size() > 20 || !absl::SimpleAtoi(found->second, &number)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s=%s is not a number; leave it out or give a whole number", name,
                        common::OneLine(found->second, 40)));
  }
  return number;
}

absl::StatusOr<v1::Severity> SeverityIn(const Query& query) {
  const auto found = query.find("severity");
  if (found == query.end() || found->second.empty()) return v1::SEVERITY_UNSPECIFIED;
  for (const v1::Severity severity : {v1::INFO, v1::NOTICE, v1::WARNING, v1::CRITICAL}) {
    if (found->second == proto::Word(severity)) return severity;
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("severity=%s is not one; give info, notice, warning or critical",
                      common::OneLine(found->second, 40)));
}

void OpenPage(Markup& page, const PageSource& source, const v1::GetStatusResponse& status,
              std::string_view title) {
  WriteHead(page, source.config, title);
  WriteHeader(page, source.config);
  WriteWatched(page, status);
  page.Open("main", {{"id", "main"}});
}

void ClosePage(Markup& page) {
  page.Close();  // main
  page.Open("footer");
  page.Element("p",
               "Verdicts are indicators with their evidence, not legal advice. Read the texts, and "
               "ask a lawyer before you rely on one.");
  page.Close().Close().Close();
}

std::string PlainPage(const v1::SiteConfig& config, std::string_view title,
                      std::string_view words) {
  Markup page;
  WriteHead(page, config, title);
  WriteHeader(page, config);
  page.Open("main", {{"id", "main"}});
  page.Element("h1", title).Element("p", words);
  page.Open("p").Element("a", {{"href", "/"}}, "Back to the alerts").Close();
  ClosePage(page);
  return page.Take();
}

std::string ReleasePath(const v1::ReleaseKey& key, std::string_view name) {
  return absl::StrFormat("/releases/%s/%s?id=%s", UrlEncode(key.hub()), UrlEncodePath(name),
                         UrlEncode(key.id()));
}

std::string PageQuery(uint64_t before, v1::Severity severity) {
  std::string query;
  if (before != 0) query = absl::StrFormat("?before=%d", before);
  if (severity != v1::SEVERITY_UNSPECIFIED) {
    query += absl::StrFormat("%sseverity=%s", query.empty() ? "?" : "&", proto::Word(severity));
  }
  return query;
}

void WriteTime(Markup& page, int64_t micros, std::string_view words) {
  if (micros == 0) {
    page.Text(words);
    return;
  }
  page.Element("time", {{"datetime", common::FormatMicros(micros)}, {"title", TimeWords(micros)}},
               words);
}

void WriteFact(Markup& page, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  page.Open("div").Element("dt", name).Element("dd", value).Close();
}

void WriteSeverity(Markup& page, v1::Severity severity) {
  page.Element("span", {{"class", absl::StrFormat("badge %s", proto::Word(severity))}},
               SeverityTitle(severity));
}

void WriteFromTo(Markup& page, const v1::Alert& alert) {
  page.Open("p", {{"class", "from-to"}});
  page.Element("span", {{"class", "side"}}, SideWords(alert, alert.before()));
  page.Element("span", {{"class", "arrow"}, {"aria-label", "became"}, {"role", "img"}}, "→");
  page.Element("span", {{"class", "side now"}}, BecameWords(alert));
  page.Close();
}

}  // namespace modelwatch::evaluator
