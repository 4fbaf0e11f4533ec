// SPDX-License-Identifier: Apache-2.0
#include "bench/fetch/bare_load.h"

#include <curl/curl.h>

#include <vector>

#include "absl/time/clock.h"

namespace modelwatch::bench {
namespace {

size_t Drop(char*, size_t size, size_t count, void*) { return size * count; }

CURL* NewTransfer(const std::string& url, curl_slist* headers) {
  CURL* const easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Drop);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  return easy;
}

}  // namespace

BareCounts LoadBare(const std::string& url, absl::Duration length, size_t at_once) {
  const absl::Time end = absl::Now() + length;
  CURLM* const multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(at_once));
  curl_slist* const headers = curl_slist_append(nullptr, "Accept: application/json");
  std::vector<CURL*> transfers;
  for (size_t i = 0; i < at_once; ++i) transfers.push_back(NewTransfer(url, headers));
  for (CURL* const easy : transfers) curl_multi_add_handle(multi, easy);
  BareCounts counts;
  for (size_t running = at_once; running > 0;) {
    int still = 0;
    curl_multi_perform(multi, &still);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      CURL* const easy = message->easy_handle;
      counts.failures += message->data.result == CURLE_OK ? 0 : 1;
      ++counts.requests;
      curl_multi_remove_handle(multi, easy);
      if (absl::Now() < end) {
        curl_multi_add_handle(multi, easy);
      } else {
        --running;
      }
    }
    if (running > 0) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  for (CURL* const easy : transfers) curl_easy_cleanup(easy);
  curl_slist_free_all(headers);
  curl_multi_cleanup(multi);
  return counts;
}

}  // namespace modelwatch::bench
