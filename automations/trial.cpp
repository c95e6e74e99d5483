// Each step of the set-up test: what it waits for, how long, and what to do when that does not come.
#include "automations/trial.hpp"

#include <charconv>
#include <vector>

#include "automations/actuator.hpp"

namespace lull {
namespace {

using Phase = Trial::Step;

std::string s(milliseconds d) { return std::to_string((d.count() + 500) / 1000) + " s"; }
std::string watts(Watts w) { return std::to_string(w.whole()) + " W"; }

void to(Trial& t, Phase step, Instant now, std::string text) {
  t.step = step;
  t.since = now;
  t.asked = Instant{};
  t.text = std::move(text);
}

/// It is the device.
TrialNext fail(Trial& t, Instant now, std::string text) {
  to(t, Phase::over, now, std::move(text));
  t.passed = false;
  return {TrialWants::end, true};
}

/// Nobody can tell: that says nothing about the device, and what was known of it before still holds.
TrialNext unclear(Trial& t, Instant now, const std::string& why) {
  t.verdict = false;
  return fail(t, now, "could not be judged: " + why + "; its radio is poor, so bring it nearer and try again");
}

/// Off and proved again, and once more from the beginning of this round.
TrialNext once_more(Trial& t, Instant now, const std::string& why) {
  if (++t.tries >= kTrialTries) return unclear(t, now, why);
  to(t, Phase::off, now, why + "; once more from the beginning");
  return {TrialWants::off, true};
}

/// Something speaks against it. A message that is lost or late looks the same: it is the device when it is seen again.
TrialNext complain(Trial& t, Instant now, const std::string& what, const std::string& remedy) {
  if (++t.complaints >= kTrialComplaints) return fail(t, now, what + remedy);
  return once_more(t, now, what);
}

/// Asks at most every `apart` from `from` on, and keeps silent otherwise. A question is no command.
TrialNext ask_from(Trial& t, const TrialSees& is, Instant from, Instant now, milliseconds apart = 3s) {
  if (!is.can_be_asked || now < from || (t.asked != Instant{} && now - t.asked < apart)) return {};
  t.asked = now;
  return {TrialWants::ask, false};
}

/// What it says now was said after `since`, and is no memory of a bridge: its own word, or said after it was asked.
bool answered(const Trial& t, const TrialSees& is, Instant since) {
  if (!is.on || is.said <= since) return false;
  return is.fresh || (t.asked >= since && is.said > t.asked);
}

TrialNext switch_on(Trial& t, Instant now, const std::string& before) {
  const bool second = t.round == 2;
  to(t, second ? Phase::again : Phase::on, now,
     before + "on for " + s(kTrialLease) + (second ? ", to be renewed once" : ", then nothing more is sent"));
  t.told = now;
  t.on_said.reset();
  t.off_said.reset();
  t.renewals = t.insists = 0;
  return {TrialWants::on, true};
}

TrialNext prove_off(Trial& t, const TrialSees& is, Instant now) {
  if (!is.off_proved) {
    if (now - t.since < kTrialProvesOff) return {TrialWants::off, false};
    return unclear(
        t, now, "it did not show within " + s(kTrialProvesOff) + " that it is off (is it plugged in, and in reach?)");
  }
  // What was said in the try before, and by us, may still be on its way.
  if (t.round == 2 || t.tries > 0) {
    if (t.asked == Instant{}) t.asked = now;
    if (now - t.asked < kTrialLate) return {};
  }
  if (is_armed_before_on(is.timer)) {
    to(t, Phase::arm, now, "sets its own auto-off to " + s(kTrialLease) + " and reads it back");
    t.asked = now;
    return {TrialWants::arm, true};
  }
  return switch_on(t, now, "");
}

TrialNext arm(Trial& t, const TrialSees& is, Instant now) {
  if (is.armed && *is.armed > 0s && *is.armed <= kTrialLease)
    return switch_on(t, now, "its auto-off reads " + s(*is.armed) + "; ");
  if (now - t.since >= kTrialPower) {
    if (!is.armed) return unclear(t, now, "its own auto-off was not read back (does its bridge tell it?)");
    return fail(t, now,
                "its own auto-off was set to " + s(kTrialLease) + " and reads " + s(*is.armed) +
                    "; use a device that keeps it");
  }
  if (now - t.asked < 5s) return {};
  t.asked = now;
  return {TrialWants::arm, false};
}

/// Waits for the ON that was just sent to be confirmed.
TrialNext confirm_on(Trial& t, const TrialSees& is, Instant now) {
  const bool second = t.step == Phase::again;
  if (is.on == true && is.said >= t.told) {
    t.on_said = now;
    t.off_said.reset();
    if (second)
      to(t, Phase::renewed, now, "it is on; it will be renewed once, after " + s(kTrialRenews));
    else
      to(t, Phase::lapses, now, "it is on; now it must switch itself off");
    return {TrialWants::nothing, true};
  }
  if (now - t.since >= kTrialAnswers) {
    if (second) return once_more(t, now, "nothing confirmed that it is on");  // it did before
    const std::string times = ", " + std::to_string(kTrialComplaints) + " times";
    if (is.timer == Timer::on_time)
      return complain(t, now, "it did not switch on with a time limit of its own (on_time)",
                      times + ": it knows none, or its radio is poor; try it nearer, else choose another plug");
    return complain(t, now, "it did not confirm that it is on", times + "; bring it into reach and try again");
  }
  // In the second round a repeated ON would be a renewal already.
  if (now - t.told < kTrialLate || second) return ask_from(t, is, t.told + 2s, now, 2s);
  t.told = now;  // lost on the radio, perhaps
  return {TrialWants::on, false};
}

/// Whether it says that it is off since it was on. A message may be late: what it says after that counts more.
bool says_off(Trial& t, const TrialSees& is) {
  if (is.on == true) t.off_said.reset();
  if (is.on != false || is.said <= *t.on_said) return false;
  if (!t.off_said) t.off_said = is.said;
  return true;
}

/// Whether it said twice, for certain, that it is on though its time is over, however late its ON or an answer was.
bool insists(Trial& t, const TrialSees& is, Instant sent) {
  const Instant over = sent + kTrialLease + kTrialLate;
  const Instant heard = is.fresh ? is.said : t.asked;
  if (is.on == true && answered(t, is, over) && heard > t.insisted) t.insisted = heard, ++t.insists;
  return t.insists >= 2;
}

/// It went off by itself: this half of the test is passed, or with the second the whole.
TrialNext went_off(Trial& t, Instant now, const std::string& after, const std::string& power) {
  if (t.step == Phase::lapses) {
    t.round = 2;
    t.tries = t.complaints = 0;
    t.lasted = "off by itself after " + after + power;
    to(t, Phase::off, now, "went " + t.lasted);
    return {TrialWants::off, true};
  }
  t.lasted += "; and " + after + " after a renewal";
  to(t, Phase::power, now, "went off by itself " + after + " after its renewal; now what a power cut leaves");
  return {TrialWants::set_power, true};
}

/// It says that it is off: for certain, not before its time, and its meter says the same where it has one.
TrialNext judge_off(Trial& t, const TrialSees& is, Instant sent, Instant now) {
  const milliseconds lasted = *t.off_said - sent;
  if (lasted < kTrialEarly) {  // or that was said before our ON
    if (now - sent < kTrialEarly + kTrialLate) return ask_from(t, is, now, now, 2s);
    return complain(t, now, "it went off after " + s(lasted) + " though it was told " + s(kTrialLease),
                    ": it would not stay warm; see whether something else switches it off, else choose another plug");
  }
  if (!is.fresh && !answered(t, is, *t.off_said)) {
    if (now - sent < kTrialSilent) return ask_from(t, is, now, now, 2s);
    return once_more(t, now, "it said that it is off, and did not answer when it was asked");
  }
  // What it draws is the second witness, where it tells that.
  const bool drew = t.drew && *t.drew >= kDrawsNothing;
  const bool fell = is.watts && *is.watts < kDrawsNothing && is.watts_said > sent + kTrialEarly;
  if (drew && !fell && now - *t.off_said < kTrialWatts) return ask_from(t, is, t.asked + 5s, now);
  if (drew && !fell && is.watts_said > *t.off_said)
    return complain(t, now, "it says it is off and draws " + watts(*is.watts),
                    ": its relay may be stuck; unplug it and choose another plug");
  return went_off(t, now, s(lasted),
                  !t.drew ? ", its power was not measured"
                  : !drew ? ", it drew nothing: is the pad plugged in and switched on?"
                  : fell  ? ", from " + watts(*t.drew) + " to " + watts(*is.watts)
                          : ", it drew " + watts(*t.drew) + " and has not told its power since");
}

/// The time that it was on by its own word, once it has said that it is off and said it for certain.
TrialNext lapses(Trial& t, const TrialSees& is, Instant now) {
  const Instant sent = t.step == Phase::lapses_again ? t.renewed_at : t.told;
  if (is.watts && is.watts_said > t.told && !t.off_said && (!t.drew || *is.watts > *t.drew)) t.drew = is.watts;
  if (says_off(t, is)) return judge_off(t, is, sent, now);
  if (insists(t, is, sent) && now - sent >= kTrialLapses)
    return fail(t, now,
                "it stayed on: " + s(now - sent) + " after an ON for " + s(kTrialLease) +
                    " it still says it is on, so it forgets its time limit; it was switched off, choose another");
  if (now - sent >= kTrialLapses + kTrialLate) {
    if (is.can_be_asked) return once_more(t, now, "it went silent: nothing shows that it switched itself off");
    const std::string what =
        "it stayed on: it never said that it switched itself off after an ON for " + s(kTrialLease);
    if (++t.complaints <= kTrialComplaints)
      return once_more(t, now, what);  // it cannot be asked, so once more than else
    return fail(t, now, what + ", so it forgets its time limit; it was switched off, choose another");
  }
  return ask_from(t, is, sent + kTrialLease + 1s, now, 2s);
}

TrialNext renew(Trial& t, const TrialSees& is, Instant now) {
  const bool off = says_off(t, is);
  if (now - t.told < kTrialRenews) return off ? ask_from(t, is, now, now, 1s) : TrialNext{};
  if (off && !is.fresh && !answered(t, is, *t.off_said)) return once_more(t, now, "it may have gone off too early");
  if (off)
    return complain(t, now, "it went off before its time was over", "; see whether something else switches it off");
  t.renewed_at = now;
  t.renewals = 1;
  t.renewal_heard = false;
  to(t, Phase::outlasts, now, "renewed; it must outlast its first time limit");
  return {TrialWants::on, true};
}

TrialNext outlast(Trial& t, const TrialSees& is, Instant now) {
  const Instant first_ends = t.told + kTrialLease;
  const auto goes_on = [&](const std::string& how) {
    t.off_said.reset();
    to(t, Phase::lapses_again, now, how + "; now it must switch itself off again");
    return TrialNext{TrialWants::nothing, true};
  };
  // A renewal may be lost, and then it is no wonder that it goes off: it is said again while nothing was heard since.
  if (is.said >= t.renewed_at && is.said < first_ends - 1s) t.renewal_heard = true;
  if (is.said < t.renewed_at && t.renewals < 2 && now - t.renewed_at >= 1500ms && now < t.told + kTrialRenews + 2s) {
    t.renewed_at = now;
    ++t.renewals;
    return {TrialWants::on, false};
  }
  if (says_off(t, is) && is.said > t.since) {
    // A lease is told in whole seconds, so what was renewed may end before its ten are over: what counts is when it
    // did.
    if (!is.can_be_asked && *t.off_said >= *t.on_said + kTrialLease + 2s) {
      to(t, Phase::lapses_again, now, "it outlasted its first time limit");
      return {TrialWants::nothing, true};
    }
    if (now < first_ends + kTrialEarly) return ask_from(t, is, now, now, 2s);
    if (!t.renewal_heard)
      return once_more(t, now, "it went off at its first time limit; its renewal may have been lost");
    return complain(t, now, "it went off at its first time limit though that was renewed",
                    ", so it would grow cold in the middle of a session; choose another plug");
  }
  const Instant over = *t.on_said + kTrialLease + 500ms;  // its first ON may have been late, and its own timer with it
  // A bridge may tell an old "on" beside a new reading: then it draws nothing.
  const bool draws_nothing =
      t.drew && *t.drew >= kDrawsNothing && is.watts && *is.watts < kDrawsNothing && is.watts_said > first_ends;
  if (is.on == true && answered(t, is, over) && !draws_nothing) return goes_on("still on");
  if (now < t.renewed_at + kTrialLease) return ask_from(t, is, over, now, 1500ms);
  if (!is.can_be_asked) return goes_on("still on");
  return once_more(t, now, "it did not answer whether it outlasted its first time limit");
}

TrialNext power(Trial& t, const TrialSees& is, Instant now) {
  const auto passed = [&](const std::string& how) {
    const std::string lasted = t.lasted;
    to(t, Phase::over, now, "passed: " + lasted + "; " + how);
    t.passed = true;
    return TrialNext{TrialWants::end, true};
  };
  if (is.timer == Timer::lease) return passed("after a power cut it starts off");
  if (!is.tells_power_on)
    return passed(
        "nobody can tell what it does after a power cut: unplug it while it is on, and see that it stays off");
  if (is.wakes_off == true) return passed("after a power cut it stays off, read back");
  if (now - t.since >= kTrialPower) {
    if (!is.wakes_off)
      return unclear(t, now, "its power-on behaviour was not read back (or set it to off in its bridge yourself)");
    return fail(t, now, "it would come back on after a power cut and cannot be told otherwise; choose another plug");
  }
  if (t.asked == Instant{}) {
    t.asked = now;
    return {};
  }
  if (now - t.asked < 5s) return {};
  t.asked = now;
  return {TrialWants::set_power, false};
}

}  // namespace

std::int32_t Trial::number() const {
  switch (step) {
    case Phase::off:
    case Phase::arm: return round == 1 ? 1 : 4;
    case Phase::on: return round == 1 ? 2 : 4;
    case Phase::lapses: return 3;
    case Phase::again:
    case Phase::renewed: return 4;
    case Phase::outlasts: return 5;
    case Phase::lapses_again: return 6;
    case Phase::power:
    case Phase::over: return kSteps;
  }
  return kSteps;
}

bool Trial::wants_on() const {
  return step == Phase::on || step == Phase::lapses || step == Phase::again || step == Phase::renewed ||
         step == Phase::outlasts || step == Phase::lapses_again;
}

TrialNext go_on(Trial& t, const TrialSees& is, Instant now) {
  switch (t.step) {
    case Phase::off: return prove_off(t, is, now);
    case Phase::arm: return arm(t, is, now);
    case Phase::on:
    case Phase::again: return confirm_on(t, is, now);
    case Phase::lapses:
    case Phase::lapses_again: return lapses(t, is, now);
    case Phase::renewed: return renew(t, is, now);
    case Phase::outlasts: return outlast(t, is, now);
    case Phase::power: return power(t, is, now);
    case Phase::over: return {TrialWants::end, false};
  }
  return {TrialWants::end, false};
}

void break_off(Trial& trial, const std::string& why) {
  trial.step = Phase::over;
  trial.passed = trial.verdict = false;
  trial.text = why;
}

std::string to_setting(const TrialResult& r) {
  return (r.passed ? "passed\n" : "failed\n") + std::to_string(r.at.since_epoch.count()) + "\n" + r.of + "\n" +
         r.outcome;
}

std::optional<TrialResult> trial_from_setting(const std::string& text) {
  std::vector<std::string> lines{""};
  for (const char c : text)
    if (c == '\n' && lines.size() < 4)
      lines.emplace_back();
    else
      lines.back() += c;
  if (lines.size() != 4 || (lines[0] != "passed" && lines[0] != "failed")) return std::nullopt;
  std::int64_t at = 0;
  const auto [end, wrong] = std::from_chars(lines[1].data(), lines[1].data() + lines[1].size(), at);
  if (wrong != std::errc{} || end != lines[1].data() + lines[1].size()) return std::nullopt;
  return TrialResult{lines[0] == "passed", Utc{milliseconds{at}}, lines[2], lines[3]};
}

}  // namespace lull
