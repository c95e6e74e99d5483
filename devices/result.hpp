// What a function says when it may fail: a value, or where it went wrong and what would be right.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace lull {

/// A problem a person can act on. `where` is a place they can find ("/devices/2/at", a topic, a file
/// and line); `what` says what is wrong there and what would be right.
struct Error {
  std::string where, what;
  bool operator==(const Error&) const = default;
};

/// Either a T or an Error. Like std::expected, which g++ 12 has only in C++23.
/// Dereferencing an Error throws std::bad_variant_access: whoever did not look first finds out.
template <class T>
struct [[nodiscard]] Result : std::variant<T, Error> {
  using std::variant<T, Error>::variant;
  explicit operator bool() const { return this->index() == 0; }
  const T& operator*() const& { return std::get<0>(*this); }
  T& operator*() & { return std::get<0>(*this); }
  T&& operator*() && { return std::get<0>(std::move(*this)); }
  const T* operator->() const { return &std::get<0>(*this); }
  T* operator->() { return &std::get<0>(*this); }
  const Error& error() const { return std::get<1>(*this); }
};

/// Visits a variant with one lambda an alternative.
template <class... Fs>
struct Match : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Match(Fs...) -> Match<Fs...>;

}  // namespace lull
