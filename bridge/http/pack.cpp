// At build time: the files of web/dist, and others under a path of their own, gzipped, as C++ source.
//     pack OUT.cpp DIST [PATH=FILE...]
#include <zlib.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string type_of(const std::string& suffix) {
  static const std::map<std::string, std::string> kTypes{{".html", "text/html; charset=utf-8"},
                                                         {".js", "text/javascript; charset=utf-8"},
                                                         {".css", "text/css; charset=utf-8"},
                                                         {".json", "application/json"},
                                                         {".svg", "image/svg+xml"},
                                                         {".png", "image/png"},
                                                         {".ico", "image/x-icon"},
                                                         {".webmanifest", "application/manifest+json"},
                                                         {".woff2", "font/woff2"},
                                                         {".txt", "text/plain; charset=utf-8"}};
  const auto found = kTypes.find(suffix);
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

/// The same bytes for the same file: zlib's gzip header bears no name and no time.
std::string gzipped(const std::string& bytes) {
  z_stream z{};
  if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) return "";
  std::string out(deflateBound(&z, static_cast<uLong>(bytes.size())) + 32, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string tag_of(const std::string& bytes) {
  std::uint64_t hash = 14695981039346656037ull;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

/// A string literal a line. In octal, which ends after three digits whatever follows.
void write_bytes(std::ostream& out, const std::string& bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i % 64 == 0) out << (i ? "\"\n    \"" : "\n    \"");
    const auto c = static_cast<unsigned char>(bytes[i]);
    char text[8];
    std::snprintf(text, sizeof text, c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '?' ? "%c" : "\\%03o", c);
    out << text;
  }
  out << '"';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  std::map<std::string, std::string> files;
  std::error_code none;
  for (const auto& entry : fs::recursive_directory_iterator(argv[2], none)) {
    if (!entry.is_regular_file() || entry.path().extension() == ".map") continue;
    files[fs::relative(entry.path(), argv[2]).generic_string()] = read(entry.path());
  }
  for (int i = 3; i < argc; ++i) {
    const std::string named = argv[i];
    const std::size_t mark = named.find('=');
    if (mark == named.npos || !fs::exists(named.substr(mark + 1))) return 2;
    files[named.substr(0, mark)] = read(named.substr(mark + 1));
  }
  std::ofstream out(argv[1]);
  out << "// Written by pack.cpp; not to be edited.\n#include \"bridge/http/assets.hpp\"\n\nnamespace lull {\n"
         "using namespace std::string_view_literals;\n\nconst Asset kAssets[] = {\n";
  for (const auto& [path, bytes] : files) {
    const std::string packed = gzipped(bytes);
    out << "  {\"" << path << "\"sv, \"" << type_of(fs::path(path).extension().string()) << "\"sv, \"" << tag_of(bytes)
        << "\"sv,\n   std::string_view(";
    write_bytes(out, packed);
    out << ", " << packed.size() << "), " << bytes.size() << "},\n";
  }
  if (files.empty()) out << "  {\"\"sv, \"\"sv, \"\"sv, \"\"sv, 0},\n";
  out << "};\nconst std::size_t kAssetCount = " << files.size() << ";\n\n}  // namespace lull\n";
  out.close();
  return out ? 0 : 1;
}
