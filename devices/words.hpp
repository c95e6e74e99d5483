// An enum and its words, as one array in the enum's order: they cannot disagree.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace lull {

/// The word of an enumerator, or "?" for a number that is none.
template <class Enum, std::size_t n>
constexpr std::string_view word_in(const std::array<std::string_view, n>& words, Enum value) {
  const auto i = static_cast<std::size_t>(value);
  return i < n ? words[i] : std::string_view{"?"};
}

/// The enumerator that is called so, or nothing. Words are exact: no case is folded, nothing is trimmed.
template <class Enum, std::size_t n>
constexpr std::optional<Enum> value_in(const std::array<std::string_view, n>& words, std::string_view word) {
  for (std::size_t i = 0; i < n; ++i)
    if (words[i] == word) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace lull
