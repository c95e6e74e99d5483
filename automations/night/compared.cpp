// Pairs of rates, added up.
#include "automations/night/compared.hpp"

#include <cmath>
#include <cstdio>

namespace lull {
namespace {

std::string rate(double v) {
  char out[24];
  std::snprintf(out, sizeof out, v < 9.95 ? "%.1f" : "%.0f", v);
  return out;
}

}  // namespace

Compared compared_in(const NightReport& report, SleeperId who) {
  Compared c;
  for (const Session& s : report.sessions)
    for (const BeforeAfter& p : s.pairs) {
      if (p.sleeper != who) continue;
      ++c.sessions;
      if (!p.before_per_hour || !p.after_per_hour) continue;
      ++c.compared;
      c.before_sum += *p.before_per_hour, c.after_sum += *p.after_per_hour;
      c.before_data += p.before_data, c.after_data += p.after_data;
    }
  c.nights = c.compared > 0;
  c.lower = c.compared > 0 && c.after_sum < c.before_sum;
  return c;
}

void add(Compared& sum, const Compared& more) {
  sum.sessions += more.sessions, sum.compared += more.compared;
  sum.nights += more.nights, sum.lower += more.lower;
  sum.before_sum += more.before_sum, sum.after_sum += more.after_sum;
  sum.before_data += more.before_data, sum.after_data += more.after_data;
}

std::string words_for(const Compared& of) {
  if (of.sessions == 0) return "";
  const std::string rests = std::to_string(of.compared) + " of " + std::to_string(of.sessions) +
                            (of.sessions == 1 ? " session" : " sessions") + " compared";
  if (of.compared == 0) return "no comparison (" + rests + ")";
  return rate(of.before()) + " before, " + rate(of.after()) + " after (" + rests + ", " +
         std::to_string(of.before_data.count()) + " and " + std::to_string(of.after_data.count()) + " min measured)";
}

std::string verdict_of(const Compared& of) {
  if (of.nights < kEnoughNights)
    return "Not enough nights yet to say anything about relief: " + std::to_string(of.nights) + " of " +
           std::to_string(kEnoughNights) + " with a comparison.";
  return "On " + std::to_string(of.lower) + " of " + std::to_string(of.nights) +
         " nights movement was lower after relief than before. It falls after most episodes by itself too: this does "
         "not "
         "say what caused it.";
}

}  // namespace lull
