// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/site.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "evaluator/feed/alert_page.h"
#include "evaluator/feed/alerts_page.h"
#include "evaluator/feed/api.h"
#include "evaluator/feed/assets.h"
#include "evaluator/feed/atom.h"
#include "evaluator/feed/release_page.h"

namespace modelwatch::evaluator {
namespace {

constexpr char kHtml[] = "text/html; charset=utf-8";
constexpr char kText[] = "text/plain; charset=utf-8";
constexpr char kKeepForLong[] = "public, max-age=31536000, immutable";
constexpr char kKeepAMinute[] = "public, max-age=60";

Response Answer(std::string type, std::string body, std::string cache_control = "no-cache") {
  Response response;
  response.content_type = std::move(type);
  response.body = std::move(body);
  response.cache_control = std::move(cache_control);
  return response;
}

absl::StatusOr<Response> Html(absl::StatusOr<std::string> page) {
  RETURN_IF_ERROR(page.status());
  return Answer(kHtml, *std::move(page));
}

absl::StatusOr<Response> Json(absl::StatusOr<std::string> json) {
  RETURN_IF_ERROR(json.status());
  Response response = Answer("application/json", *std::move(json));
  response.allow_any_origin = true;
  return response;
}

absl::StatusOr<Response> Atom(absl::StatusOr<AtomFeed> feed) {
  RETURN_IF_ERROR(feed.status());
  Response response =
      Answer("application/atom+xml; charset=utf-8", std::move(feed->xml), kKeepAMinute);
  response.last_modified = feed->updated;
  response.allow_any_origin = true;
  return response;
}

absl::Status NoSuchPage() { return absl::NotFoundError("There is no page at this address."); }

// A text as it was kept, as plain text: whatever a hub served, a browser only shows its letters.
absl::StatusOr<Response> KeptText(indexer::Reader& reader, std::string_view hex) {
  absl::StatusOr<std::string> digest = common::FromHex(hex);
  if (!digest.ok() || digest->size() != common::kSha256Bytes) return NoSuchPage();
  v1::GetBlobRequest request;
  request.set_digest(*digest);
  ASSIGN_OR_RETURN(v1::GetBlobResponse blob, reader.GetBlob(request));
  return Answer(kText, std::move(*blob.mutable_content()), kKeepForLong);
}

absl::StatusOr<Response> Health(indexer::Reader& reader) {
  RETURN_IF_ERROR(reader.GetStatus({}).status());
  return Answer(kText, "ok\n", "no-store");
}

// The part of `path` after `prefix`, or nothing when it does not start so or nothing follows.
std::string_view After(std::string_view path, std::string_view prefix) {
  if (path.substr(0, prefix.size()) != prefix) return "";
  return path.substr(prefix.size());
}

}  // namespace

Site::Site(indexer::Reader& reader, SiteOptions options)
    : reader_(reader), options_(std::move(options)), words_(options_.scenarios, options_.policy) {}

absl::StatusOr<Response> Site::Route(const Request& request) const {
  const PageSource source{reader_, options_.config, words_};
  const std::string_view path = request.path;
  if (path == "/") return Html(AlertsPage(source, request.query));
  if (path == "/feed.atom") return Atom(WriteAtom(source, request.query));
  if (path == "/api/v1/alerts") return Json(AlertsJson(source, request.query));
  if (path == "/api/v1/status") return Json(StatusJson(source));
  if (path == "/healthz") return Health(reader_);
  if (path == "/metrics" && options_.metrics_text) {
    return Answer("text/plain; version=0.0.4; charset=utf-8", options_.metrics_text(), "no-store");
  }
  if (path == "/site/style.css") {
    return Answer("text/css; charset=utf-8", std::string(kStyleSheet), kKeepForLong);
  }
  if (path == "/site/icon.svg") {
    return Answer("image/svg+xml", std::string(kIcon), "public, max-age=86400");
  }
  if (const auto number = After(path, "/alerts/"); !number.empty()) {
    uint64_t sequence = 0;
    if (!absl::SimpleAtoi(std::string(number), &sequence)) return NoSuchPage();
    return Html(AlertPage(source, sequence));
  }
  if (const auto hex = After(path, "/texts/"); !hex.empty()) return KeptText(reader_, hex);
  if (const auto release = After(path, "/releases/"); !release.empty()) {
    const size_t slash = release.find('/');
    if (slash == std::string_view::npos || slash + 1 == release.size()) return NoSuchPage();
    return Html(
        ReleasePage(source, release.substr(0, slash), release.substr(slash + 1), request.query));
  }
  return NoSuchPage();
}

Response Site::Failure(const absl::Status& status) const {
  int code = 503;
  std::string title = "Not available right now";
  std::string words = absl::StrFormat(
      "The index does not answer (%s). The page comes back by itself when it does; reload in a "
      "moment.",
      std::string(status.message()));
  if (absl::IsNotFound(status)) {
    code = 404;
    title = "Not found";
    words = std::string(status.message());
  } else if (absl::IsInvalidArgument(status)) {
    code = 400;
    title = "This address means nothing";
    words = std::string(status.message());
  }
  Response response = Answer(kHtml, PlainPage(options_.config, title, words), "no-store");
  response.status = code;
  return response;
}

Response Site::Handle(const Request& request) const {
  absl::StatusOr<Response> response = Route(request);
  return response.ok() ? *std::move(response) : Failure(response.status());
}

}  // namespace modelwatch::evaluator
