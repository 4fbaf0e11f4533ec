// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_client.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/http/address.h"
#include "common/http/curl_address.h"
#include "common/http/socket_watch.h"
#include "common/log.h"

namespace modelwatch::common {
namespace {

constexpr size_t kParserPadding = 64;
// Half the default's calls for a 1.5 MB page (373 to 711 pages/s a core, measured 2026-11).
constexpr long kBufferBytes = 100 * 1024;
constexpr size_t kMaxInFlight = 64;
constexpr char kEncodings[] = "gzip";

class CurlClient;

enum class Cut { kNone, kTooLarge, kHeaderTooLarge };

// What waits for a handle.
struct Asked {
  HttpRequest request;
  HttpClient::Done done;
  bool is_retry = false;
};

// What came of it so far.
struct Got {
  HttpResponse response;
  size_t header_bytes = 0;
  size_t content_length = 0;
  Cut cut = Cut::kNone;
  bool head_complete = false;
  bool address_refused = false;
};

// An easy handle and the transfer on it. The handle is used again and again and keeps the options
// that do not change: curl copies every text it is given, so setting them all costs a tenth of a
// small request.
struct Transfer {
  Asked asked;
  Got got;
  CURL* easy = nullptr;
  bool is_plain = false;  // holds all that a GET or HEAD needs and nothing of another method
  CurlClient* client = nullptr;
  CurlAddress address;
  std::vector<std::pair<std::string, std::string>> sent_headers;  // what `headers` were made of
  curl_slist* headers = nullptr;
  size_t position = 0;  // in the list of running ones
  char error[CURL_ERROR_SIZE] = {};
};

std::string_view TrimLine(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

// The final header is here: refuses a body that says it is too large, or makes room for it.
void CompleteHead(Transfer& transfer) {
  transfer.got.head_complete = true;
  const bool encoded = transfer.got.response.headers.Get("content-encoding").has_value();
  if (!encoded && transfer.got.content_length > transfer.asked.request.max_body_bytes) {
    transfer.got.cut = Cut::kTooLarge;
  } else {
    const size_t wanted =
        std::min(transfer.got.content_length, transfer.asked.request.max_body_bytes);
    transfer.got.response.body.reserve(wanted + kParserPadding);
  }
}

void ReadHeaderLine(Transfer& transfer, std::string_view line) {
  if (line.substr(0, 5) == "HTTP/") {  // also after a 1xx: only the last head counts
    transfer.got.response.headers.Clear();
    transfer.got.content_length = 0;
    const size_t space = line.find(' ');
    int status = 0;
    if (space != std::string_view::npos &&
        absl::SimpleAtoi(std::string(line.substr(space + 1, 3)), &status)) {
      transfer.got.response.status = status;
    }
    return;
  }
  if (line.empty()) {
    if (transfer.got.response.status >= 200 && !transfer.got.head_complete) CompleteHead(transfer);
    return;
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || transfer.got.head_complete) return;  // a trailer, or junk
  transfer.got.response.headers.Add(line.substr(0, colon), line.substr(colon + 1));
  if (transfer.got.response.headers.fields().back().first == "content-length") {
    uint64_t length = 0;
    if (absl::SimpleAtoi(transfer.got.response.headers.fields().back().second, &length)) {
      transfer.got.content_length = length;
    }
  }
}

size_t OnHeader(char* data, size_t size, size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const size_t bytes = size * count;
  transfer.got.header_bytes += bytes;
  if (transfer.got.header_bytes > transfer.asked.request.max_header_bytes) {
    transfer.got.cut = Cut::kHeaderTooLarge;
    return 0;
  }
  ReadHeaderLine(transfer, TrimLine(std::string_view(data, bytes)));
  // Ends the transfer before any of the body: an HTTP/2 stream, or an HTTP/1 connection.
  return transfer.got.cut == Cut::kNone ? bytes : 0;
}

size_t OnBody(char* data, size_t size, size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const size_t bytes = size * count;
  transfer.got.response.body_bytes += bytes;
  if (transfer.got.cut != Cut::kNone) return 0;
  std::string& body = transfer.got.response.body;
  if (body.size() + bytes > transfer.asked.request.max_body_bytes) {
    transfer.got.cut = Cut::kTooLarge;
    return 0;
  }
  if (body.capacity() < body.size() + bytes + kParserPadding) {
    body.reserve(std::max(body.capacity() * 2, body.size() + bytes + kParserPadding));
  }
  body.append(data, bytes);
  return bytes;
}

struct Trouble {
  absl::StatusCode code;
  const char* word;
};

Trouble TroubleOf(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return {absl::StatusCode::kDeadlineExceeded, "timeout"};
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      return {absl::StatusCode::kInvalidArgument, "bad_url"};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return {absl::StatusCode::kFailedPrecondition, "tls"};
    case CURLE_SSL_CONNECT_ERROR:
      return {absl::StatusCode::kUnavailable, "tls"};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {absl::StatusCode::kUnavailable, "dns"};
    case CURLE_COULDNT_CONNECT:
      return {absl::StatusCode::kUnavailable, "connect"};
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
      return {absl::StatusCode::kUnavailable, "reset"};
    case CURLE_PARTIAL_FILE:
      return {absl::StatusCode::kUnavailable, "cut_short"};
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WRITE_ERROR:
      return {absl::StatusCode::kUnavailable, "encoding"};
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return {absl::StatusCode::kUnavailable, "http2"};
    default:
      return {absl::StatusCode::kUnavailable, "other"};
  }
}

absl::Status ErrorOf(const Transfer& transfer, CURLcode code) {
  const HttpRequest& request = transfer.asked.request;
  std::string what =
      absl::StrFormat("%s %s: %s", request.method, OneLine(request.url, 120),
                      transfer.error[0] != '\0' ? transfer.error : curl_easy_strerror(code));
  Trouble trouble = TroubleOf(code);
  if (transfer.got.address_refused) {
    trouble = {absl::StatusCode::kPermissionDenied, "private_address"};
    what += " (a loopback or private address is not allowed)";
  } else if (transfer.got.cut == Cut::kHeaderTooLarge) {
    trouble = {absl::StatusCode::kInvalidArgument, "header_too_large"};
    what += " (the header is over its limit)";
  }
  return WithTrouble(absl::Status(trouble.code, what), trouble.word);
}

bool IsBrokenHttp2(CURLcode code) { return code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM; }

// A GET or a HEAD: most of what is ever asked.
bool IsPlain(const HttpRequest& request) {
  return request.body.empty() && (request.method == "GET" || request.method == "HEAD");
}

void AddHeader(Transfer& transfer, std::string_view name, std::string_view value) {
  const std::string line = absl::StrFormat("%s: %s", name, value);
  transfer.headers = curl_slist_append(transfer.headers, line.c_str());
}

bool Names(const HttpRequest& request, const char* name) {
  return std::any_of(request.headers.begin(), request.headers.end(), [name](const auto& header) {
    return absl::EqualsIgnoreCase(header.first, name);
  });
}

// What the caller gets.
absl::StatusOr<HttpResponse> ResultOf(Transfer& transfer, CURLcode code) {
  Got& got = transfer.got;
  if (got.cut == Cut::kTooLarge) {
    got.response.body_is = HttpBody::kTooLarge;
    got.response.body.clear();
    got.response.body_bytes = std::max(got.response.body_bytes, got.content_length);
    return std::move(got.response);
  }
  if (code != CURLE_OK || got.cut != Cut::kNone) return ErrorOf(transfer, code);
  return std::move(got.response);
}

// Fields grouped: constant after construction; the transfers.
class CurlClient final : public HttpClient {
 public:
  explicit CurlClient(CurlClientOptions options);
  ~CurlClient() override;
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  void Start(HttpRequest request, Done done) override {
    waiting_.push_back({std::move(request), std::move(done), false});
  }
  void Poll(absl::Duration timeout) override;
  void Wake() override {
    const uint64_t one = 1;
    // Fails only when it is full of wakes.
    [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
  }
  [[nodiscard]] size_t in_flight() const override {
    return waiting_.size() + running_.size() + failed_.size();
  }

 private:
  using Owned = std::unique_ptr<Transfer>;

  static curl_socket_t OnOpenSocket(void* user, curlsocktype type, curl_sockaddr* address);
  static int OnCloseSocket(void* user, curl_socket_t fd);
  static int OnInterest(CURL* easy, curl_socket_t fd, int what, void* user, void* socket);
  static int OnTimer(CURLM* multi, long timeout_ms, void* user);

  void Admit();
  bool ActOnTimer();
  bool ActOnSockets(absl::Duration timeout);
  void Launch(Owned transfer);
  [[nodiscard]] Owned TakeIdle();
  void Prepare(Transfer& transfer) const;
  void PrepareHandle(Transfer& transfer) const;
  static void PrepareMethod(Transfer& transfer);
  bool Reap();
  [[nodiscard]] Owned TakeRunning(CURL* easy);
  void Finish(Owned transfer, CURLcode code);

  const CurlClientOptions options_;
  CURLM* const multi_;
  const int wake_;

  SocketWatch sockets_;
  absl::Time timer_ = absl::InfiniteFuture();  // when curl wants to be called
  std::deque<Asked> waiting_;
  std::vector<Owned> running_;
  std::vector<std::pair<Owned, CURLcode>> failed_;  // refused by curl at the start
  std::vector<Owned> idle_;
};

CurlClient::CurlClient(CurlClientOptions options)
    : options_(std::move(options)),
      multi_([] {
        static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
        static_cast<void>(global);
        return curl_multi_init();
      }()),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  sockets_.Want(wake_, EPOLLIN);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &OnInterest);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &OnTimer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  // Pinned: the default follows the number of handles and shrinks on every dip.
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(kMaxInFlight));
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  curl_multi_setopt(multi_, CURLMOPT_MAX_CONCURRENT_STREAMS, 100L);
}

CurlClient::~CurlClient() {
  for (const Owned& transfer : running_) curl_multi_remove_handle(multi_, transfer->easy);
  for (auto& [transfer, code] : failed_) idle_.push_back(std::move(transfer));
  for (Owned& transfer : running_) idle_.push_back(std::move(transfer));
  for (const Owned& transfer : idle_) {
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
  }
  curl_multi_cleanup(multi_);
  close(wake_);
}

// Looks at the address that the name resolved to, so that a name cannot hide a private one.
curl_socket_t CurlClient::OnOpenSocket(void* user, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(user);
  CurlClient& client = *transfer.client;
  if (!client.options_.allow_private_addresses && IsPrivateAddress(address->addr)) {
    transfer.got.address_refused = true;
    return CURL_SOCKET_BAD;
  }
  const int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd >= 0) client.sockets_.Opened(fd);
  return fd;
}

int CurlClient::OnCloseSocket(void* user, curl_socket_t fd) {
  static_cast<CurlClient*>(user)->sockets_.Close(fd);
  return 0;
}

int CurlClient::OnInterest(CURL*, curl_socket_t fd, int what, void* user, void*) {
  const uint32_t events = what == CURL_POLL_REMOVE ? 0
                          : what == CURL_POLL_IN   ? EPOLLIN
                          : what == CURL_POLL_OUT  ? EPOLLOUT
                                                   : EPOLLIN | EPOLLOUT;
  static_cast<CurlClient*>(user)->sockets_.Want(fd, events);
  return 0;
}

int CurlClient::OnTimer(CURLM*, long timeout_ms, void* user) {
  static_cast<CurlClient*>(user)->timer_ =
      timeout_ms < 0 ? absl::InfiniteFuture() : absl::Now() + absl::Milliseconds(timeout_ms);
  return 0;
}

void CurlClient::Poll(absl::Duration timeout) {
  Admit();
  ActOnTimer();
  const bool any = Reap();
  if (ActOnSockets(any ? absl::ZeroDuration() : timeout)) Reap();
}

// curl starts what was added, and ends what took too long, when its timer runs out.
bool CurlClient::ActOnTimer() {
  if (absl::Now() < timer_) return false;
  timer_ = absl::InfiniteFuture();
  int running = 0;
  curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  return true;
}

bool CurlClient::ActOnSockets(absl::Duration timeout) {
  std::array<epoll_event, kMaxInFlight + 1> events{};
  const absl::Duration until_timer = std::max(timer_ - absl::Now(), absl::ZeroDuration());
  const auto wait_ms = absl::ToInt64Milliseconds(
      absl::Ceil(std::min({timeout, until_timer, absl::Minutes(1)}), absl::Milliseconds(1)));
  const int ready = epoll_wait(sockets_.poller(), events.data(), static_cast<int>(events.size()),
                               static_cast<int>(std::max<int64_t>(wait_ms, 0)));
  int running = 0;
  for (int i = 0; i < ready; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    const int fd = event.data.fd;
    if (fd == wake_) {
      uint64_t wakes = 0;
      [[maybe_unused]] const ssize_t got = read(wake_, &wakes, sizeof wakes);
      continue;
    }
    const uint32_t what = sockets_.Sift(fd, event.events);
    const int bits = ((what & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                     ((what & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                     ((what & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
    if (what != 0) curl_multi_socket_action(multi_, fd, bits, &running);
  }
  return ActOnTimer() || ready > 0;
}

void CurlClient::Admit() {
  const size_t limit = std::clamp<size_t>(options_.max_in_flight, 1, kMaxInFlight);
  while (!waiting_.empty() && running_.size() < limit) {
    Owned transfer = TakeIdle();
    transfer->asked = std::move(waiting_.front());
    waiting_.pop_front();
    Launch(std::move(transfer));
  }
}

CurlClient::Owned CurlClient::TakeIdle() {
  if (idle_.empty()) {
    auto transfer = std::make_unique<Transfer>();
    transfer->easy = curl_easy_init();
    transfer->client = this;
    return transfer;
  }
  Owned transfer = std::move(idle_.back());
  idle_.pop_back();
  return transfer;
}

void CurlClient::Launch(Owned transfer) {
  Prepare(*transfer);
  if (curl_multi_add_handle(multi_, transfer->easy) != CURLM_OK) {
    failed_.emplace_back(std::move(transfer), CURLE_FAILED_INIT);
    return;
  }
  transfer->position = running_.size();
  running_.push_back(std::move(transfer));
}

void CurlClient::Prepare(Transfer& transfer) const {
  const HttpRequest& request = transfer.asked.request;
  if (!transfer.is_plain) PrepareHandle(transfer);
  transfer.is_plain = IsPlain(request) && !transfer.asked.is_retry;
  transfer.got = {};
  transfer.error[0] = '\0';
  CURLU* const address = transfer.address.Set(request.url);
  curl_easy_setopt(transfer.easy, CURLOPT_CURLU, address);
  // Given as text, so that curl itself says what is wrong with it.
  if (address == nullptr) curl_easy_setopt(transfer.easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(transfer.easy, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(absl::ToInt64Milliseconds(request.timeout)));
  curl_easy_setopt(transfer.easy, CURLOPT_NOBODY, request.method == "HEAD" ? 1L : 0L);
  // To wait for a connection that may be shared is right for HTTP/2. Without TLS there is none, and
  // curl would send everything over one connection, one after the other.
  const bool is_tls = absl::StartsWith(request.url, "https:");
  curl_easy_setopt(transfer.easy, CURLOPT_PIPEWAIT, is_tls ? 1L : 0L);
  const bool has_headers = transfer.headers != nullptr && request.headers == transfer.sent_headers;
  if (transfer.is_plain && has_headers) return;
  curl_slist_free_all(std::exchange(transfer.headers, nullptr));
  if (!transfer.is_plain) PrepareMethod(transfer);
  for (const auto& [name, value] : request.headers) AddHeader(transfer, name, value);
  // As lines of their own: curl writes a header that it makes itself out twice, letter by letter.
  if (!Names(request, "user-agent")) AddHeader(transfer, "User-Agent", options_.user_agent);
  if (!Names(request, "accept-encoding")) AddHeader(transfer, "Accept-Encoding", kEncodings);
  transfer.sent_headers = request.headers;
  curl_easy_setopt(transfer.easy, CURLOPT_HTTPHEADER, transfer.headers);
}

// What stays from request to request.
void CurlClient::PrepareHandle(Transfer& transfer) const {
  CURL* const easy = transfer.easy;
  curl_easy_reset(easy);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kBufferBytes);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, kEncodings);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  if (!options_.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(absl::ToInt64Milliseconds(options_.connect_timeout)));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, options_.low_speed_bytes);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
                   static_cast<long>(absl::ToInt64Seconds(options_.low_speed_time)));
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &OnHeader);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &OnBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &OnOpenSocket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &OnCloseSocket);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, transfer.client);
  curl_slist_free_all(std::exchange(transfer.headers, nullptr));
  transfer.sent_headers.clear();
}

// What is no plain request.
void CurlClient::PrepareMethod(Transfer& transfer) {
  CURL* const easy = transfer.easy;
  const HttpRequest& request = transfer.asked.request;
  if (transfer.asked.is_retry) {
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 0L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  }
  if (IsPlain(request)) return;
  // "Expect: 100-continue" would cost a second on servers that ignore it.
  transfer.headers = curl_slist_append(transfer.headers, "Expect:");
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

// True when something was done.
bool CurlClient::Reap() {
  bool any = !failed_.empty();
  for (auto& [transfer, code] : std::exchange(failed_, {})) Finish(std::move(transfer), code);
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    CURL* const easy = message->easy_handle;
    curl_multi_remove_handle(multi_, easy);
    Finish(TakeRunning(easy), code);
    any = true;
  }
  return any;
}

CurlClient::Owned CurlClient::TakeRunning(CURL* easy) {
  char* user = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &user);
  const size_t at = reinterpret_cast<Transfer*>(user)->position;
  Owned transfer = std::move(running_[at]);
  if (at + 1 < running_.size()) {
    running_[at] = std::move(running_.back());
    running_[at]->position = at;
  }
  running_.pop_back();
  return transfer;
}

void CurlClient::Finish(Owned transfer, CURLcode code) {
  const bool broken = IsBrokenHttp2(code) && transfer->got.cut == Cut::kNone;
  if (broken && !transfer->asked.is_retry) {
    transfer->asked.is_retry = true;
    waiting_.push_front(std::move(transfer->asked));
    idle_.push_back(std::move(transfer));
    return;
  }
  absl::StatusOr<HttpResponse> result = ResultOf(*transfer, code);
  const Done done = std::move(transfer->asked.done);
  idle_.push_back(std::move(transfer));
  done(std::move(result));
}

}  // namespace

std::unique_ptr<HttpClient> NewCurlClient(CurlClientOptions options) {
  return std::make_unique<CurlClient>(std::move(options));
}

}  // namespace modelwatch::common
