// SPDX-License-Identifier: Apache-2.0
#include "indexer/client/remote_index.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <algorithm>
#include <utility>

#include "common/rpc/status_grpc.h"
#include "common/status_macros.h"
#include "modelwatch/v1/budget.grpc.pb.h"
#include "modelwatch/v1/frontier.grpc.pb.h"
#include "modelwatch/v1/ingest.grpc.pb.h"
#include "modelwatch/v1/query.grpc.pb.h"
#include "modelwatch/v1/read.grpc.pb.h"
#include "modelwatch/v1/scan.grpc.pb.h"

namespace modelwatch::indexer {
namespace {

// A stream is silent for at most a second while its server lives (progress marks); longer than this
// means that it is gone.
constexpr absl::Duration kStreamSilence = absl::Seconds(15);

// How often a follower looks at its stopper, at most.
constexpr absl::Duration kStopperPause = absl::Milliseconds(100);

// All oids of a hub: 50 bytes each, 10 million of them within a minute on one core.
constexpr absl::Duration kListDeadline = absl::Minutes(5);

absl::Status Stopped() { return absl::UnavailableError("the index of this process has stopped"); }

class RemoteIndex final : public Index {
 public:
  RemoteIndex(const std::shared_ptr<grpc::Channel>& channel, ConnectOptions options,
              std::shared_ptr<CallGate> gate)
      : options_(std::move(options)),
        gate_(std::move(gate)),
        read_(v1::Read::NewStub(channel)),
        query_(v1::Query::NewStub(channel)),
        ingest_(v1::Ingest::NewStub(channel)),
        frontier_(v1::Frontier::NewStub(channel)),
        budgets_(v1::Budgets::NewStub(channel)),
        scan_(v1::Scan::NewStub(channel)) {}

  absl::StatusOr<v1::GetHeadsResponse> GetHeads(const v1::GetHeadsRequest& request) override {
    return Read(request, &v1::Read::Stub::GetHeads);
  }
  absl::StatusOr<v1::GetReleaseResponse> GetRelease(const v1::GetReleaseRequest& request) override {
    return Read(request, &v1::Read::Stub::GetRelease);
  }
  absl::StatusOr<v1::GetHistoryResponse> GetHistory(const v1::GetHistoryRequest& request) override {
    return Read(request, &v1::Read::Stub::GetHistory);
  }
  absl::StatusOr<v1::GetBlobResponse> GetBlob(const v1::GetBlobRequest& request) override {
    return Read(request, &v1::Read::Stub::GetBlob);
  }
  absl::StatusOr<v1::GetVersionsResponse> GetVersions(
      const v1::GetVersionsRequest& request) override {
    return Read(request, &v1::Read::Stub::GetVersions);
  }
  absl::StatusOr<v1::GetBlobsResponse> GetBlobs(const v1::GetBlobsRequest& request) override {
    return Read(request, &v1::Read::Stub::GetBlobs);
  }
  absl::StatusOr<v1::GetFindingsResponse> GetFindings(
      const v1::GetFindingsRequest& request) override {
    return Read(request, &v1::Read::Stub::GetFindings);
  }
  absl::StatusOr<v1::ListReleasesResponse> ListReleases(
      const v1::ListReleasesRequest& request) override {
    return Read(request, &v1::Read::Stub::ListReleases);
  }
  absl::StatusOr<v1::FindReleasesResponse> FindReleases(
      const v1::FindReleasesRequest& request) override {
    return Call<v1::FindReleasesResponse>(*query_, request, &v1::Query::Stub::FindReleases,
                                          options_.read_deadline);
  }
  absl::StatusOr<v1::ListDerivativesResponse> ListDerivatives(
      const v1::ListDerivativesRequest& request) override {
    return Read(request, &v1::Read::Stub::ListDerivatives);
  }
  absl::StatusOr<v1::ListAlertsResponse> ListAlerts(const v1::ListAlertsRequest& request) override {
    return Read(request, &v1::Read::Stub::ListAlerts);
  }
  absl::StatusOr<v1::ListHeldResponse> ListHeld(const v1::ListHeldRequest& request) override {
    return Read(request, &v1::Read::Stub::ListHeld);
  }
  absl::StatusOr<v1::GetStatusResponse> GetStatus(const v1::GetStatusRequest& request) override {
    return Read(request, &v1::Read::Stub::GetStatus);
  }
  absl::StatusOr<v1::PutBatchResponse> PutBatch(const v1::PutBatchRequest& request) override {
    return Call<v1::PutBatchResponse>(*ingest_, request, &v1::Ingest::Stub::PutBatch,
                                      options_.write_deadline);
  }
  absl::StatusOr<v1::PutAssessmentsResponse> PutAssessments(
      const v1::PutAssessmentsRequest& request) override {
    return Call<v1::PutAssessmentsResponse>(*ingest_, request, &v1::Ingest::Stub::PutAssessments,
                                            options_.write_deadline);
  }
  absl::StatusOr<v1::DeclareHubResponse> DeclareHub(const v1::DeclareHubRequest& request) override {
    return Call<v1::DeclareHubResponse>(*frontier_, request, &v1::Frontier::Stub::DeclareHub,
                                        options_.write_deadline);
  }
  absl::StatusOr<v1::LeaseWorkResponse> LeaseWork(const v1::LeaseWorkRequest& request) override {
    return Call<v1::LeaseWorkResponse>(*frontier_, request, &v1::Frontier::Stub::LeaseWork,
                                       options_.write_deadline);
  }
  absl::StatusOr<v1::FinishWorkResponse> FinishWork(const v1::FinishWorkRequest& request) override {
    return Call<v1::FinishWorkResponse>(*frontier_, request, &v1::Frontier::Stub::FinishWork,
                                        options_.write_deadline);
  }
  absl::StatusOr<v1::ShareBudgetResponse> ShareBudget(
      const v1::ShareBudgetRequest& request) override {
    return Call<v1::ShareBudgetResponse>(*budgets_, request, &v1::Budgets::Stub::ShareBudget,
                                         options_.write_deadline);
  }

  absl::Status Follow(const v1::FollowRequest& request, const common::Stopper& stopper,
                      const EachFollow& each) override {
    return Stream(*read_, request, &v1::Read::Stub::PrepareAsyncFollow, stopper, each);
  }
  absl::Status ScanVersions(const v1::ScanVersionsRequest& request, const common::Stopper& stopper,
                            const EachVersions& each) override {
    return Stream(*scan_, request, &v1::Scan::Stub::PrepareAsyncScanVersions, stopper, each);
  }
  absl::Status ScanLog(const v1::ScanLogRequest& request, const common::Stopper& stopper,
                       const EachEntries& each) override {
    return Stream(*scan_, request, &v1::Scan::Stub::PrepareAsyncScanLog, stopper, each);
  }
  absl::Status ListOids(const EachOid& each) override;

 private:
  template <typename Response, typename Stub, typename Request>
  absl::StatusOr<Response> Call(Stub& stub, const Request& request,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                absl::Duration deadline) {
    const CallGate::Pass pass(gate_.get());
    if (!pass.open()) return Stopped();
    grpc::ClientContext context;
    common::PrepareCall(context, deadline, options_.token);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return common::FromGrpc(status, context);
    return response;
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Read(const Request& request,
                                grpc::Status (v1::Read::Stub::*method)(grpc::ClientContext*,
                                                                       const Request&, Response*)) {
    return Call<Response>(*read_, request, method, options_.read_deadline);
  }

  // Calls `each` for every message of the stream until one of them ends it.
  template <typename Stub, typename Request, typename Response, typename Each>
  absl::Status Stream(Stub& stub, const Request& request,
                      std::unique_ptr<grpc::ClientAsyncReader<Response>> (Stub::*method)(
                          grpc::ClientContext*, const Request&, grpc::CompletionQueue*),
                      const common::Stopper& stopper, const Each& each);

  const ConnectOptions options_;
  const std::shared_ptr<CallGate> gate_;  // null for a socket
  const std::unique_ptr<v1::Read::Stub> read_;
  const std::unique_ptr<v1::Query::Stub> query_;
  const std::unique_ptr<v1::Ingest::Stub> ingest_;
  const std::unique_ptr<v1::Frontier::Stub> frontier_;
  const std::unique_ptr<v1::Budgets::Stub> budgets_;
  const std::unique_ptr<v1::Scan::Stub> scan_;
};

// Waits for the one operation under way on `queue`. False when it failed, i.e. the stream ended.
// Cancels the call when it is time to stop, or when the server fell silent.
bool Await(grpc::CompletionQueue& queue, grpc::ClientContext& context,
           const common::Stopper& stopper) {
  const absl::Time silent_since = absl::Now();
  bool cancelled = false;
  while (true) {
    void* tag = nullptr;
    bool ok = false;
    const auto wake = std::chrono::system_clock::now() + absl::ToChronoMicroseconds(kStopperPause);
    if (queue.AsyncNext(&tag, &ok, wake) == grpc::CompletionQueue::GOT_EVENT) return ok;
    const bool silent = absl::Now() - silent_since > kStreamSilence;
    if (!cancelled && (stopper.stopped() || silent)) {
      context.TryCancel();
      cancelled = true;
    }
  }
}

template <typename Stub, typename Request, typename Response, typename Each>
absl::Status RemoteIndex::Stream(Stub& stub, const Request& request,
                                 std::unique_ptr<grpc::ClientAsyncReader<Response>> (Stub::*method)(
                                     grpc::ClientContext*, const Request&, grpc::CompletionQueue*),
                                 const common::Stopper& stopper, const Each& each) {
  const CallGate::Pass pass(gate_.get());
  if (!pass.open()) return Stopped();
  grpc::ClientContext context;
  common::PrepareCall(context, absl::InfiniteDuration(), options_.token);
  grpc::CompletionQueue queue;
  const auto reader = (stub.*method)(&context, request, &queue);
  reader->StartCall(nullptr);
  bool open = Await(queue, context, stopper);
  bool wanted = true;
  Response response;
  while (open && !stopper.stopped()) {
    reader->Read(&response, nullptr);
    open = Await(queue, context, stopper);
    if (open) wanted = each(response);
    if (!wanted) break;
  }
  const bool ours = !wanted || stopper.stopped();
  if (ours) context.TryCancel();
  grpc::Status status;
  reader->Finish(&status, nullptr);
  Await(queue, context, stopper);
  if (ours) return absl::OkStatus();
  if (status.error_code() == grpc::StatusCode::CANCELLED) {
    return absl::UnavailableError("read the log: the indexer fell silent or stopped; ask again");
  }
  return common::FromGrpc(status, context);
}

absl::Status RemoteIndex::ListOids(const EachOid& each) {
  const CallGate::Pass pass(gate_.get());
  if (!pass.open()) return Stopped();
  grpc::ClientContext context;
  common::PrepareCall(context, kListDeadline, options_.token);
  const auto reader = read_->ListOids(&context, v1::ListOidsRequest());
  v1::ListOidsResponse response;
  while (reader->Read(&response)) {
    if (response.oids_size() != response.digests_size()) {
      return absl::InternalError("list oids: the index sent another number of digests than oids");
    }
    for (int i = 0; i < response.oids_size(); ++i) each(response.oids(i), response.digests(i));
  }
  return common::FromGrpc(reader->Finish(), context);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Index>> Connect(const std::string& target,
                                               const ConnectOptions& options) {
  common::ChannelOptions channel_options;
  channel_options.tls = options.tls;
  channel_options.max_message_bytes = kMaxMessageBytes;
  ASSIGN_OR_RETURN(auto channel, common::OpenChannel(target, channel_options));
  return IndexOver(std::move(channel), options);
}

std::unique_ptr<Index> IndexOver(std::shared_ptr<grpc::Channel> channel,
                                 const ConnectOptions& options, std::shared_ptr<CallGate> gate) {
  return std::make_unique<RemoteIndex>(channel, options, std::move(gate));
}

absl::Duration RetryDelay(const absl::Status& status) {
  return absl::Milliseconds(common::TrailerNumber(status, common::kRetryDelayMs, 100));
}

uint64_t OldestSequence(const absl::Status& status) {
  return static_cast<uint64_t>(common::TrailerNumber(status, common::kOldestSequence, 0));
}

}  // namespace modelwatch::indexer
