// What people allow to begin by itself: each rule and each routine, for good, and until the next noon.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lull {

struct Hub;
struct Setting;
struct Turn;
namespace ask {
struct AllowRule;
struct AllowRoutine;
struct AllowTonight;
}  // namespace ask

/// Both are needed: what is allowed for good may rest tonight.
struct Permit {
  bool allowed = true, resting = false;
  bool acts() const { return allowed && !resting; }
  bool operator==(const Permit&) const = default;
};

/// "a person switched this rule off for tonight"; "" = nobody did.
std::string switched_off(const Permit& permit, std::string_view what);
/// Likewise of a routine that a rule would begin. A person may begin it all the same.
std::string routine_off(const Hub& hub, std::string_view routine);

void allow(Turn& t, const std::string& by, const ask::AllowRule& wish);
void allow(Turn& t, const std::string& by, const ask::AllowRoutine& wish);
void allow(Turn& t, const std::string& by, const ask::AllowTonight& wish);
/// What was off for a night that is over is back.
void allow_again(Turn& t);
/// What crossed a restart.
void restore_permits(Turn& t, const Setting& setting);
/// What would cross one now.
std::vector<Setting> kept_permits(const Hub& hub);

}  // namespace lull
