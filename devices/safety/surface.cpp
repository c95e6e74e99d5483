// Five ways in which a thermometer lies, each seen from its readings alone.
#include "devices/safety/surface.hpp"

#include <algorithm>
#include <cstdlib>

namespace lull {
namespace {

std::string degrees(Celsius c) {
  const int t = c.tenths();
  return (t < 0 ? "-" : "") + std::to_string(std::abs(t) / 10) + "." + std::to_string(std::abs(t) % 10) + " °C";
}
bool fails_at(const Probe& p, Instant now) {
  // A good reading alone is no proof: a broken wire touches now and then.
  return p.failed_at && (!p.last || p.last->at < *p.failed_at || now - *p.failed_at < kGoodAfterFailure);
}
bool jumps_at(const Probe& p, Instant now) { return p.jumped_at && now - *p.jumped_at < kCalmAfterJump; }

}  // namespace

Probe* SurfaceWatch::probe(DeviceId device, std::int32_t sensor) {
  for (Probe& p : probes)
    if (p.device == device && p.sensor == sensor) return &p;
  if (probes.size() == kMaxProbes) return nullptr;
  return &probes.emplace_back(Probe{device, sensor});
}

void SurfaceWatch::reads(DeviceId device, std::int32_t sensor, Celsius celsius, Instant now, seconds lives) {
  Probe* p = probe(device, sensor);
  if (!p) return;
  if (p->last) {
    const int moved = std::abs(celsius.tenths() - p->last->celsius.tenths());
    const auto apart_ms = std::max<std::int64_t>(1000, (now - p->last->at).count());
    if (moved >= kJumpTenths && moved * std::int64_t{1000} > kJumpTenthsASecond * apart_ms) p->jumped_at = now;
    if (moved >= kMovesTenths)
      p->unchanged_since.reset(), p->frozen = false, p->same = 0;
    else
      ++p->same;
  }
  p->last = Reading{celsius, now};
  int low = celsius.tenths(), high = low;
  for (const Probe& other : probes)
    if (other.last && now - other.last->at <= lives)
      low = std::min(low, other.last->celsius.tenths()), high = std::max(high, other.last->celsius.tenths());
  apart = high - low >= (apart ? kTogetherTenths : kApartTenths);
}

void SurfaceWatch::fails(DeviceId device, std::int32_t sensor, std::string what, Instant now) {
  Probe* p = probe(device, sensor);
  if (!p) return;
  p->failed_at = now;
  p->said = std::move(what);
}

void SurfaceWatch::drives(bool drives, Instant now, seconds lives) {
  if (!drives) {
    driven_since.reset();
    began_at.reset();
    for (Probe& p : probes) p.unchanged_since.reset(), p.same = 0;
    return;
  }
  const auto surface = hottest(now, lives);
  if (!driven_since) driven_since = now;
  if (!began_at && surface) began_at = surface->celsius;
  for (Probe& p : probes) {
    if (!p.last) continue;
    if (!p.unchanged_since) p.unchanged_since = now, p.same = 0;
    if (now - *p.unchanged_since >= kFrozenAfter && p.same >= 3) p.frozen = true;
  }
  if (now - *driven_since >= kColdAfter && surface && began_at && surface->celsius < kCold &&
      surface->celsius.tenths() - began_at->tenths() < kColdRiseTenths)
    cold = true;
}

std::optional<Reading> SurfaceWatch::hottest(Instant now, seconds lives) const {
  std::optional<Reading> all;
  for (const Probe& p : probes) {
    if (!p.last) continue;
    if (!all) {
      all = p.last;
      continue;
    }
    const bool both = now - p.last->at <= lives && now - all->at <= lives;
    all->celsius = both                   ? std::max(all->celsius, p.last->celsius)
                   : p.last->at > all->at ? p.last->celsius
                                          : all->celsius;
    all->at = std::max(all->at, p.last->at);
  }
  return all;
}

SurfaceDoubt SurfaceWatch::doubted(Instant now) const {
  for (const Probe& p : probes)
    if (fails_at(p, now)) return SurfaceDoubt::failed;
  for (const Probe& p : probes)
    if (jumps_at(p, now)) return SurfaceDoubt::jumped;
  for (const Probe& p : probes)
    if (p.frozen) return SurfaceDoubt::frozen;
  if (apart) return SurfaceDoubt::apart;
  return cold ? SurfaceDoubt::cold : SurfaceDoubt::none;
}

std::string SurfaceWatch::why(Instant now) const {
  const auto first = [&](auto is) { return std::find_if(probes.begin(), probes.end(), is); };
  switch (doubted(now)) {
    case SurfaceDoubt::none: return "";
    case SurfaceDoubt::failed:
      return "its thermometer says " + first([&](const Probe& p) { return fails_at(p, now); })->said +
             ", which is no temperature: look at its wire";
    case SurfaceDoubt::jumped:
      return "its thermometer jumped faster than a surface can (now " +
             degrees(first([&](const Probe& p) { return jumps_at(p, now); })->last->celsius) +
             "): it is believed again after " + std::to_string(kCalmAfterJump.count()) + " calm minutes";
    case SurfaceDoubt::frozen:
      return "its thermometer stood still at " +
             degrees(first([](const Probe& p) { return p.frozen; })->last->celsius) + " for " +
             std::to_string(kFrozenAfter.count()) + " min of heating: it is frozen until it moves";
    case SurfaceDoubt::apart: {
      std::string all;
      for (const Probe& p : probes)
        if (p.last) all += (all.empty() ? "" : " and ") + degrees(p.last->celsius);
      return "its thermometers disagree (" + all + "), and nobody knows which one is right";
    }
    case SurfaceDoubt::cold: break;
  }
  return "it has been heating for " + std::to_string(kColdAfter.count()) +
         " min and its surface stays cold: pad and thermometer lie apart. Put them together, then release";
}

}  // namespace lull
