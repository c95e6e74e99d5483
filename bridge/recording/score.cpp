// Which method goes with which recording.
#include "bridge/recording/score.hpp"

#include <algorithm>

namespace lull::recording {

std::vector<std::string> methods_of(std::string_view format) {
  if (format == "counts")
    return {"sadeh",
            "sadeh-1994",
            "cole-kripke",
            "cole-kripke-30s",
            "cole-kripke-10s",
            "cole-kripke-plain",
            "cole-kripke-30s-plain",
            "cole-kripke-10s-plain",
            "oakley",
            "oakley-20",
            "oakley-40",
            "oakley-80",
            "labels",
            "detect"};
  if (format == "raw") return {"van-hees", "hdcza", "detect"};
  if (format == "vibration") return {"detect"};
  if (format == "leg") return {"wasm", "wasm-lenient", "aasm", "detect"};
  if (format == "movements") return {"wasm", "wasm-lenient", "aasm"};
  return {};
}

bool knows(std::string_view format, std::string_view method) {
  const auto methods = methods_of(format);
  constexpr std::string_view kRescored = "+webster";
  if (format == "counts" && method.ends_with(kRescored)) {
    method.remove_suffix(kRescored.size());
    if (method == "detect") return false;
  }
  if (std::find(methods.begin(), methods.end(), method) != methods.end()) return true;
  // any threshold: oakley-60
  if (format != "counts" || !method.starts_with("oakley-")) return false;
  const auto number = parse_number(method.substr(7));
  return number && *number >= 1 && *number <= 100'000 &&
         method.substr(7).find_first_not_of("0123456789") == std::string_view::npos;
}

Result<Scores> score(const Table& table, const Request& request) {
  if (request.method == "detect") return detect(table, request);
  if (request.format == "counts") return score_counts(table, request);
  if (request.format == "raw") return score_angles(table, request);
  return score_legs(table, request);
}

}  // namespace lull::recording
