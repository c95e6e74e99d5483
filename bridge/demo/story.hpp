// What a person sees of the demo: a line for each thing that happens, and one that shows how the night goes on.
#pragma once

#include <set>
#include <string>

#include "automations/effect.hpp"
#include "automations/house.hpp"
#include "automations/view.hpp"
#include "bridge/demo/bedroom.hpp"

namespace lull::demo {

class Story {
 public:
  Story(const House& house, bool terminal) : house_(house), terminal_(terminal) {}
  void tell(Utc utc, const Effect& effect);
  /// `part` of the night is over, 0..1.
  void progress(Utc utc, double part, const View& view, const Truth& truth);
  void end_line();

 private:
  void line(Utc utc, const std::string& text);

  const House& house_;
  bool terminal_;
  bool open_ = false;  // a progress line stands there
  int last_hour_ = -1;
  std::string last_;
  std::set<SleeperId> in_bed_;  // as last told: who was never in bed leaves none
};

}  // namespace lull::demo
