// The commands behind the words of the command line. Exit codes: 0 fine, 1 problems found, 2 wrong usage.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/load.hpp"

namespace lull::cli {

inline constexpr int kFine = 0, kProblems = 1, kUsage = 2;

struct Run {
  std::string config, state = "/var/lib/lull";
  bool verbose = false;
};
int run(const Run&);

struct Stop {
  std::string state = "/var/lib/lull";
};
int stop(const Stop&);
int release(const Stop&);

struct Demo {
  double speed = 180;  // a night of nine hours in three minutes
  std::uint64_t seed = 1;
  bool faults = false, partner = false;
  std::string out;               // "" = lull-demo in the system's folder for temporary files
  std::string program = "lull";  // as it was called, so that what it says to type works
  std::uint16_t serve = 0;       // the page's port; 0: a free one
  bool stay = false;             // when the night is over, until it is ended
};
int demo(const Demo&);

struct Check {
  std::string file;
  bool json = false, schema = false, connect = false;
};
int check(const Check&);
/// Of `lull check --connect`: logs in to Home Assistant, asks ntfy, and says what is there. Nobody is told anything.
int connect(const Settings&, bool json);

struct Report {
  std::string state, night, picture, csv;  // night "" = the newest; csv: "", nights, minutes
  int weeks = 0;                           // 0 = one night
  bool json = false;
};
int report(const Report&);

struct Why {
  std::string time, state, night;
  bool json = false;
};
int why(const Why&);

struct Replay {
  std::string journal;
  bool json = false;
};
int replay(const Replay&);

struct Preflight {
  std::string state;
  bool json = false;
};
int preflight(const Preflight&);

struct Health {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8099;
};
int health(const Health&);

struct Password {
  std::string user, role = "sleeper";
};
int password(const Password&);

struct DeviceArgs {
  std::string config, state = "/var/lib/lull", name;
  bool json = false;
};
int device_list(const DeviceArgs&);
int device_show(const DeviceArgs&);  // 1: it is not usable
int device_test(const DeviceArgs&);  // 0 passed, 1 failed

struct Score {
  std::string file, format, method, column, epoch, out, hypnogram, in_bed, out_of_bed;
  bool json = false;
};
int score(const Score&);

struct Backtest {
  std::string config, against, state, format = "counts", column, epoch, sleeper, begins = "22:00", in_bed, out_of_bed;
  std::vector<std::string> files;
  std::optional<int> nights{};
  bool json = false, brief = false;
};
int backtest(const Backtest&);

/// One line on the error stream, "lull: ...".
int problem(const std::string& text);

}  // namespace lull::cli
