// SPDX-License-Identifier: Apache-2.0
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <utility>

#include "common/rpc/channel.h"
#include "common/rpc/status_grpc.h"
#include "indexer/client/record.h"
#include "modelwatch/v1/record.grpc.pb.h"

namespace modelwatch::indexer {
namespace {

// A name that changed hands costs a walk over the heads of a hub: seconds at millions of releases.
constexpr absl::Duration kReadDeadline = absl::Minutes(1);

class RemoteRecord final : public Record {
 public:
  explicit RemoteRecord(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::Record::NewStub(channel)) {}

  absl::StatusOr<v1::GetReleaseAsOfResponse> GetReleaseAsOf(
      const v1::GetReleaseAsOfRequest& request) override {
    return Call(request, &v1::Record::Stub::GetReleaseAsOf, kReadDeadline);
  }
  absl::StatusOr<v1::GetHistoryAsOfResponse> GetHistoryAsOf(
      const v1::GetHistoryAsOfRequest& request) override {
    return Call(request, &v1::Record::Stub::GetHistoryAsOf, kReadDeadline);
  }
  absl::StatusOr<v1::ListAlertsAsOfResponse> ListAlertsAsOf(
      const v1::ListAlertsAsOfRequest& request) override {
    return Call(request, &v1::Record::Stub::ListAlertsAsOf, kReadDeadline);
  }

 private:
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(const Request& request,
                                grpc::Status (v1::Record::Stub::*method)(grpc::ClientContext*,
                                                                         const Request&, Response*),
                                absl::Duration deadline) {
    grpc::ClientContext context;
    common::PrepareCall(context, deadline, "");
    Response response;
    const grpc::Status status = ((*stub_).*method)(&context, request, &response);
    if (!status.ok()) return common::FromGrpc(status, context);
    return response;
  }

  const std::unique_ptr<v1::Record::Stub> stub_;
};

}  // namespace

std::unique_ptr<Record> RecordOver(std::shared_ptr<grpc::Channel> channel) {
  return std::make_unique<RemoteRecord>(channel);
}

}  // namespace modelwatch::indexer
