// SPDX-License-Identifier: Apache-2.0
// What a server said instead of the file that was asked for. Such answers are saved under the
// file's name by downloads that do not look at the status code.
#pragma once

#include <string>
#include <string_view>

namespace modelwatch::evaluator {

// One sentence without full stop ("an HTML error page, titled 'Page not found', not a text") when
// `text` is a short page, or a bare server message, that speaks of an error or asks to log in and
// has no words of a licence; empty otherwise. A licence written in HTML is a text. Linear.
[[nodiscard]] std::string ErrorPageReason(std::string_view text);

}  // namespace modelwatch::evaluator
