// Sleep from raw acceleration of a wrist: how much it moves, how it lies, and when it did not turn (van Hees 2015,
// 2018; as GGIR's HASIB and HASPT).
#pragma once

#include <array>

#include "automations/restlessness/scoring/label.hpp"
#include "devices/units.hpp"

namespace lull::scoring {

using Axes = std::array<double, 3>;   // x, y, z in g
using Angle = std::optional<double>;  // degrees, -90..90; empty = missing

/// Euclidean norm minus one, max(0, |a| - 1 g), in g. Needs a calibrated sensor.
double enmo(const Axes& g);

/// Five seconds of wrist acceleration, from the samples in it: mean ENMO, and the angle of the arm,
/// atan2(z, sqrt(x^2 + y^2)) of each axis' median. Empty when there are none, or they lie in free fall.
struct FiveSeconds {
  double enmo_g = 0, angle_deg = 0;
};
std::optional<FiveSeconds> five_seconds(std::span<const Axes> samples);

/// van Hees 2015 (doi 10.1371/journal.pone.0142533): sleep is where the angle of two neighbours did not change by more
/// than 5 degrees for more than 5 minutes. One label an angle, of angles every `step`. A missing angle has no label and
/// ends what came before it.
std::vector<Scored> sustained_inactivity(std::span<const Angle> angles, milliseconds step = 5s, double degrees = 5,
                                         minutes longer_than = 5min);

/// HDCZA 2018 (doi 10.1038/s41598-018-31266-z): the sleep period window of a day, best from noon to noon, for angles
/// every 5 s. It needs the whole day: for the morning, not for the night.
struct SleepWindow {
  std::size_t first = 0, end = 0;  // angles [first, end)
  double threshold = 0;            // degrees, 0.13..0.50
};
/// Its signal, one value an angle: the median of the 59 changes around it, zero at the edges of the recording.
std::vector<std::optional<double>> median_changes(std::span<const Angle> angles);
/// Empty when no quiet half hour was found, or less than half of the angles are there.
std::optional<SleepWindow> hdcza(std::span<const Angle> angles);

}  // namespace lull::scoring
