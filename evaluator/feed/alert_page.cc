// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/alert_page.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "evaluator/feed/diff_view.h"
#include "proto/document_path.h"
#include "proto/json.h"

namespace modelwatch::evaluator {
namespace {

// Base URL of the release's hub, or "" when it is not one that a link may lead to.
std::string HubBase(const v1::GetStatusResponse& status, const std::string& hub) {
  for (const v1::HubStatus& one : status.hubs()) {
    const std::string& base = one.endpoint();
    if (one.hub() != hub) continue;
    if (!absl::StartsWith(base, "https://") && !absl::StartsWith(base, "http://")) return "";
    return base.back() == '/' ? base.substr(0, base.size() - 1) : base;
  }
  return "";
}

absl::StatusOr<v1::Alert> FindAlert(indexer::Reader& reader, uint64_t sequence) {
  v1::ListAlertsRequest request;
  request.set_after_sequence(sequence - 1);
  request.set_limit(1);
  if (sequence > 0) {
    ASSIGN_OR_RETURN(const v1::ListAlertsResponse response, reader.ListAlerts(request));
    if (response.alerts_size() > 0 && response.alerts(0).sequence() == sequence) {
      return response.alerts(0);
    }
  }
  return absl::NotFoundError(absl::StrFormat("There is no alert with number %d.", sequence));
}

// Text kept for one side; "" when there is none.
absl::StatusOr<std::string> TextOf(indexer::Reader& reader, const v1::Evidence& side) {
  if (side.digest().empty()) return std::string();
  v1::GetBlobRequest request;
  request.set_digest(side.digest());
  absl::StatusOr<v1::GetBlobResponse> blob = reader.GetBlob(request);
  if (absl::IsNotFound(blob.status())) return std::string();
  RETURN_IF_ERROR(blob.status());
  return std::move(*blob->mutable_content());
}

void WriteBecause(Markup& page, const v1::Move& move, const v1::Alert& alert) {
  page.Open("td", {{"data-label", "Because"}});
  for (const v1::Because& because : move.because()) {
    page.Open("p", {{"class", "because"}});
    // Words of the text when a line is named; else the rule's own words.
    if (because.line() != 0) {
      page.Element("q", because.text()).Text(" ");
    } else if (!because.text().empty()) {
      page.Text(because.text() + " ");
    }
    page.Element("code", because.clause());
    const bool is_shown = because.line() != 0 && because.path() == alert.after().path();
    if (is_shown) {
      page.Text(" ").Element("a", {{"href", absl::StrFormat("#new-%d", because.line())}},
                             absl::StrFormat("%s line %d", because.path(), because.line()));
    } else if (!because.path().empty()) {
      page.Text(because.line() == 0
                    ? absl::StrFormat(" %s", because.path())
                    : absl::StrFormat(" %s line %d", because.path(), because.line()));
    }
    page.Close();
  }
  page.Close();
}

using Moves = google::protobuf::RepeatedPtrField<v1::Move>;

// Moves that differ in nothing but the use, in the order of the first; uses by rank.
std::vector<std::vector<const v1::Move*>> GroupMoves(const Moves& moves,
                                                     const ScenarioWords& words) {
  std::vector<const v1::Move*> ranked;
  for (const v1::Move& move : moves) ranked.push_back(&move);
  std::stable_sort(ranked.begin(), ranked.end(), [&](const v1::Move* left, const v1::Move* right) {
    return words.Rank(left->scenario()) < words.Rank(right->scenario());
  });
  std::vector<std::vector<const v1::Move*>> groups;
  std::map<std::string, size_t> group_of;
  for (const v1::Move* move : ranked) {
    v1::Move shared = *move;
    shared.clear_scenario();
    const auto [at, is_new] = group_of.emplace(shared.SerializeAsString(), groups.size());
    if (is_new) groups.emplace_back();
    groups[at->second].push_back(move);
  }
  return groups;
}

void WriteUses(Markup& page, const std::vector<const v1::Move*>& group,
               const ScenarioWords& words) {
  page.Open("th", {{"scope", "row"}});
  if (group.size() == 1) {
    page.Text(words.Title(group[0]->scenario()));
  } else {
    page.Open("ul");
    for (const v1::Move* move : group) page.Element("li", words.Title(move->scenario()));
    page.Close();
  }
  page.Close();
}

void WriteInterval(Markup& page, std::string_view label, const v1::Interval& interval) {
  page.Open("td", {{"data-label", label}});
  page.Element("span", {{"class", absl::StrFormat("outcome o%d", interval.low())}},
               IntervalWords(interval));
  page.Close();
}

void WriteMoves(Markup& page, const Moves& moves, std::string_view caption, const v1::Alert& alert,
                const ScenarioWords& words) {
  if (moves.empty()) return;
  page.Open("table", {{"class", "moves"}}).Element("caption", caption);
  page.Open("thead").Open("tr");
  for (const std::string_view name : {"Use", "Before", "After", "Because"}) {
    page.Element("th", {{"scope", "col"}}, name);
  }
  page.Close().Close().Open("tbody");
  for (const std::vector<const v1::Move*>& group : GroupMoves(moves, words)) {
    page.Open("tr");
    WriteUses(page, group, words);
    WriteInterval(page, "Before", group[0]->from());
    WriteInterval(page, "After", group[0]->to());
    WriteBecause(page, *group[0], alert);
    page.Close();
  }
  page.Close().Close();
}

void WriteOutLink(Markup& page, const std::string& url, std::string_view words) {
  page.Element("a", {{"href", url}, {"rel", "nofollow noopener noreferrer"}}, words);
}

void WriteSide(Markup& page, std::string_view title, const v1::Alert& alert,
               const v1::Evidence& side, const std::string& hub_base) {
  page.Open("section", {{"class", "side-facts"}}).Element("h3", title);
  page.Open("dl");
  WriteFact(page, "Licence", side.licence().empty() ? "not known" : side.licence());
  WriteFact(page, "Declared", side.declared());
  WriteFact(page, "Access", side.access());
  const std::string release = absl::StrFormat("%s/%s", hub_base, UrlEncodePath(alert.name()));
  if (!side.revision().empty()) {
    page.Open("div").Element("dt", "Revision").Open("dd");
    if (hub_base.empty()) {
      page.Element("code", side.revision());
    } else {
      page.Open("code");
      WriteOutLink(page, absl::StrFormat("%s/tree/%s", release, UrlEncode(side.revision())),
                   side.revision());
      page.Close();
    }
    page.Close().Close();
  }
  WriteFact(page, "Read from", Spaced(proto::Word(side.source())));
  if (!side.path().empty()) {
    page.Open("div").Element("dt", "File").Open("dd");
    if (proto::IsAddressPath(side.path())) {
      WriteOutLink(page, proto::DocumentAddress(side.path()), proto::DocumentAddress(side.path()));
    } else if (hub_base.empty() || side.revision().empty()) {
      page.Text(side.path());
    } else {
      WriteOutLink(page,
                   absl::StrFormat("%s/resolve/%s/%s", release, UrlEncode(side.revision()),
                                   UrlEncodePath(proto::FileBehind(side.path()))),
                   side.path());
    }
    if (side.line() != 0) page.Text(absl::StrFormat(", line %d", side.line()));
    page.Close().Close();
  }
  WriteFact(page, "Because", side.text());
  if (!side.oid().empty()) {
    page.Open("div").Element("dt", "Git blob").Open("dd");
    page.Element("code", side.oid()).Close().Close();
  }
  if (!side.digest().empty()) {
    const std::string hex = common::ToHex(side.digest());
    page.Open("div").Element("dt", "SHA-256").Open("dd").Open("code");
    page.Element("a", {{"href", "/texts/" + hex}}, hex).Close().Close().Close();
  }
  page.Close().Close();
}

std::set<uint32_t> CauseLines(const v1::Alert& alert) {
  std::set<uint32_t> lines;
  for (const v1::Move& move : alert.shift().lost()) {
    for (const v1::Because& because : move.because()) {
      if (because.line() != 0 && because.path() == alert.after().path()) {
        lines.insert(because.line());
      }
    }
  }
  return lines;
}

absl::Status WriteTexts(Markup& page, const PageSource& source, const v1::Alert& alert) {
  ASSIGN_OR_RETURN(const std::string then, TextOf(source.reader, alert.before()));
  ASSIGN_OR_RETURN(const std::string now, TextOf(source.reader, alert.after()));
  page.Element("h2", {{"id", "texts"}}, "The texts");
  if (then.empty() && now.empty()) {
    page.Element(
        "p",
        "The terms were not read from a text: they come from what the hub declares or from "
        "how it lets the release be reached, as stated above.");
    return absl::OkStatus();
  }
  if (then.empty() || now.empty()) {
    page.Element("p",
                 then.empty()
                     ? "Before, there was no licence text to compare with; the terms came from "
                       "what was declared. The text found afterwards:"
                     : "Afterwards, there is no licence text any more. The text found before:");
  }
  WriteTextDiff(page, then, now, CauseLines(alert));
  return absl::OkStatus();
}

void WriteTop(Markup& page, const v1::Alert& alert, const ScenarioWords& words) {
  page.Open("p", {{"class", "meta"}});
  WriteSeverity(page, alert.severity());
  WriteTime(page, alert.observed_at_us(),
            absl::StrFormat("seen at the hub %s", TimeWords(alert.observed_at_us())));
  page.Close();
  page.Open("h1").Element("bdi", alert.name()).Close();
  WriteFromTo(page, alert);
  page.Element("p", {{"class", "lost"}},
               alert.has_cause() ? alert.cause().text() : WhoLostWhat(alert.shift(), words));
  page.Open("p", {{"class", "links"}});
  page.Element("a", {{"href", ReleasePath(alert.key(), alert.name())}}, "History of the release");
  page.Element("a", {{"href", "#texts"}}, "The texts");
  page.Close();
}

// No release stands behind it, so there are no terms and no texts to show.
void WriteHubAlert(Markup& page, const v1::Alert& alert) {
  page.Open("p", {{"class", "meta"}});
  WriteSeverity(page, alert.severity());
  WriteTime(page, alert.observed_at_us(), TimeWords(alert.observed_at_us()));
  page.Close();
  page.Open("h1").Element("bdi", alert.title()).Close();
  page.Element("p", {{"class", "lost"}}, alert.cause().text());
  page.Open("dl", {{"class", "facts"}});
  WriteFact(page, "Rule", alert.rule());
  WriteFact(page, "Log entry", std::to_string(alert.sequence()));
  page.Close();
}

void WriteHow(Markup& page, const v1::Alert& alert) {
  page.Element("h2", "How this was told").Open("dl", {{"class", "facts"}});
  WriteFact(page, "Direction", proto::Word(alert.shift().direction()));
  WriteFact(page, "Kind", proto::Word(alert.shift().kind()));
  if (!alert.event().empty()) WriteFact(page, "Event", alert.event());
  WriteFact(page, "Policy rule", alert.rule());
  WriteFact(page, "Raised", TimeWords(alert.recorded_at_us()));
  WriteFact(page, "Log entry", std::to_string(alert.sequence()));
  if (alert.assessment() != 0) {
    WriteFact(page, "Assessment", std::to_string(alert.assessment()));
  }
  page.Close();
}

}  // namespace

absl::StatusOr<std::string> AlertPage(const PageSource& source, uint64_t sequence) {
  ASSIGN_OR_RETURN(const v1::Alert alert, FindAlert(source.reader, sequence));
  ASSIGN_OR_RETURN(const v1::GetStatusResponse status, source.reader.GetStatus({}));
  const std::string hub_base = HubBase(status, alert.key().hub());
  Markup page;
  OpenPage(page, source, status, alert.name());
  if (alert.is_about_hub()) {
    WriteHubAlert(page, alert);
    ClosePage(page);
    return page.Take();
  }
  WriteTop(page, alert, source.words);
  page.Element("h2", "What changed for whom");
  WriteMoves(page, alert.shift().lost(), "Became tighter", alert, source.words);
  WriteMoves(page, alert.shift().gained(), "Became looser", alert, source.words);
  page.Element("h2", "Evidence").Open("div", {{"class", "sides"}});
  if (alert.has_before()) WriteSide(page, "Before", alert, alert.before(), hub_base);
  WriteSide(page, "After", alert, alert.after(), hub_base);
  page.Close();
  RETURN_IF_ERROR(WriteTexts(page, source, alert));
  WriteHow(page, alert);
  ClosePage(page);
  return page.Take();
}

}  // namespace modelwatch::evaluator
