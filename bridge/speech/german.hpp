// German: the sentences by subject, a file each.
#pragma once

#include <span>

#include "bridge/speech/phrase_book.hpp"

namespace lull::german {

std::span<const Phrase> of_decisions();  // what was done, was not, and why
std::span<const Phrase> of_devices();    // refusals, findings, proofs, set-up tests
std::span<const Phrase> of_sleepers();   // detectors, replays, the look before the night
std::span<const Phrase> of_the_house();  // rules and routines in words, Home Assistant
std::span<const Phrase> of_the_pages();  // what the API refuses, and the picture of a night
std::span<const Phrase> who();
std::span<const Phrase> names();

}  // namespace lull::german
