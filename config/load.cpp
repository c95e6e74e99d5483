// From a file to settings: read, checked against the table, built, and every problem named in the file's order.
#include "config/load.hpp"

#include <algorithm>
#include <exception>
#include <fstream>
#include <iterator>

#include "automations/restlessness/window.hpp"
#include "config/build.hpp"
#include "config/password.hpp"
#include "config/units.hpp"
#include "config/words.hpp"

namespace lull {
namespace config {
namespace {

/// A flat map of names and values, as Home Assistant's secrets.yaml is.
Secrets read_secrets(std::string_view text, std::vector<Problem>& problems) {
  Secrets secrets;
  secrets.found = true;
  const Node root = parse(text, secrets.file, Secrets{}, problems);
  if (root.is == Node::Is::nothing) return secrets;
  if (root.is != Node::Is::map) {
    problems.push_back({secrets.file, root.line, root.column, "", "must be a list of lines like `mqtt_password: ...`"});
    return secrets;
  }
  for (const Node::Entry& entry : root.entries) {
    if (entry.value.is == Node::Is::scalar)
      secrets.values.emplace_back(entry.key, entry.value.text);
    else  // never shown: it may be half a password
      problems.push_back({secrets.file, entry.line, entry.column, under("", entry.key), "must be one value"});
  }
  return secrets;
}

/// Secrets are for the ways to the outside: everything else is in the journal's copy, so that a night can be replayed.
bool may_hold_secrets(const Node::Entry& entry) { return entry.key == "broker" || entry.key == "ntfy"; }

void refuse_secrets(const Node& node, const std::string& path, Report& report) {
  if (!node.secret.empty())
    report.problem(node, path, "is a secret, which only `broker` and `ntfy` may have; write it out");
  for (std::size_t i = 0; i < node.items.size(); ++i) refuse_secrets(node.items[i], under(path, i), report);
  for (const Node::Entry& entry : node.entries) refuse_secrets(entry.value, under(path, entry.key), report);
}

/// Once a window of 1 to 20 min was taken, and the detector kept it within its own bounds: a night of then is read so.
void as_it_was_then(Node& root) {
  const auto under = [](Node& map, std::string_view key) {
    const auto named = [&](const Node::Entry& entry) { return entry.key == key; };
    const auto it = std::find_if(map.entries.begin(), map.entries.end(), named);
    return it == map.entries.end() ? nullptr : &it->value;
  };
  Node* sleepers = under(root, "sleepers");
  if (!sleepers) return;
  for (Node& sleeper : sleepers->items) {
    Node* detector = under(sleeper, "detector");
    Node* window = detector ? under(*detector, "window") : nullptr;
    const auto length = window ? duration_from(window->text) : std::nullopt;
    if (!length || *length < 1min || *length > 20min) continue;
    window->text = text_of(std::clamp<milliseconds>(*length, kShortestWindow, kLongestWindow));
  }
}

Loaded load(std::string_view text, const std::string& file, std::optional<std::string_view> secrets_text,
            bool journaled, const std::string* folder) {
  Loaded loaded;
  Report report{file};
  Secrets secrets;
  if (secrets_text) secrets = read_secrets(*secrets_text, report.problems);
  std::vector<Problem> reading;
  Node root = parse(text, file, secrets, reading);
  if (journaled) {
    as_it_was_then(root);
    std::erase_if(root.entries, may_hold_secrets);
    std::erase_if(reading, [](const Problem& p) { return p.what.find("names the secret") == 0; });
  }
  const bool unread = !reading.empty() && root.is == Node::Is::nothing;
  report.problems.insert(report.problems.end(), reading.begin(), reading.end());
  if (!unread) {
    if (root.is == Node::Is::nothing) {
      report.problems.push_back(
          {file, 0, 0, "", "is empty; docs/CONFIGURATION.md begins with the smallest useful file"});
    } else {
      check(root, root_shape(), "", report);
    }
    for (const Node::Entry& entry : root.entries)
      if (!may_hold_secrets(entry)) refuse_secrets(entry.value, under("", entry.key), report);
    Building b{root, report, folder};
    if (root.is == Node::Is::map) {
      build_connections(b);
      build_preflight(b);
      build_home(b);
      build_phones(b);
      build_ntfy(b);
      build_wyoming(b);
      build_devices(b);
      build_routines(b);
      build_rules(b);
      if (report.problems.empty()) find_hints(b);
    }
    b.settings.text = without_password(text, root);
    if (report.problems.empty()) loaded.settings = std::move(b.settings);
  }
  const auto before = [](const Problem& a, const Problem& c) {
    if ((a.line == 0) != (c.line == 0)) return c.line == 0;  // what is true of the whole file comes last
    return std::pair(a.line, a.column) < std::pair(c.line, c.column);
  };
  std::stable_sort(report.problems.begin(), report.problems.end(), before);
  std::stable_sort(report.hints.begin(), report.hints.end(), before);
  loaded.problems = std::move(report.problems);
  loaded.hints = std::move(report.hints);
  return loaded;
}

/// The whole load may be asked for by a page or a watcher: out of memory, a broken library, nothing gets out of here.
Loaded guarded(std::string_view text, std::string_view file, std::optional<std::string_view> secrets, bool journaled,
               const std::string* folder = nullptr) {
  try {
    return load(text, std::string(file), secrets, journaled, folder);
  } catch (const std::exception& e) {
    Loaded loaded;
    loaded.problems.push_back({std::string(file), 0, 0, "", std::string("cannot be read: ") + e.what()});
    return loaded;
  }
}

/// A file's text, or what keeps it from being read. Reads at most one byte more than is allowed.
std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text(kMaxFile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return std::nullopt;
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.empty() && !in.eof()) return std::nullopt;  // a directory opens, but cannot be read
  return text;
}

}  // namespace
}  // namespace config

Loaded load_file(const std::string& path) {
  const auto text = config::read_file(path);
  if (!text) {
    Loaded loaded;
    loaded.problems.push_back({path, 0, 0, "", "cannot be opened; check that the file exists and may be read"});
    return loaded;
  }
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  const std::string given = config::credential("secrets.yaml"),
                    beside = given.empty() ? folder + "secrets.yaml" : given;
  std::optional<std::string> secrets;
  if (text->find("!secret") != std::string::npos) secrets = config::read_file(beside);
  Loaded loaded =
      config::guarded(*text, path, secrets ? std::optional<std::string_view>(*secrets) : std::nullopt, false, &folder);
  // A hint and no problem: Home Assistant shares such a file with others, and has it so.
  if (const std::string open = secrets ? config::too_open(beside) : ""; !open.empty())
    loaded.hints.push_back({beside, 0, 0, "", open});
  return loaded;
}

Loaded load_text(std::string_view text, std::string_view file_name, std::optional<std::string_view> secrets) {
  return config::guarded(text, file_name, secrets, false);
}

Loaded load_journaled(std::string_view text, std::string_view file_name) {
  return config::guarded(text, file_name, std::nullopt, true);
}

std::string to_text(const Problem& problem) {
  std::string out = problem.file;
  if (problem.line > 0) out += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
  return out + ": " + (problem.path.empty() ? "the file" : problem.path) + " " + problem.what;
}

}  // namespace lull
