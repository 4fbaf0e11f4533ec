// SPDX-License-Identifier: Apache-2.0
// Licence files that are PDFs: beside the bytes of "LICENSE.pdf" stand its words as
// "pdf:LICENSE.pdf".
#pragma once

#include <functional>
#include <string>

#include "crawler/before.h"
#include "crawler/pdf_reader.h"
#include "modelwatch/v1/ingest.pb.h"

namespace modelwatch::crawler {

// Calls `done` once, with the item and the words of its PDFs; at once when there are none to read.
// A PDF that has no words to give stands as EXTERNAL or TOO_LARGE, so that it is not tried again;
// one that cannot be read now is left out. `content` is asked for what is not in the item, at once;
// "" when it cannot be had now. `reader` must outlive what it starts.
void ReadPdfLicences(PdfReader& reader,
                     const std::function<std::string(const v1::File& file)>& content,
                     v1::PutItem item, const Before& before, std::function<void(v1::PutItem)> done);

}  // namespace modelwatch::crawler
