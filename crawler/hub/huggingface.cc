// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub/huggingface.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "crawler/hub/huggingface_row.h"
#include "crawler/hub/link.h"
#include "crawler/hub/row_splitter.h"
#include "proto/release_id.h"

namespace modelwatch::crawler {
namespace {

// Exactly what the rows are read for, and what the Hub counts as one projection. `expand` wins over
// `full`; unlisted keys are refused with 400 (read back from the Hub's own error text, 2026).
constexpr std::string_view kExpand[] = {"author",  "sha",      "lastModified", "createdAt",
                                        "private", "gated",    "disabled",     "cardData",
                                        "tags",    "siblings", "downloads"};
constexpr std::string_view kExpandOfModels[] = {"baseModels", "library_name", "pipeline_tag"};

struct KindWords {
  std::string_view api;     // in API paths
  std::string_view prefix;  // of names, and of paths of the web
};

KindWords WordsOf(ReleaseKind kind) {
  switch (kind) {
    case ReleaseKind::kDatasets:
      return {"datasets", "datasets/"};
    case ReleaseKind::kSpaces:
      return {"spaces", "spaces/"};
    default:
      return {"models", ""};
  }
}

constexpr char kDisabledMessage[] = "Access to this resource is disabled.";
constexpr char kBadTokenMessage[] = "Invalid credentials in Authorization header";

std::string Expand(ReleaseKind kind) {
  std::string query;
  for (const std::string_view key : kExpand) {
    // A space has neither gate nor downloads, and asking for one is refused.
    if (kind == ReleaseKind::kSpaces && (key == "gated" || key == "downloads")) continue;
    query += absl::StrFormat("&expand[]=%s", key);
  }
  if (kind != ReleaseKind::kModels) return query;
  for (const std::string_view key : kExpandOfModels) query += absl::StrFormat("&expand[]=%s", key);
  return query;
}

bool Contains(std::string_view text, const char* words) {
  return text.find(words) != std::string_view::npos;
}

std::string Describe(const Answer& answer) {
  std::string text = absl::StrFormat("HTTP %d", answer.status);
  if (const auto code = answer.headers.Get("x-error-code")) {
    text += absl::StrFormat(" %s", common::OneLine(*code, 40));
  }
  if (const auto message = answer.headers.Get("x-error-message")) {
    return text + ": " + common::OneLine(*message, 160);
  }
  const std::string error = HuggingFaceErrorText(answer.body);
  const std::string_view shown = error.empty() ? answer.body.substr(0, 160) : error;
  return shown.empty() ? text : text + ": " + common::OneLine(shown, 160);
}

Outcome JudgeUnauthorized(const Answer& answer, std::string_view code, std::string_view message) {
  if (code == "GatedRepo") return Outcome::kGated;
  if (code == "RepoNotFound") return Outcome::kMissingOrPrivate;
  if (!code.empty()) return Outcome::kRefused;
  // Without a code: to a stranger it means "missing or private"; to a holder of a token it is the
  // token that is wrong, which says nothing about the release.
  if (answer.sent_credential || Contains(message, kBadTokenMessage)) return Outcome::kBadCredential;
  return Outcome::kMissingOrPrivate;
}

Outcome JudgeNotFound(const Answer& answer, std::string_view code) {
  if (code == "RepoNotFound") return Outcome::kMissingOrPrivate;
  if (code == "RevisionNotFound") return Outcome::kRevisionMissing;
  if (code == "EntryNotFound") return Outcome::kEntryMissing;
  if (!code.empty()) return Outcome::kRefused;
  if (answer.headers.Get("x-repo-commit")) return Outcome::kEntryMissing;
  // A page of some proxy or a wrong endpoint must not look like a removal.
  const std::string_view type = answer.headers.Get("content-type").value_or("");
  return Contains(type, "json") ? Outcome::kMissingOrPrivate : Outcome::kRefused;
}

Outcome JudgeStatus(const Answer& answer) {
  const std::string_view code = answer.headers.Get("x-error-code").value_or("");
  const std::string_view message = answer.headers.Get("x-error-message").value_or("");
  switch (answer.status) {
    case 304:
      return Outcome::kNotModified;
    case 401:
      return JudgeUnauthorized(answer, code, message);
    case 403:
      if (code == "GatedRepo") return Outcome::kGated;
      return Contains(message, kDisabledMessage) ? Outcome::kDisabled : Outcome::kRefused;
    case 404:
      return JudgeNotFound(answer, code);
    case 410:
      return Outcome::kMissingOrPrivate;
    case 451:
      return Outcome::kDisabled;
    case 429:
      return Outcome::kRateLimited;
    case 408:
      return Outcome::kRetryable;
    default:
      break;
  }
  if (answer.status >= 200 && answer.status < 300) return Outcome::kOk;
  return answer.status >= 500 ? Outcome::kRetryable : Outcome::kRefused;
}

// {"error":...} where an array or a release was asked for.
absl::Status ErrorObject(std::string_view body) {
  const std::string error = HuggingFaceErrorText(body);
  if (error.empty()) return absl::OkStatus();
  const std::string text =
      absl::StrFormat("the hub answered with an error object: %s", common::OneLine(error, 160));
  return Contains(error, "rate limit") ? absl::ResourceExhaustedError(text)
                                       : absl::InvalidArgumentError(text);
}

class HuggingFace final : public Hub {
 public:
  HuggingFace(std::string name, common::Url endpoint, ReleaseKind kind)
      : name_(std::move(name)),
        endpoint_(std::move(endpoint)),
        kind_(WordsOf(kind)),
        expand_(Expand(kind)) {}

  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] const common::Url& endpoint() const override { return endpoint_; }

  [[nodiscard]] std::string ListingTarget(Listing listing, uint32_t page_size) const override {
    return absl::StrFormat(
        "/api/%s?sort=%s&limit=%d%s", kind_.api,
        listing == Listing::kByCreation ? "createdAt&direction=1" : "lastModified", page_size,
        expand_);
  }

  [[nodiscard]] std::string ReleaseTarget(std::string_view release) const override {
    return absl::StrFormat("/api/%s/%s?%s", kind_.api, common::PercentEncode(Id(release), "/"),
                           expand_.substr(1));
  }

  [[nodiscard]] bool IsReleaseTarget(std::string_view target) const override {
    const std::string start = absl::StrFormat("/api/%s/", kind_.api);
    return target.substr(0, start.size()) == start;
  }

  [[nodiscard]] bool Lists(std::string_view name) const override {
    return proto::KindPrefix(name) == kind_.prefix;
  }

  [[nodiscard]] std::string FileTarget(std::string_view release, std::string_view revision,
                                       std::string_view path) const override {
    return absl::StrFormat("/api/resolve-cache/%s/%s/%s/%s", kind_.api,
                           common::PercentEncode(Id(release), "/"), common::PercentEncode(revision),
                           common::PercentEncode(path, "/"));
  }

  [[nodiscard]] std::string RevisionTarget(std::string_view release,
                                           std::string_view revision) const override {
    return absl::StrFormat("/api/%s/%s/revision/%s?%s", kind_.api,
                           common::PercentEncode(Id(release), "/"), common::PercentEncode(revision),
                           expand_.substr(1));
  }

  [[nodiscard]] std::string CommitsTarget(std::string_view release, std::string_view revision,
                                          uint32_t page) const override {
    return absl::StrFormat("/api/%s/%s/commits/%s?p=%d&limit=%d", kind_.api,
                           common::PercentEncode(Id(release), "/"), common::PercentEncode(revision),
                           page, kCommitsPerPage);
  }

  [[nodiscard]] std::string SmallerPage(std::string_view target,
                                        uint32_t page_size) const override {
    return common::WithParameter(target, "limit", std::to_string(page_size));
  }

  [[nodiscard]] QuotaClass QuotaOf(std::string_view target) const override {
    if (absl::StartsWith(std::string(target.substr(0, 24)), "/api/resolve-cache/") ||
        Contains(target.substr(0, target.find('?')), "/resolve/")) {
      return QuotaClass::kResolvers;
    }
    return absl::StartsWith(std::string(target.substr(0, 8)), "/api/") ? QuotaClass::kApi
                                                                       : QuotaClass::kPages;
  }

  [[nodiscard]] Verdict Judge(const common::Url& asked, const Answer& answer) const override {
    Verdict verdict;
    verdict.reason = Describe(answer);
    if (answer.status < 300 || answer.status > 399 || answer.status == 304) {
      verdict.outcome = JudgeStatus(answer);
      return verdict;
    }
    const auto location = answer.headers.Get("location");
    const auto target =
        location ? common::ResolveUrl(asked, *location) : absl::InvalidArgumentError("no Location");
    if (!target.ok()) {
      verdict.outcome = Outcome::kRefused;
      verdict.reason += absl::StrFormat(" (%s)", target.status().message());
      return verdict;
    }
    verdict.location = *target;
    verdict.outcome =
        common::SameOrigin(*target, endpoint_) ? Outcome::kRenamed : Outcome::kElsewhere;
    return verdict;
  }

  [[nodiscard]] absl::StatusOr<std::string> NextPage(
      const common::HttpHeaders& headers) const override {
    const std::vector<std::string> links = NextLinks(headers);
    if (links.empty()) return std::string();
    if (links.size() > 1) {
      return absl::InvalidArgumentError(
          "the hub names two different next pages in its Link header");
    }
    ASSIGN_OR_RETURN(const common::Url next, common::ResolveUrl(endpoint_, links.front()));
    if (!common::SameOrigin(next, endpoint_)) {
      return absl::InvalidArgumentError(
          absl::StrFormat("the hub's next page is at another origin, %s", common::Origin(next)));
    }
    return next.target;
  }

  [[nodiscard]] absl::StatusOr<Page> ParsePage(std::string_view body,
                                               int64_t observed_at_us) const override {
    const auto rows = SplitRows(body);
    if (!rows.ok()) {
      RETURN_IF_ERROR(ErrorObject(body));
      return rows.status();
    }
    HuggingFaceRowReader reader(name_, std::string(kind_.prefix));
    Page page;
    page.rows.reserve(rows->size());
    for (size_t i = 0; i < rows->size(); ++i) {
      const std::string_view text = (*rows)[i];
      const auto readable = static_cast<size_t>(body.data() + body.size() - text.data());
      auto read = reader.ReadRow(text, readable, observed_at_us);
      if (!read.ok()) {
        page.bad_rows.push_back({i, std::string(read.status().message())});
        continue;
      }
      page.repaired += read->repaired ? 1 : 0;
      page.rows.push_back(std::move(read->row));
    }
    return page;
  }

  [[nodiscard]] absl::StatusOr<Row> ParseRelease(std::string_view body,
                                                 int64_t observed_at_us) const override {
    RETURN_IF_ERROR(ErrorObject(body));
    HuggingFaceRowReader reader(name_, std::string(kind_.prefix));
    ASSIGN_OR_RETURN(HuggingFaceRowReader::Read read,
                     reader.ReadRow(body, body.size(), observed_at_us));
    return std::move(read.row);
  }

  [[nodiscard]] absl::StatusOr<std::vector<ListedCommit>> ParseCommits(
      std::string_view body) const override {
    const auto entries = SplitRows(body);
    if (!entries.ok()) {
      RETURN_IF_ERROR(ErrorObject(body));
      return entries.status();
    }
    if (entries->size() > kCommitsPerPage) {
      return absl::InvalidArgumentError("the hub lists more commits than were asked for");
    }
    std::vector<ListedCommit> commits;
    for (const std::string_view entry : *entries) commits.push_back(ReadHuggingFaceCommit(entry));
    return commits;
  }

  [[nodiscard]] uint32_t CommitCount(const common::HttpHeaders& headers) const override {
    uint32_t count = 0;
    const auto field = headers.Get("x-total-count");
    return field && absl::SimpleAtoi(std::string(*field), &count) ? count : 0;
  }

 private:
  // The hub's own id of it: the name without its kind.
  [[nodiscard]] std::string_view Id(std::string_view release) const {
    if (release.substr(0, kind_.prefix.size()) == kind_.prefix) {
      release.remove_prefix(kind_.prefix.size());
    }
    return release;
  }

  const std::string name_;
  const common::Url endpoint_;
  const KindWords kind_;
  const std::string expand_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Hub>> NewHuggingFace(std::string name, std::string endpoint,
                                                    ReleaseKind kind) {
  while (!endpoint.empty() && endpoint.back() == '/') endpoint.pop_back();
  absl::StatusOr<common::Url> url = common::ParseUrl(endpoint);
  if (!url.ok()) return url.status();
  if (url->target != "/") {
    return absl::InvalidArgumentError(absl::StrFormat(
        "hub %s: endpoint %s has a path; write only the origin, e.g. https://huggingface.co", name,
        endpoint));
  }
  return std::unique_ptr<Hub>(
      std::make_unique<HuggingFace>(std::move(name), *std::move(url), kind));
}

}  // namespace modelwatch::crawler
