// Header, data, payload.
#include "bridge/wyoming/event.hpp"

#include <algorithm>
#include <utility>

#include "devices/dialects/payload.hpp"

namespace lull {
namespace {

/// 0 when it is not there; nothing when it is no length, or too long a one.
std::optional<std::size_t> length(const Json& header, std::string_view key, std::size_t most) {
  const Json* written = member(header, key);
  if (!written) return 0;
  const auto value = whole(*written, 0, static_cast<long long>(most));
  return value ? std::optional(static_cast<std::size_t>(*value)) : std::nullopt;
}

}  // namespace

std::string to_wire(const WyomingEvent& event) {
  const auto written = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  Json header{{"type", event.type}, {"version", LULL_VERSION}};
  if (event.data.empty()) return written(header) + "\n";
  const std::string data = written(event.data);
  header["data_length"] = data.size();
  return written(header) + "\n" + data;
}

Result<std::optional<WyomingReader::Head>> WyomingReader::head() {
  using Found = std::optional<Head>;
  const std::size_t end = bytes_.find('\n', looked_);
  if (std::min(end, bytes_.size()) > kHeader)
    return Error{"header", "is longer than " + std::to_string(kHeader) + " bytes"};
  if (end == bytes_.npos) return looked_ = bytes_.size(), Found{};
  auto header = read_object(std::string_view(bytes_).substr(0, end), Bounds{kHeader, 16});
  if (!header) return Error{"header", header.error().what};
  Head found{{text_at(*header, "type")}};
  if (found.event.type.empty()) return Error{"header", "has no type"};
  if (const Json* data = member(*header, "data")) {
    if (!data->is_object()) return Error{"data", "is " + shown(*data) + ", must be an object"};
    found.event.data = *data;
  }
  const auto data = length(*header, "data_length", kData), payload = length(*header, "payload_length", kPayload);
  if (!data || !payload) return Error{"header", "has a length that is none, or is too large"};
  found.data = *data, found.payload = *payload;
  bytes_.erase(0, end + 1);
  looked_ = 0;
  return Found{std::move(found)};
}

Result<std::optional<WyomingEvent>> WyomingReader::next() {
  using Found = std::optional<WyomingEvent>;
  if (!head_) {
    auto found = head();
    if (!found) return found.error();
    if (!*found) return Found{};
    head_ = *std::move(*found);
  }
  if (head_->data > 0) {
    if (bytes_.size() < head_->data) return Found{};
    auto data = read_object(std::string_view(bytes_).substr(0, head_->data), Bounds{kData, 16});
    if (!data) return Error{"data", data.error().what};
    head_->event.data.update(*data);
    bytes_.erase(0, std::exchange(head_->data, 0));
  }
  const std::size_t gone = std::min(head_->payload, bytes_.size());
  bytes_.erase(0, gone);
  head_->payload -= gone;
  if (head_->payload > 0) return Found{};
  WyomingEvent event = std::move(head_->event);
  head_.reset();
  return Found{std::move(event)};
}

}  // namespace lull
