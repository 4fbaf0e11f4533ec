// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/release_page.h"

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "proto/json.h"

namespace modelwatch::evaluator {
namespace {

constexpr uint32_t kVersionsShown = 50;

std::string AccessWords(const v1::Access& access) {
  if (access.presence() != v1::PRESENT) return std::string(proto::Word(access.presence()));
  std::string words = access.gate() == v1::OPEN
                          ? "open"
                          : absl::StrFormat("gated (%s)", proto::Word(access.gate()));
  if (access.is_private()) words += ", private";
  return words;
}

std::string KindWords(const v1::Change& change) {
  std::vector<std::string> kinds;
  for (const int kind : change.kinds()) {
    kinds.push_back(Spaced(proto::Word(static_cast<v1::ChangeKind>(kind))));
  }
  return absl::StrJoin(kinds, ", ");
}

std::string TermsWords(const v1::Assessment& assessment) {
  const std::string licence =
      assessment.expression().empty() ? "no known licence" : assessment.expression();
  if (assessment.terms_class().empty()) return licence;
  return absl::StrFormat("%s (%s)", licence, assessment.terms_class());
}

void WriteNow(Markup& page, const v1::GetReleaseResponse& release) {
  const v1::Observation& seen = release.version().observation();
  page.Open("dl", {{"class", "facts"}});
  WriteFact(page, "Terms",
            release.has_assessment() ? TermsWords(release.assessment()) : "not judged yet");
  WriteFact(page, "Access", AccessWords(seen.access()));
  WriteFact(page, "Revision", seen.revision());
  WriteFact(page, "First seen", TimeWords(release.first_seen_us()));
  WriteFact(page, "Last seen", TimeWords(release.last_seen_us()));
  WriteFact(page, "Former names", absl::StrJoin(release.former_names(), ", "));
  WriteFact(page, "Key at the hub", absl::StrFormat("%s:%s", seen.key().hub(), seen.key().id()));
  page.Close();
}

void WriteAlerts(Markup& page, const v1::GetHistoryResponse& history, const ScenarioWords& words) {
  if (history.alerts().empty()) return;
  page.Element("h2", "Alerts").Open("ul", {{"class", "brief"}});
  for (auto alert = history.alerts().rbegin(); alert != history.alerts().rend(); ++alert) {
    page.Open("li");
    WriteSeverity(page, alert->severity());
    page.Text(" ").Element("a", {{"href", absl::StrFormat("/alerts/%d", alert->sequence())}},
                           DayWords(alert->observed_at_us()));
    page.Text(absl::StrFormat(": %s to %s. %s", SideWords(*alert, alert->before()),
                              BecameWords(*alert), WhoLostWhat(alert->shift(), words)));
    page.Close();
  }
  page.Close();
}

void WriteFinding(Markup& page, const v1::Finding& finding) {
  page.Open("tr");
  page.Element("th", {{"scope", "row"}}, Spaced(proto::Word(finding.source())));
  page.Open("td", {{"data-label", "Where"}});
  if (finding.digest().empty()) {
    page.Text(finding.path().empty() ? finding.declared() : finding.path());
  } else {
    page.Element("a", {{"href", "/texts/" + common::ToHex(finding.digest())}}, finding.path());
  }
  page.Close();
  page.Element("td", {{"data-label", "Licence"}},
               finding.expression().empty() ? finding.licence() : finding.expression());
  page.Element("td", {{"data-label", "Status"}}, proto::Word(finding.status()));
  page.Element("td", {{"data-label", "Reason"}}, finding.reason());
  page.Close();
}

void WriteFindings(Markup& page, const v1::Assessment& assessment) {
  if (assessment.findings().empty()) return;
  page.Open("details").Element(
      "summary", absl::StrFormat("Findings by source (%d)", assessment.findings_size()));
  page.Open("table", {{"class", "moves"}}).Open("thead").Open("tr");
  for (const std::string_view name : {"Source", "Where", "Licence", "Status", "Reason"}) {
    page.Element("th", {{"scope", "col"}}, name);
  }
  page.Close().Close().Open("tbody");
  for (const v1::Finding& finding : assessment.findings()) WriteFinding(page, finding);
  page.Close().Close().Close();
}

// What each framework says, and under it every criterion with its answer.
void WriteVerdicts(Markup& page, const v1::Assessment& assessment) {
  if (assessment.verdicts().empty()) return;
  page.Element("h2", "Openness");
  page.Element("p", {{"class", "quiet"}}, "Indicators with evidence, not legal advice.");
  for (const v1::FrameworkVerdict& verdict : assessment.verdicts()) {
    page.Open("details").Element("summary",
                                 absl::StrFormat("%s: %s", verdict.framework(), verdict.verdict()));
    page.Open("table", {{"class", "moves"}}).Open("tbody");
    for (const v1::CriterionResult& result : verdict.criteria()) {
      page.Open("tr");
      page.Element("th", {{"scope", "row"}}, result.title());
      page.Element("td", {{"data-label", "Answer"}}, Spaced(proto::Word(result.answer())));
      page.Element("td", {{"data-label", "Why"}}, result.text());
      page.Close();
    }
    page.Close().Close().Close();
  }
}

void WriteVersion(Markup& page, const v1::HistoryRow& row) {
  const v1::Observation& seen = row.version().observation();
  page.Open("li", {{"class", "version"}});
  page.Open("p", {{"class", "meta"}});
  WriteTime(page, seen.observed_at_us(), TimeWords(seen.observed_at_us()));
  page.Element("span", KindWords(row.change()));
  page.Close();
  page.Open("p");
  page.Text(row.has_assessment() ? TermsWords(row.assessment()) : "not judged yet");
  page.Text(absl::StrFormat("; %s", AccessWords(seen.access())));
  if (row.assessment().has_shift()) {
    page.Text("; ").Element("strong", proto::Word(row.assessment().shift().direction()));
  }
  page.Close();
  if (!seen.revision().empty()) {
    page.Open("p", {{"class", "quiet"}}).Text("Revision ").Element("code", seen.revision());
    page.Text(absl::StrFormat(", version %d", row.version().sequence())).Close();
  }
  WriteFindings(page, row.assessment());
  page.Close();
}

void WriteOlder(Markup& page, const v1::GetReleaseResponse& release,
                const v1::GetHistoryResponse& history) {
  const bool is_full = history.rows_size() == static_cast<int>(kVersionsShown);
  if (!is_full || history.rows().rbegin()->change().previous_version() == 0) return;
  const v1::Observation& seen = release.version().observation();
  page.Open("nav", {{"class", "paging"}, {"aria-label", "Pages"}});
  page.Element("a",
               {{"rel", "next"},
                {"href", absl::StrFormat("%s&before=%d", ReleasePath(seen.key(), seen.name()),
                                         history.rows().rbegin()->version().sequence())}},
               "Older versions →");
  page.Close();
}

}  // namespace

absl::StatusOr<std::string> ReleasePage(const PageSource& source, std::string_view hub,
                                        std::string_view name, const Query& query) {
  ASSIGN_OR_RETURN(const uint64_t before, NumberIn(query, "before"));
  v1::GetReleaseRequest release_request;
  if (const auto id = query.find("id"); id != query.end()) {
    release_request.mutable_key()->set_hub(std::string(hub));
    release_request.mutable_key()->set_id(id->second);
  } else {
    release_request.set_hub(std::string(hub));
    release_request.set_name(std::string(name));
  }
  ASSIGN_OR_RETURN(const v1::GetReleaseResponse release, source.reader.GetRelease(release_request));
  v1::GetHistoryRequest history_request;
  *history_request.mutable_key() = release.version().observation().key();
  history_request.set_limit(kVersionsShown);
  history_request.set_before_version(before);
  ASSIGN_OR_RETURN(const v1::GetHistoryResponse history, source.reader.GetHistory(history_request));
  ASSIGN_OR_RETURN(const v1::GetStatusResponse status, source.reader.GetStatus({}));
  Markup page;
  OpenPage(page, source, status, release.version().observation().name());
  page.Open("h1").Element("bdi", release.version().observation().name()).Close();
  WriteNow(page, release);
  WriteAlerts(page, history, source.words);
  WriteVerdicts(page, release.assessment());
  page.Element("h2", "Versions").Open("ol", {{"class", "timeline"}});
  for (const v1::HistoryRow& row : history.rows()) WriteVersion(page, row);
  page.Close();
  WriteOlder(page, release, history);
  ClosePage(page);
  return page.Take();
}

}  // namespace modelwatch::evaluator
