// The pages inside the program.
#include "bridge/http/assets.hpp"

#include <zlib.h>

#include <algorithm>
#include <string>

namespace lull {
namespace {

const Asset* find(std::string_view path) {
  const Asset* end = kAssets + kAssetCount;
  const Asset* found =
      std::lower_bound(kAssets, end, path, [](const Asset& a, std::string_view p) { return a.path < p; });
  return found != end && found->path == path ? found : nullptr;
}

/// For the few that take no gzip.
std::string unpacked(const Asset& asset) {
  std::string out(asset.size, '\0');
  z_stream z{};
  if (inflateInit2(&z, 15 + 16) != Z_OK) return "";
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(asset.gzip.data()));
  z.avail_in = static_cast<uInt>(asset.gzip.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  const bool whole = inflate(&z, Z_FINISH) == Z_STREAM_END;
  inflateEnd(&z);
  return whole ? out : "";
}

HttpReply reply_with(const Asset& asset, const HttpRequest& request) {
  HttpReply reply;
  reply.content_type = asset.type;
  // Names under assets/ hold a hash of what is in them; a page is asked for again, and mostly answered 304.
  reply.keep = asset.path.starts_with("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  reply.fields = {{"ETag", '"' + std::string(asset.tag) + '"'}, {"Vary", "Accept-Encoding"}};
  if (request.field("if-none-match").find(asset.tag) != std::string_view::npos) {
    reply.status = 304;
  } else if (request.field("accept-encoding").find("gzip") != std::string_view::npos) {
    reply.fixed = asset.gzip;
    reply.fields.emplace_back("Content-Encoding", "gzip");
  } else {
    reply.body = unpacked(asset);
  }
  return reply;
}

HttpReply page(std::initializer_list<std::string_view> names, const HttpRequest& request) {
  for (const std::string_view name : names)
    if (const Asset* asset = find(name)) return reply_with(*asset, request);
  return http_problem(404, "this program was built without its pages", "no_pages",
                      "the API is at /api/v1/state; build web/ and then Lull again");
}

}  // namespace

void serve_assets(HttpServer& server, int right) {
  const auto at = [right](std::string path) { return HttpServer::Route{"GET", std::move(path), right}; };
  server.on(at("/"), [](const HttpRequest& r) { return page({"index.html"}, r); });
  for (const char* name : {"bed", "trends", "rules", "login"})
    server.on(at(std::string("/") + name), [file = std::string(name) + ".html"](const HttpRequest& r) {
      return page({file, "index.html"}, r);
    });
  server.on(at("/night"), [](const HttpRequest&) {  // its links are relative: it must lie in a folder
    HttpReply there{302, "text/plain"};
    there.fields.emplace_back("Location", "night/");
    return there;
  });
  for (const char* path : {"/night/", "/night/{night}"})
    server.on(at(path), [](const HttpRequest& r) { return page({"night/index.html", "night.html"}, r); });
  const auto file = [](const HttpRequest& r) {
    const Asset* asset = find(std::string_view(r.path).substr(1));
    return asset ? reply_with(*asset, r) : http_problem(404, "nothing there", "not_found");
  };
  for (std::size_t i = 0; i < kAssetCount; ++i)
    if (!kAssets[i].path.ends_with(".html")) server.on(at("/" + std::string(kAssets[i].path)), file);
}

}  // namespace lull
