// The words of effects, as the journal, MQTT and the command line say them. They are stored: never change one.
#include "automations/effect.hpp"

namespace lull {

std::string_view word_for(Decision::Outcome outcome) {
  switch (outcome) {
    case Decision::Outcome::did: return "did";
    case Decision::Outcome::did_not: return "did_not";
    case Decision::Outcome::ended: return "ended";
    case Decision::Outcome::refused: return "refused";
    case Decision::Outcome::lost: return "lost";
  }
  return "did_not";
}

std::string_view word_for(Notify::Road) { return "broker"; }

std::string_view word_for(Notify::Urgency urgency) {
  switch (urgency) {
    case Notify::Urgency::summary: return "summary";
    case Notify::Urgency::notice: return "notice";
    case Notify::Urgency::restless: return "restless";
    case Notify::Urgency::fault: return "fault";
    case Notify::Urgency::alarm: return "alarm";
  }
  return "notice";
}

std::string_view word_for(TrialTold::State state) {
  switch (state) {
    case TrialTold::State::runs: return "runs";
    case TrialTold::State::passed: return "passed";
    case TrialTold::State::failed: return "failed";
  }
  return "failed";
}

}  // namespace lull
