// At build time: the sentences of the voice blueprints, as C++ source. What cannot be read ends the build.
//     pack_sentences OUT.cpp LANGUAGE=BLUEPRINT...
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "bridge/wyoming/plain.hpp"

namespace {

/// The lines between `triggers:` and `variables:`: "  - id: stop_massage  # why", "      - \"template\"", and what
/// Home Assistant needs besides.
bool pack(std::string_view language, std::string_view text, std::string& out) {
  bool inside = false, done = false;
  std::size_t sentences = 0;
  for (std::string_view rest = text; !rest.empty() && !done;) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    constexpr std::string_view kId = "  - id: ", kSentence = "      - \"";
    if (line == "triggers:") {
      inside = true;
    } else if (line == "variables:") {
      done = true;
    } else if (inside && line.starts_with(kId)) {
      const std::string_view id = line.substr(kId.size());
      out += "=" + std::string(language) + " " + std::string(id.substr(0, id.find("  #"))) + "\n";
    } else if (inside && line.starts_with(kSentence) && line.ends_with('"') && line.find('\\') == line.npos) {
      out += lull::plain_letters(line.substr(kSentence.size(), line.size() - kSentence.size() - 1)) + "\n";
      ++sentences;
    } else if (inside && line != "    trigger: conversation" && line != "    command:") {
      std::fprintf(stderr, "%s: cannot read: %s\n", std::string(language).c_str(), std::string(line).c_str());
      return false;
    }
  }
  return done && sentences > 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  std::string all;
  for (int i = 2; i < argc; ++i) {
    const std::string_view named = argv[i];
    const std::size_t mark = named.find('=');
    if (mark == named.npos) return 2;
    std::ifstream in(std::string(named.substr(mark + 1)), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!pack(named.substr(0, mark), text, all)) return 1;
  }
  std::ofstream out(argv[1]);
  out << "// Written by pack.cpp; not to be edited.\n#include \"bridge/wyoming/sentences.hpp\"\n\nnamespace lull {\n"
         "using namespace std::string_view_literals;\n\nconst std::string_view kSentences =\n";
  for (std::string_view rest = all; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    out << "    R\"(" << line << "\n)\"\n";
  }
  out << "    \"\"sv;\n\n}  // namespace lull\n";
  out.close();
  return out ? 0 : 1;
}
