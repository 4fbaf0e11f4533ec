// SPDX-License-Identifier: Apache-2.0
// An HttpClient whose answers a test gives by hand.
#pragma once

#include <deque>
#include <string>
#include <utility>

#include "common/http/http_client.h"
#include "testing/http_transcript.h"

namespace modelwatch::testing {

// Not thread-safe. Transfers wait in `started` until the test answers them.
class FakeHttpClient final : public common::HttpClient {
 public:
  struct Started {
    common::HttpRequest request;
    Done done;
  };

  void Start(common::HttpRequest request, Done done) override {
    started.push_back({std::move(request), std::move(done)});
  }
  void Poll(absl::Duration) override {}
  void Wake() override {}
  [[nodiscard]] size_t in_flight() const override { return started.size(); }

  // Answers the oldest transfer. REQUIRES: one is there.
  void Answer(int status, std::string_view headers = "", std::string body = "") {
    Started one = Take();
    common::HttpResponse response;
    response.status = status;
    response.headers = ParseHeaders(headers);
    response.body_bytes = body.size();
    response.body = std::move(body);
    one.done(std::move(response));
  }
  void Break(absl::Status status) { Take().done(std::move(status)); }

  std::deque<Started> started;

 private:
  Started Take() {
    Started one = std::move(started.front());
    started.pop_front();
    return one;
  }
};

}  // namespace modelwatch::testing
