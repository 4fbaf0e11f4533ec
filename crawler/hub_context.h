// SPDX-License-Identifier: Apache-2.0
// What the works of one hub's crawl share.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/clock.h"
#include "common/metrics.h"
#include "crawler/document_reader.h"
#include "crawler/fetch/fetcher.h"
#include "crawler/fetch/oid_table.h"
#include "crawler/header_reader.h"
#include "crawler/hub/hub.h"
#include "crawler/mailbox.h"
#include "crawler/outbox.h"
#include "crawler/pdf_reader.h"
#include "crawler/release_reader.h"
#include "indexer/client/index.h"

namespace modelwatch::crawler {

// How far the past of one release is read.
struct PastLimits {
  uint32_t pages = 4;      // of commits, newest first
  uint32_t versions = 50;  // commits that brought other files
};

// References outlive every work. I/O thread only.
struct HubContext {
  const Hub& hub;
  Fetcher& fetcher;
  ReleaseReader& reader;
  DocumentReader* documents;  // null: nothing outside the hub is read
  HeaderReader* headers;      // null: nor is what the hub keeps outside git
  PdfReader* pdfs;            // null: PDFs stay unread
  Outbox& outbox;
  Mailbox& mailbox;
  indexer::Index& index;
  const common::Clock& clock;
  common::Metrics& metrics;
  uint32_t page_size;
  size_t max_page_bytes;
  absl::Duration lease;
  PastLimits past;
};

// The hub's clock, its Date header; ours when it sends none.
[[nodiscard]] int64_t HubTime(const common::HttpHeaders& headers, const common::Clock& clock);

// Reads what a row tells of: the release's files, then its documents (proto/document_path.h): the
// words of its PDFs, the header of its weights, what stands outside. `head` as for
// ReleaseReader::Read; it need not outlive the call. `done` is called once.
void ReadRelease(HubContext& context, const Row& row, const v1::Head* head, Priority priority,
                 Freshness documents, ReleaseReader::Done done);

// Hands what a reading found to the outbox, under the work that asked for it.
void Publish(HubContext& context, v1::PutItem item, const std::string& work_id);

// How long failed work rests: doubles from 30 s at every attempt, up to an hour.
[[nodiscard]] absl::Duration RestAfter(uint32_t attempt);

// The newest versions of these releases, one a key, in order. Empty when the index is away: then
// everything is read as if it were new, which costs requests and loses nothing.
[[nodiscard]] std::vector<v1::Head> GetHeads(HubContext& context,
                                             const std::vector<v1::ReleaseKey>& keys);

}  // namespace modelwatch::crawler
