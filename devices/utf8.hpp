// Whether bytes are text. The one check of the house, which stands with the dialects' other doubts (payload.cpp).
#pragma once

#include <string_view>

namespace lull {

/// Strict, as JSON readers are: nothing overlong, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes);

}  // namespace lull
