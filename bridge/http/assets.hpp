// The pages, built by web/ and carried inside the program, gzipped.
#pragma once

#include <cstddef>
#include <string_view>

#include "bridge/http/server.hpp"

namespace lull {

struct Asset {
  std::string_view path;  // below web/dist: "bed.html", "assets/bed-4fa1.js"
  std::string_view type, tag;
  std::string_view gzip;  // its bytes
  std::size_t size;       // unpacked
};
/// Written at build time by pack.cpp, in order of path.
extern const Asset kAssets[];
extern const std::size_t kAssetCount;

/// GET / and the pages, and whatever they load. Where they come from, nothing else does: no path leads to a file.
void serve_assets(HttpServer& server, int right);

}  // namespace lull
