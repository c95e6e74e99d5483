// lull password: a user's line for the file of `http: users`. The password itself is kept nowhere.
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "bridge/api/people.hpp"
#include "bridge/cli/commands.hpp"

namespace lull::cli {
namespace {

/// Not shown on a terminal while it is typed.
struct Hidden {
  termios before{};
  bool terminal = isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &before) == 0;
  Hidden() {
    if (!terminal) return;
    termios quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~Hidden() {
    if (!terminal) return;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::fputc('\n', stderr);
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;
};

std::string asked(const char* what) {
  const Hidden hidden;
  if (hidden.terminal) std::fputs(what, stderr);
  std::string line;
  std::getline(std::cin, line);
  return line;
}

}  // namespace

int password(const Password& args) {
  if (args.user.empty() || args.user.size() > 64 || args.user.find_first_of(" \t#\r\n") != args.user.npos) {
    problem("--user must be a word of at most 64 bytes");
    return kUsage;
  }
  const std::string first = asked("Password: ");
  if (isatty(STDIN_FILENO) == 1 && asked("Again: ") != first) return problem("the two are not the same");
  const auto hash = password_hash(first);
  if (!hash) return problem(hash.error().where + ": " + hash.error().what);
  std::printf("%s %s %s\n", args.user.c_str(), args.role.c_str(), hash->c_str());
  return kFine;
}

}  // namespace lull::cli
