// SPDX-License-Identifier: Apache-2.0
#include "crawler/storage_reader.h"

#include <memory>
#include <utility>

#include "absl/strings/str_format.h"

namespace modelwatch::crawler {
namespace {

constexpr int kMaxHops = 3;
constexpr absl::Duration kTimeout = absl::Seconds(20);

}  // namespace

bool IsThisMachine(const common::Url& url) {
  return url.host.rfind("127.", 0) == 0 || url.host == "localhost" || url.host == "[::1]";
}

void StorageReader::Ask(const common::Url& url, Question question) {
  if (stays_here_ && !IsThisMachine(url)) {
    question.done(absl::PermissionDeniedError(
        absl::StrFormat("the hub is on this machine, %s is not", common::Origin(url))));
    return;
  }
  common::HttpRequest request;
  request.url = common::FormatUrl(url);
  request.headers = {{"accept-encoding", "identity"}};
  if (question.by_range) {
    request.headers.emplace_back("range", absl::StrFormat("bytes=0-%d", question.most - 1));
  }
  request.max_body_bytes = question.most;
  request.timeout = kTimeout;
  auto shared = std::make_shared<Question>(std::move(question));
  client_.Start(std::move(request),
                [this, url, shared](absl::StatusOr<common::HttpResponse> response) {
                  if (!response.ok()) {
                    shared->done(response.status());
                    return;
                  }
                  OnAnswer(url, std::move(*shared), *std::move(response));
                });
}

void StorageReader::OnAnswer(const common::Url& url, Question question,
                             common::HttpResponse response) {
  const int status = response.status;
  if (status == 200 || status == 206) {
    if (response.body_is == common::HttpBody::kTooLarge) {
      question.done(absl::ResourceExhaustedError(
          absl::StrFormat("HTTP %d with more than %d bytes%s", status, question.most,
                          question.by_range ? ", though a part was asked for" : "")));
      return;
    }
    question.done(std::move(response.body));
    return;
  }
  const auto location = response.headers.Get("location");
  if (status >= 300 && status < 400 && location.has_value()) {
    const auto next = common::ResolveUrl(url, *location);
    const bool is_downgrade = next.ok() && url.scheme == "https" && next->scheme != "https";
    if (!next.ok() || is_downgrade || ++question.hops > kMaxHops) {
      question.done(absl::NotFoundError("it leads on too often, or out of TLS"));
      return;
    }
    Ask(*next, std::move(question));
    return;
  }
  const std::string reason = absl::StrFormat("HTTP %d", status);
  const bool is_final = status >= 400 && status < 500 && status != 408 && status != 429;
  question.done(is_final ? absl::NotFoundError(reason) : absl::UnavailableError(reason));
}

}  // namespace modelwatch::crawler
