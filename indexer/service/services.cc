// SPDX-License-Identifier: Apache-2.0
#include "indexer/service/services.h"

#include <grpcpp/server_context.h>

#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/server.h"
#include "common/rpc/status_grpc.h"
#include "common/status_macros.h"
#include "common/stopper.h"
#include "indexer/service/as_of_reads.h"
#include "indexer/service/backup.h"
#include "indexer/service/follow.h"
#include "indexer/service/query.h"
#include "indexer/service/reads.h"
#include "indexer/service/scan.h"
#include "modelwatch/v1/backup.grpc.pb.h"
#include "modelwatch/v1/budget.grpc.pb.h"
#include "modelwatch/v1/frontier.grpc.pb.h"
#include "modelwatch/v1/ingest.grpc.pb.h"
#include "modelwatch/v1/query.grpc.pb.h"
#include "modelwatch/v1/read.grpc.pb.h"
#include "modelwatch/v1/record.grpc.pb.h"
#include "modelwatch/v1/scan.grpc.pb.h"

namespace modelwatch::indexer {
namespace {

// Of calls that brought no deadline of their own.
constexpr absl::Duration kLongestWrite = absl::Seconds(60);

absl::Time DeadlineOf(const grpc::ServerContext& context) {
  return std::min(absl::FromChrono(context.deadline()), absl::Now() + kLongestWrite);
}

// What all services do around a call.
class Door {
 public:
  explicit Door(const ServiceParts& parts) : parts_(parts) {}

  [[nodiscard]] const ServiceParts& parts() const { return parts_; }
  [[nodiscard]] const common::Stopper& stopper() const { return stopper_; }
  void EndStreams() { stopper_.Stop(); }

  [[nodiscard]] absl::Status Admit(const grpc::ServerContext& context) const {
    if (parts_.token.empty()) return absl::OkStatus();
    const auto found = context.client_metadata().find("authorization");
    const bool matches = found != context.client_metadata().end() &&
                         common::BearerTokenMatches(
                             std::string(found->second.data(), found->second.size()), parts_.token);
    if (matches) return absl::OkStatus();
    return absl::UnauthenticatedError("the index asks for a token; set MODELWATCH_TOKEN to it");
  }

  // Writes the trailers of a refusal and counts it.
  grpc::Status Answer(grpc::ServerContext& context, const char* method,
                      const absl::Status& status) const {
    parts_.metrics->Count("modelwatch_rpc_total", "Calls answered, by method and code.",
                          {{"method", method}, {"code", absl::StatusCodeToString(status.code())}});
    if (absl::IsResourceExhausted(status)) {
      context.AddTrailingMetadata(common::kRetryDelayMs,
                                  absl::StrCat(absl::ToInt64Milliseconds(kRetryDelay)));
    }
    const int64_t oldest = common::TrailerNumber(status, common::kOldestSequence, -1);
    if (oldest >= 0) context.AddTrailingMetadata(common::kOldestSequence, absl::StrCat(oldest));
    return common::ToGrpc(status);
  }

  // Admits, runs `call` and takes its answer.
  template <typename Response, typename Call>
  grpc::Status Handle(grpc::ServerContext& context, const char* method, Response& response,
                      const Call& call) const {
    absl::Status status = Admit(context);
    if (!status.ok()) return Answer(context, method, status);
    absl::StatusOr<Response> answer = call();
    if (answer.ok()) response.Swap(&*answer);
    return Answer(context, method, answer.status());
  }

  template <typename Response, typename Request>
  grpc::Status Read(grpc::ServerContext& context, const char* method, const Request& request,
                    Response& response,
                    absl::StatusOr<Response> (*read)(const View&, const Request&)) const {
    return Handle(context, method, response,
                  [&] { return read(*parts_.store->Snapshot(), request); });
  }

  template <typename Response, typename Request>
  grpc::Status Write(grpc::ServerContext& context, const char* method, const Request& request,
                     Response& response,
                     absl::StatusOr<Response> (Committer::*write)(const Request&,
                                                                  absl::Time)) const {
    return Handle(context, method, response, [&]() -> absl::StatusOr<Response> {
      if (parts_.committer == nullptr) {
        return absl::FailedPreconditionError(
            "the index was opened read-only; start modelwatch index or run to write");
      }
      return (parts_.committer->*write)(request, DeadlineOf(context));
    });
  }

 private:
  const ServiceParts parts_;
  common::Stopper stopper_;
};

class IngestService final : public v1::Ingest::Service {
 public:
  explicit IngestService(const Door& door) : door_(door) {}

  grpc::Status PutBatch(grpc::ServerContext* context, const v1::PutBatchRequest* request,
                        v1::PutBatchResponse* response) override {
    return door_.Write(*context, "PutBatch", *request, *response, &Committer::PutBatch);
  }
  grpc::Status PutAssessments(grpc::ServerContext* context,
                              const v1::PutAssessmentsRequest* request,
                              v1::PutAssessmentsResponse* response) override {
    return door_.Write(*context, "PutAssessments", *request, *response, &Committer::PutAssessments);
  }

 private:
  const Door& door_;
};

class FrontierService final : public v1::Frontier::Service {
 public:
  explicit FrontierService(const Door& door) : door_(door) {}

  grpc::Status DeclareHub(grpc::ServerContext* context, const v1::DeclareHubRequest* request,
                          v1::DeclareHubResponse* response) override {
    return door_.Write(*context, "DeclareHub", *request, *response, &Committer::DeclareHub);
  }
  grpc::Status LeaseWork(grpc::ServerContext* context, const v1::LeaseWorkRequest* request,
                         v1::LeaseWorkResponse* response) override {
    return door_.Write(*context, "LeaseWork", *request, *response, &Committer::LeaseWork);
  }
  grpc::Status FinishWork(grpc::ServerContext* context, const v1::FinishWorkRequest* request,
                          v1::FinishWorkResponse* response) override {
    return door_.Write(*context, "FinishWork", *request, *response, &Committer::FinishWork);
  }

 private:
  const Door& door_;
};

class BudgetService final : public v1::Budgets::Service {
 public:
  explicit BudgetService(const Door& door) : door_(door) {}

  grpc::Status ShareBudget(grpc::ServerContext* context, const v1::ShareBudgetRequest* request,
                           v1::ShareBudgetResponse* response) override {
    return door_.Write(*context, "ShareBudget", *request, *response, &Committer::ShareBudget);
  }

 private:
  const Door& door_;
};

class BackupService final : public v1::Backups::Service {
 public:
  explicit BackupService(const Door& door) : door_(door) {}

  grpc::Status TakeBackup(grpc::ServerContext* context, const v1::TakeBackupRequest* request,
                          v1::TakeBackupResponse* response) override {
    const auto give_up = [&] { return door_.stopper().stopped() || context->IsCancelled(); };
    return door_.Handle(*context, "TakeBackup", *response, [&] {
      return AnswerTakeBackup(*door_.parts().backed_up, *request, give_up);
    });
  }

 private:
  const Door& door_;
};

class ReadService final : public v1::Read::Service {
 public:
  explicit ReadService(const Door& door) : door_(door) {}

  grpc::Status GetHeads(grpc::ServerContext* context, const v1::GetHeadsRequest* request,
                        v1::GetHeadsResponse* response) override {
    return door_.Read(*context, "GetHeads", *request, *response, &ReadHeads);
  }
  grpc::Status GetRelease(grpc::ServerContext* context, const v1::GetReleaseRequest* request,
                          v1::GetReleaseResponse* response) override {
    return door_.Read(*context, "GetRelease", *request, *response, &ReadRelease);
  }
  grpc::Status GetHistory(grpc::ServerContext* context, const v1::GetHistoryRequest* request,
                          v1::GetHistoryResponse* response) override {
    return door_.Read(*context, "GetHistory", *request, *response, &ReadHistory);
  }
  grpc::Status GetBlob(grpc::ServerContext* context, const v1::GetBlobRequest* request,
                       v1::GetBlobResponse* response) override {
    return door_.Read(*context, "GetBlob", *request, *response, &ReadBlob);
  }
  grpc::Status GetVersions(grpc::ServerContext* context, const v1::GetVersionsRequest* request,
                           v1::GetVersionsResponse* response) override {
    return door_.Read(*context, "GetVersions", *request, *response, &ReadVersions);
  }
  grpc::Status GetBlobs(grpc::ServerContext* context, const v1::GetBlobsRequest* request,
                        v1::GetBlobsResponse* response) override {
    return door_.Read(*context, "GetBlobs", *request, *response, &ReadBlobs);
  }
  grpc::Status GetFindings(grpc::ServerContext* context, const v1::GetFindingsRequest* request,
                           v1::GetFindingsResponse* response) override {
    return door_.Read(*context, "GetFindings", *request, *response, &ReadFindings);
  }
  grpc::Status ListReleases(grpc::ServerContext* context, const v1::ListReleasesRequest* request,
                            v1::ListReleasesResponse* response) override {
    return door_.Read(*context, "ListReleases", *request, *response, &ReadReleases);
  }
  grpc::Status ListDerivatives(grpc::ServerContext* context,
                               const v1::ListDerivativesRequest* request,
                               v1::ListDerivativesResponse* response) override {
    return door_.Read(*context, "ListDerivatives", *request, *response, &ReadDerivatives);
  }
  grpc::Status ListAlerts(grpc::ServerContext* context, const v1::ListAlertsRequest* request,
                          v1::ListAlertsResponse* response) override {
    return door_.Read(*context, "ListAlerts", *request, *response, &ReadAlerts);
  }
  grpc::Status ListHeld(grpc::ServerContext* context, const v1::ListHeldRequest*,
                        v1::ListHeldResponse* response) override {
    return door_.Handle(*context, "ListHeld", *response,
                        [this] { return ReadHeld(*door_.parts().store->Snapshot()); });
  }
  grpc::Status GetStatus(grpc::ServerContext* context, const v1::GetStatusRequest* request,
                         v1::GetStatusResponse* response) override {
    return door_.Handle(*context, "GetStatus", *response, [&] {
      return ReadStatus(*door_.parts().store->Snapshot(), *request,
                        common::ToMicros(door_.parts().clock->Now()));
    });
  }

  grpc::Status Follow(grpc::ServerContext* context, const v1::FollowRequest* request,
                      grpc::ServerWriter<v1::FollowResponse>* writer) override {
    absl::Status status = door_.Admit(*context);
    if (!status.ok()) return door_.Answer(*context, "Follow", status);
    FollowPort port;
    port.send = [writer](const v1::FollowResponse& message) { return writer->Write(message); };
    port.ended = [this, context] { return door_.stopper().stopped() || context->IsCancelled(); };
    port.wait = [this](uint64_t sequence, absl::Duration timeout) { Wait(sequence, timeout); };
    status = FollowLog(*door_.parts().store, *request, port);
    if (status.ok() && door_.stopper().stopped() && !request->until_now()) {
      status = absl::UnavailableError("the index is stopping; follow again once it is back");
    }
    return door_.Answer(*context, "Follow", status);
  }

  grpc::Status ListOids(grpc::ServerContext* context, const v1::ListOidsRequest*,
                        grpc::ServerWriter<v1::ListOidsResponse>* writer) override {
    absl::Status status = door_.Admit(*context);
    if (!status.ok()) return door_.Answer(*context, "ListOids", status);
    status = ReadOids(*door_.parts().store->Snapshot(), [&](const v1::ListOidsResponse& chunk) {
      return !door_.stopper().stopped() && writer->Write(chunk);
    });
    return door_.Answer(*context, "ListOids", status);
  }

 private:
  void Wait(uint64_t sequence, absl::Duration timeout) const {
    if (door_.parts().committer == nullptr) {
      door_.stopper().WaitFor(timeout);
    } else {
      static_cast<void>(door_.parts().committer->WaitForNewer(sequence, timeout));
    }
  }

  const Door& door_;
};

class QueryService final : public v1::Query::Service {
 public:
  explicit QueryService(const Door& door) : door_(door) {}

  grpc::Status FindReleases(grpc::ServerContext* context, const v1::FindReleasesRequest* request,
                            v1::FindReleasesResponse* response) override {
    return door_.Read(*context, "FindReleases", *request, *response, &ReadFound);
  }

 private:
  const Door& door_;
};

class ScanService final : public v1::Scan::Service {
 public:
  explicit ScanService(const Door& door) : door_(door) {}

  grpc::Status ScanVersions(grpc::ServerContext* context, const v1::ScanVersionsRequest* request,
                            grpc::ServerWriter<v1::ScanVersionsResponse>* writer) override {
    return Stream(*context, "ScanVersions", *request, *writer, &indexer::ScanVersions);
  }
  grpc::Status ScanLog(grpc::ServerContext* context, const v1::ScanLogRequest* request,
                       grpc::ServerWriter<v1::ScanLogResponse>* writer) override {
    return Stream(*context, "ScanLog", *request, *writer, &indexer::ScanLog);
  }

 private:
  template <typename Request, typename Response>
  grpc::Status Stream(grpc::ServerContext& context, const char* method, const Request& request,
                      grpc::ServerWriter<Response>& writer,
                      absl::Status (*scan)(const Store&, const Request&,
                                           const std::function<bool(const Response&)>&)) const {
    absl::Status status = door_.Admit(context);
    if (!status.ok()) return door_.Answer(context, method, status);
    status = scan(*door_.parts().store, request, [&](const Response& chunk) {
      return !door_.stopper().stopped() && writer.Write(chunk);
    });
    if (status.ok() && door_.stopper().stopped()) {
      status = absl::UnavailableError("the index is stopping; scan again once it is back");
    }
    return door_.Answer(context, method, status);
  }

  const Door& door_;
};

class RecordService final : public v1::Record::Service {
 public:
  explicit RecordService(const Door& door) : door_(door) {}

  grpc::Status GetReleaseAsOf(grpc::ServerContext* context,
                              const v1::GetReleaseAsOfRequest* request,
                              v1::GetReleaseAsOfResponse* response) override {
    return Read(*context, "GetReleaseAsOf", *request, *response, &ReadReleaseAsOf);
  }
  grpc::Status GetHistoryAsOf(grpc::ServerContext* context,
                              const v1::GetHistoryAsOfRequest* request,
                              v1::GetHistoryAsOfResponse* response) override {
    return Read(*context, "GetHistoryAsOf", *request, *response, &ReadHistoryAsOf);
  }
  grpc::Status ListAlertsAsOf(grpc::ServerContext* context,
                              const v1::ListAlertsAsOfRequest* request,
                              v1::ListAlertsAsOfResponse* response) override {
    return Read(*context, "ListAlertsAsOf", *request, *response, &ReadAlertsAsOf);
  }

 private:
  template <typename Response, typename Request>
  grpc::Status Read(grpc::ServerContext& context, const char* method, const Request& request,
                    Response& response,
                    absl::StatusOr<Response> (*read)(const View&, const Request&, int64_t)) const {
    return door_.Handle(context, method, response, [&] {
      const int64_t now_us = common::ToMicros(door_.parts().clock->Now());
      return read(*door_.parts().store->Snapshot(), request, now_us);
    });
  }

  const Door& door_;
};

}  // namespace

struct Services::State {
  explicit State(const ServiceParts& parts)
      : door(parts),
        ingest(door),
        frontier(door),
        budgets(door),
        backups(door),
        read(door),
        query(door),
        scan(door),
        record(door) {}
  Door door;
  IngestService ingest;
  FrontierService frontier;
  BudgetService budgets;
  BackupService backups;
  ReadService read;
  QueryService query;
  ScanService scan;
  RecordService record;
};

Services::Services(const ServiceParts& parts) : state_(std::make_unique<State>(parts)) {}
Services::~Services() = default;

std::vector<grpc::Service*> Services::all() const {
  std::vector<grpc::Service*> all = {&state_->ingest, &state_->frontier, &state_->budgets,
                                     &state_->read,   &state_->query,    &state_->scan,
                                     &state_->record};
  if (state_->door.parts().backed_up != nullptr) all.push_back(&state_->backups);
  return all;
}

void Services::EndStreams() { state_->door.EndStreams(); }

}  // namespace modelwatch::indexer
