// Many nights out of the journal: for trends and tables.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "automations/night/trend.hpp"
#include "bridge/store/store.hpp"
#include "devices/result.hpp"

namespace lull {

/// Each recorded night of the last `weeks` calendar weeks (all that are kept, when it is nothing), oldest first, with
/// the house that it was recorded with. Error: the journal cannot be read.
std::optional<Error> each_night(const Store& store, std::optional<int> weeks,
                                const std::function<void(const NightReport&, const House&)>& night);
/// One night, with the house that it was recorded with.
struct NightAndHouse {
  NightReport report;
  std::shared_ptr<const House> house;
};
Result<NightAndHouse> read_night(const Store& store, const std::string& night);
Result<Trend> read_trend(const Store& store, std::optional<int> weeks);

}  // namespace lull
