// Who may do what, and who has logged in. No socket; the time is an argument.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/event.hpp"
#include "devices/result.hpp"
#include "devices/units.hpp"

namespace lull {

/// What a route needs, in HttpServer::Route::right.
enum class Right : int {
  nothing,     // /healthz and /metrics: everybody
  page,        // the pages themselves and the login: whoever reaches us safely
  see,         // the state
  act,         // commands
  read_diary,  // nights, decisions, trends
  change       // configurations
};
/// A partner sees what is on, and stops it. A carer and a sleeper do what concerns the night; an admin everything.
enum class Role : std::uint8_t { nobody, partner, carer, sleeper, admin };
std::string_view word_for(Role role);
std::optional<Role> role_for(std::string_view word);
bool may(Role role, Right right);
bool may_wish(Role role, const Command& command);

struct User {
  std::string name;
  Role role{};
  std::string hash;  // argon2id as it is written everywhere, "$argon2id$v=19$..."; "-": comes by Home Assistant only
};
/// A line a user: NAME ROLE HASH. '#' begins a remark. Errors name the line, and what would be right.
Result<std::vector<User>> users_from(std::string_view text);
inline constexpr std::size_t kMaxUsers = 32;

/// The hash of a password, and whether one fits. Both take about 50 ms and 19 MiB, on purpose: not for the loop.
Result<std::string> password_hash(std::string_view password);
bool password_fits(const std::string& hash, std::string_view password);

/// Who has logged in: known by a token that only their browser has. In memory: a restart logs everybody out.
class Sessions {
 public:
  static constexpr std::size_t kMost = 64;   // the one that was unused for longest goes
  static constexpr hours kUnused{24 * 14};   // then it ends by itself
  static constexpr std::size_t kToken = 43;  // letters: 32 random bytes
  struct Session {
    std::string user;
    Role role{};
    Instant used{};
  };
  /// A new one; its token is told once.
  std::string begin(const User& user, Instant now);
  const Session* find(std::string_view token, Instant now);
  void end(std::string_view token);
  /// All of this user; "": all. How many.
  std::size_t end_all(const std::string& user);

 private:
  std::map<std::string, Session, std::less<>> sessions_;  // by the token's SHA-256: a copy of our memory logs nobody in
};

/// How often somebody may try: five times at once, then ever more slowly.
class Attempts {
 public:
  static constexpr std::size_t kMost = 256;  // addresses and users that are remembered
  static constexpr int kFree = 5;
  static constexpr minutes kLongest{15};
  /// Of a name, whoever tries it: nobody who only knows how somebody is called shall keep them from their STOP.
  static constexpr seconds kLongestOfName{30};
  /// How long this one has to wait yet, and never longer than `longest`.
  milliseconds wait(const std::string& who, Instant now, milliseconds longest = kLongest) const;
  void failed(const std::string& who, Instant now);
  void succeeded(const std::string& who) { tries_.erase(who); }

 private:
  struct Tries {
    int failed = 0;
    Instant last{};
  };
  static milliseconds pause(int failed);
  std::map<std::string, Tries, std::less<>> tries_;
};

}  // namespace lull
