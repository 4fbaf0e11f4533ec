// SPDX-License-Identifier: Apache-2.0
// Whatever a visitor asks and whatever a hub named its releases, pages hold no markup but ours.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "evaluator/feed/markup.h"
#include "evaluator/feed/site.h"

namespace {

using namespace modelwatch;  // a program, not a header

// Answers every read with one alert whose words are the input.
class EchoReader final : public indexer::Reader {
 public:
  explicit EchoReader(std::string words) : words_(std::move(words)) {}

  absl::StatusOr<v1::GetHeadsResponse> GetHeads(const v1::GetHeadsRequest&) override {
    return v1::GetHeadsResponse();
  }
  absl::StatusOr<v1::GetReleaseResponse> GetRelease(const v1::GetReleaseRequest&) override {
    v1::GetReleaseResponse release;
    release.mutable_version()->mutable_observation()->set_name(words_);
    return release;
  }
  absl::StatusOr<v1::GetHistoryResponse> GetHistory(const v1::GetHistoryRequest&) override {
    v1::GetHistoryResponse history;
    history.add_rows()->mutable_assessment()->add_findings()->set_reason(words_);
    return history;
  }
  absl::StatusOr<v1::GetBlobResponse> GetBlob(const v1::GetBlobRequest& request) override {
    v1::GetBlobResponse blob;
    blob.set_content(request.digest() == "then" ? words_ : words_ + "\nmore");
    return blob;
  }
  absl::StatusOr<v1::GetFindingsResponse> GetFindings(const v1::GetFindingsRequest&) override {
    return v1::GetFindingsResponse();
  }
  absl::StatusOr<v1::ListReleasesResponse> ListReleases(const v1::ListReleasesRequest&) override {
    return v1::ListReleasesResponse();
  }
  absl::StatusOr<v1::FindReleasesResponse> FindReleases(const v1::FindReleasesRequest&) override {
    return v1::FindReleasesResponse();
  }
  absl::StatusOr<v1::ListDerivativesResponse> ListDerivatives(
      const v1::ListDerivativesRequest&) override {
    return v1::ListDerivativesResponse();
  }
  absl::StatusOr<v1::ListAlertsResponse> ListAlerts(const v1::ListAlertsRequest& request) override {
    v1::ListAlertsResponse response;
    v1::Alert& alert = *response.add_alerts();
    alert.set_sequence(request.after_sequence() + 1);
    alert.set_name(words_);
    alert.set_title(words_);
    alert.mutable_before()->set_digest("then");
    alert.mutable_after()->set_digest("now");
    alert.mutable_after()->set_path(words_);
    alert.mutable_shift()->add_lost()->add_because()->set_text(words_);
    response.set_has_more(true);
    return response;
  }
  absl::StatusOr<v1::ListHeldResponse> ListHeld(const v1::ListHeldRequest&) override {
    return v1::ListHeldResponse();
  }
  absl::StatusOr<v1::GetStatusResponse> GetStatus(const v1::GetStatusRequest&) override {
    v1::GetStatusResponse status;
    status.add_hubs()->set_endpoint(words_);
    return status;
  }
  absl::Status Follow(const v1::FollowRequest&, const common::Stopper&,
                      const EachFollow&) override {
    return absl::OkStatus();
  }
  absl::Status ListOids(const EachOid&) override { return absl::OkStatus(); }

 private:
  const std::string words_;
};

}  // namespace

// Input: words of the hub, \x01, a path, \x01, the value of every query parameter.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  const size_t first = input.find('\x01');
  const size_t second = first == std::string::npos ? first : input.find('\x01', first + 1);
  EchoReader reader(input.substr(0, first));
  evaluator::SiteOptions options;
  options.config.set_base_url("http://127.0.0.1:1");
  const evaluator::Site site(reader, options);
  evaluator::Request request;
  request.path = second == std::string::npos ? "/" : input.substr(first + 1, second - first - 1);
  for (const char* name : {"before", "after", "limit", "severity", "id"}) {
    if (second != std::string::npos) request.query[name] = input.substr(second + 1);
  }
  for (const std::string& path : {request.path, std::string("/alerts/1"), std::string("/"),
                                  std::string("/releases/h/x"), std::string("/feed.atom")}) {
    evaluator::Request one = request;
    one.path = path;
    const evaluator::Response response = site.Handle(one);
    const bool is_page = response.content_type.find("html") != std::string::npos;
    if (is_page && response.body.find("<script") != std::string::npos) std::abort();
    if (is_page && response.body.find("\u202E") != std::string::npos) std::abort();
  }
  const std::string escaped = evaluator::Escape(input);
  if (escaped.find_first_of("<>\"'") != std::string::npos) std::abort();
  return 0;
}
