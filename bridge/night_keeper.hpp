// The night is over: its records become a report, figures and a picture, away from the loop.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "automations/house.hpp"
#include "automations/night/report.hpp"
#include "bridge/home_assistant/states.hpp"
#include "bridge/store/store.hpp"
#include "devices/result.hpp"

namespace lull {

struct TheNight {
  std::string headline;            // one or two sentences for a phone
  std::vector<LastNight> figures;  // one a sleeper
  std::shared_ptr<const std::string> png;
};

/// All that was recorded of a night, in order. Error: what could not be read.
Result<std::vector<Timed>> records_of(const Store& store, const House& house, const std::string& night,
                                      const std::vector<Chapter>& chapters);
/// The night's report from the store. `chapters`: all of the store's, where they were read already.
Result<NightReport> read_report(const Store& store, const House& house, const std::string& night);
Result<NightReport> read_report(const Store& store, const House& house, const std::string& night,
                                const std::vector<Chapter>& chapters);

/// Reads, reports and draws on a thread of its own, so that STOP never waits for a picture.
class NightKeeper {
 public:
  explicit NightKeeper(Store& store) : store_(store) {}
  ~NightKeeper() { finish(); }
  NightKeeper(const NightKeeper&) = delete;
  NightKeeper& operator=(const NightKeeper&) = delete;

  /// `told` is called on the keeper's thread. Not called when the night cannot be read; `complaint` then says why.
  void tell(std::shared_ptr<const House> house, std::string night, std::function<void(TheNight)> told,
            std::function<void(Error)> complaint);
  /// Waits for the night that is being told.
  void finish();

 private:
  Store& store_;
  std::thread thread_;
};

}  // namespace lull
