// MQTT topics and filters, pure: what may be subscribed to, what matches what, and what may stand in a log line.
#pragma once

#include <string>
#include <string_view>

namespace lull {

/// True when the filter is one a broker accepts: 1 to 65535 bytes, no NUL, '#' alone and last, '+' alone in its level.
bool is_topic_filter(std::string_view filter);

/// True when messages can be published on it: a filter without wildcards.
bool is_topic(std::string_view topic);

/// MQTT's matching rule. Wildcards do not match a first level that starts with '$'.
bool topic_matches(std::string_view filter, std::string_view topic);

/// Outside bytes made fit for a log line: at most `most` bytes, anything but printable ASCII shown as '?'.
std::string readable(std::string_view bytes, std::size_t most = 120);

}  // namespace lull
