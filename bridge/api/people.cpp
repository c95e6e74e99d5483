// Roles, users, sessions.
#include "bridge/api/people.hpp"

#include <argon2.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "devices/words.hpp"

namespace lull {
namespace {

constexpr std::array<std::string_view, 5> kRoles{"nobody", "partner", "carer", "sleeper", "admin"};
// OWASP's figures for argon2id: 19 MiB, two passes, one lane.
constexpr std::uint32_t kPasses = 2, kMemoryKib = 19 * 1024, kLanes = 1, kSalt = 16, kLength = 32;
constexpr std::size_t kMaxPassword = 512;

std::string url_base64(const unsigned char* bytes, std::size_t n) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  for (std::size_t i = 0; i < n; i += 3) {
    const std::uint32_t three = static_cast<std::uint32_t>(bytes[i]) << 16 |
                                static_cast<std::uint32_t>(i + 1 < n ? bytes[i + 1] : 0) << 8 |
                                static_cast<std::uint32_t>(i + 2 < n ? bytes[i + 2] : 0);
    for (std::size_t k = 0; k < 4 && i * 8 + k * 6 < n * 8; ++k) out += kLetters[(three >> (18 - 6 * k)) & 63];
  }
  return out;
}

std::string digest(std::string_view token) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> out{};
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), out.data());
  return {reinterpret_cast<const char*>(out.data()), out.size()};
}

std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  const std::string_view word = line.substr(0, std::min(line.find_first_of(" \t"), line.size()));
  line.remove_prefix(word.size());
  return word;
}

}  // namespace

std::string_view word_for(Role role) { return word_in(kRoles, role); }
std::optional<Role> role_for(std::string_view word) {
  const auto role = value_in<Role>(kRoles, word);
  return role == Role::nobody ? std::nullopt : role;
}

bool may(Role role, Right right) {
  switch (right) {
    case Right::nothing:
    case Right::page: return true;
    case Right::see:
    case Right::act: return role >= Role::partner;
    case Right::read_diary: return role >= Role::carer;
    case Right::change: return role == Role::admin;
  }
  return false;
}

bool may_wish(Role role, const Command& command) {
  if (role >= Role::carer) return true;
  if (role != Role::partner) return false;
  const auto* set = std::get_if<ask::SetDevice>(&command);
  return std::holds_alternative<ask::StopAll>(command) || std::holds_alternative<ask::StopMassage>(command) ||
         std::holds_alternative<ask::StopPlay>(command) || (set && set->level == 0_pct);
}

Result<std::vector<User>> users_from(std::string_view text) {
  std::vector<User> users;
  for (int number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, std::min(text.find('\n'), text.size()));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    const auto wrong = [&](const std::string& what) { return Error{"line " + std::to_string(number), what}; };
    const std::string_view name = take_word(line), word = take_word(line), hash = take_word(line);
    if (name.empty() || name.front() == '#') continue;
    const auto role = role_for(word);
    if (!role) return wrong("after the name must come admin, sleeper, carer or partner");
    if (hash != "-" && !hash.starts_with("$argon2id$"))
      return wrong(
          "after the role must come a hash as `lull password` prints it, or - for who comes by Home Assistant");
    if (name.size() > 64 || hash.size() > 256) return wrong("is too long");
    const auto same = [&](const User& u) { return u.name == name; };
    if (std::any_of(users.begin(), users.end(), same)) return wrong(std::string(name) + " is there twice");
    if (users.size() == kMaxUsers) return wrong("there may be " + std::to_string(kMaxUsers) + " users");
    users.push_back({std::string(name), *role, std::string(hash)});
  }
  return users;
}

Result<std::string> password_hash(std::string_view password) {
  if (password.size() < 8 || password.size() > kMaxPassword)
    return Error{"password", "must have 8 to " + std::to_string(kMaxPassword) + " bytes"};
  std::array<unsigned char, kSalt> salt{};
  std::array<char, 256> out{};
  if (RAND_bytes(salt.data(), static_cast<int>(salt.size())) != 1) return Error{"password", "no random numbers"};
  const int wrong = argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.data(), password.size(), salt.data(),
                                          salt.size(), kLength, out.data(), out.size());
  if (wrong != ARGON2_OK) return Error{"password", argon2_error_message(wrong)};
  return std::string(out.data());
}

bool password_fits(const std::string& hash, std::string_view password) {
  return password.size() <= kMaxPassword &&
         argon2id_verify(hash.c_str(), password.data(), password.size()) == ARGON2_OK;
}

std::string Sessions::begin(const User& user, Instant now) {
  std::array<unsigned char, 32> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return "";
  if (sessions_.size() >= kMost)
    sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(),
                                     [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
  std::string token = url_base64(random.data(), random.size());
  sessions_[digest(token)] = {user.name, user.role, now};
  return token;
}

const Sessions::Session* Sessions::find(std::string_view token, Instant now) {
  if (token.size() != kToken) return nullptr;
  const auto found = sessions_.find(digest(token));
  if (found == sessions_.end()) return nullptr;
  if (now - found->second.used > kUnused) {
    sessions_.erase(found);
    return nullptr;
  }
  found->second.used = now;
  return &found->second;
}

void Sessions::end(std::string_view token) { sessions_.erase(digest(token)); }

std::size_t Sessions::end_all(const std::string& user) {
  return std::erase_if(sessions_, [&](const auto& s) { return user.empty() || s.second.user == user; });
}

milliseconds Attempts::pause(int failed) {
  if (failed < kFree) return 0ms;
  return std::min<milliseconds>(kLongest, seconds{1 << std::min(failed - kFree, 12)});
}

milliseconds Attempts::wait(const std::string& who, Instant now, milliseconds longest) const {
  const auto found = tries_.find(who);
  if (found == tries_.end()) return 0ms;
  return std::max(0ms, std::min(longest, pause(found->second.failed)) - (now - found->second.last));
}

void Attempts::failed(const std::string& who, Instant now) {
  if (tries_.size() >= kMost && !tries_.contains(who))  // the one that was quiet for longest
    tries_.erase(std::min_element(tries_.begin(), tries_.end(),
                                  [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
  Tries& tries = tries_[who];
  ++tries.failed;
  tries.last = now;
}

}  // namespace lull
