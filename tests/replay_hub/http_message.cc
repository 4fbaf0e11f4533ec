// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/http_message.h"

namespace modelwatch::replay_hub {
namespace {

std::string_view Lookup(const std::vector<Header>& headers, std::string_view name) {
  for (const Header& header : headers) {
    if (header.first == name) return header.second;
  }
  return "";
}

}  // namespace

std::string_view Request::Get(std::string_view name) const { return Lookup(headers, name); }
std::string_view Response::Get(std::string_view name) const { return Lookup(headers, name); }

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 206:
      return "Partial Content";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Payload Too Large";
    case 416:
      return "Range Not Satisfiable";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

}  // namespace modelwatch::replay_hub
