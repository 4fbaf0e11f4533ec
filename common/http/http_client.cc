// SPDX-License-Identifier: Apache-2.0
#include "common/http/http_client.h"

#include <optional>

namespace modelwatch::common {

absl::StatusOr<HttpResponse> Send(HttpClient& client, HttpRequest request) {
  std::optional<absl::StatusOr<HttpResponse>> answer;
  client.Start(std::move(request),
               [&answer](absl::StatusOr<HttpResponse> response) { answer = std::move(response); });
  while (!answer.has_value()) client.Poll(absl::Milliseconds(100));
  return *std::move(answer);
}

}  // namespace modelwatch::common
