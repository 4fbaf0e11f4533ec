// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/replay_hub.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "replay_hub/content_route.h"
#include "replay_hub/cursor.h"
#include "replay_hub/gzip.h"
#include "replay_hub/router.h"

namespace modelwatch::replay_hub {
namespace {

constexpr size_t kGzipFromBytes = 1024;
constexpr char kExposed[] =
    "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,"
    "Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash";

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 7231).
std::string HttpDate(int64_t micros) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", common::FromMicros(micros),
                          absl::UTCTimeZone());
}

// W/"a27-..." as Express makes it: length in hex, then 27 characters of base64 of a SHA-1. The
// digest is git's, not a bare SHA-1: clients compare, they do not recompute.
std::string WeakEtag(std::string_view body) {
  const std::string raw = *common::FromHex(common::GitBlobOid(body));
  return absl::StrFormat("W/\"%x-%s\"", body.size(), Base64(raw).substr(0, 27));
}

void CompressIfAccepted(const Request& request, Response& response) {
  if (response.Get("Content-Type").substr(0, 16) != "application/json") return;
  response.Set("Vary", "Origin, Accept-Encoding");
  if (response.body.size() < kGzipFromBytes) return;
  if (!AcceptsGzip(request.Get("accept-encoding"))) return;
  response.body = Gzip(response.body);
  response.Set("Content-Encoding", "gzip");
}

}  // namespace

ReplayHub::ReplayHub(World& world, const common::Clock& clock, ReplayHubOptions options)
    : world_(world),
      options_(std::move(options)),
      clock_(world, clock, options_.clock),
      quotas_(options_.quotas, clock),
      door_(world, clock_, quotas_, counters_, faults_) {
  for (const Fault& fault : options_.faults) faults_.Add(fault);
}

void ReplayHub::SendWebhooksTo(WebhookEmitter& emitter, std::string origin) {
  webhooks_ = &emitter;
  origin_ = std::move(origin);
  clock_.TakeApplied();
}

Response ReplayHub::Handle(const Request& request) {
  if (ControlDoor::IsControl(request)) {
    Response answer = door_.Handle(request);
    EmitWebhooks();
    return answer;
  }
  clock_.Now();
  const RouteContext context{request,
                             Query(request.query),
                             CredentialOf(request, options_.hub),
                             options_.hub,
                             world_,
                             clock_,
                             counters_,
                             OriginOf(request)};
  if (request.path.compare(0, kStoragePrefix.size(), kStoragePrefix) == 0) {
    Response response = Storage(context);
    response.Set("Date", HttpDate(clock_.Now()));
    counters_.OnAnswer(response.status);
    return response;
  }
  const Bucket bucket = BucketOf(request.path);
  const QuotaWindows::Grant grant =
      quotas_.Take(context.credential.identity, context.credential.has_token(), bucket);
  const std::optional<Fault> fault =
      grant.admitted ? faults_.Take(request) : std::optional<Fault>();
  if (fault) counters_.OnFault();
  Response response =
      grant.admitted ? Answer(context, bucket, fault)
                     : RateLimited(context.credential.has_token(), request.peer, bucket, grant);
  response.Set("RateLimit", RateLimitText(bucket, grant));
  response.Set("RateLimit-Policy", RateLimitPolicyText(bucket, grant));
  response.Set("Date", HttpDate(clock_.Now()));
  response.Set("X-Powered-By", "huggingface-moon");
  response.Set("X-Request-Id",
               absl::StrFormat("Root=1-%08x-%024x", clock_.Now() / 1'000'000, ++request_number_));
  response.Set("Access-Control-Expose-Headers", kExposed);
  if (context.credential.kind == Credential::Kind::kAnonymous) {
    response.Set("X-HF-Warning",
                 "unauthenticated; You are sending unauthenticated requests to the HF Hub.");
  }
  counters_.OnAnswer(response.status);
  EmitWebhooks();
  return response;
}

Response ReplayHub::Answer(const RouteContext& context, Bucket bucket,
                           const std::optional<Fault>& fault) {
  if (fault) {
    if (auto instead = AnswerInstead(*fault, context.request)) return *std::move(instead);
  }
  Response response = Route(context);
  if (fault) SpoilContent(*fault, response);
  if (bucket == Bucket::kApi && response.status == 200)
    response.Set("ETag", WeakEtag(response.body));
  CompressIfAccepted(context.request, response);
  if (fault) SpoilWire(*fault, response);
  return response;
}

void ReplayHub::EmitWebhooks() {
  if (webhooks_ == nullptr) return;
  for (const World::Applied& applied : clock_.TakeApplied()) {
    webhooks_->Offer(WebhookBody(applied, origin_));
  }
}

}  // namespace modelwatch::replay_hub
