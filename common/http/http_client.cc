// SPDX-License-Identifier: Apache-2.0
#include "common/http/http_client.h"

#include <optional>

#include "absl/strings/cord.h"

namespace modelwatch::common {
namespace {

constexpr char kTrouble[] = "modelwatch/http-trouble";

}  // namespace

std::string TroubleOf(const absl::Status& status) {
  const auto word = status.GetPayload(kTrouble);
  return word ? std::string(*word) : std::string();
}

absl::Status WithTrouble(absl::Status status, std::string_view word) {
  status.SetPayload(kTrouble, absl::Cord(std::string(word)));
  return status;
}

absl::StatusOr<HttpResponse> Send(HttpClient& client, HttpRequest request) {
  std::optional<absl::StatusOr<HttpResponse>> answer;
  client.Start(std::move(request),
               [&answer](absl::StatusOr<HttpResponse> response) { answer = std::move(response); });
  while (!answer.has_value()) client.Poll(absl::Milliseconds(100));
  return *std::move(answer);
}

}  // namespace modelwatch::common
