// The web door as a whole.
#include "bridge/api/page.hpp"

#include <cstdlib>
#include <fstream>

#include "bridge/http/health.hpp"
#include "config/password.hpp"

namespace lull {
namespace {

Result<std::vector<User>> read_users(const std::string& path) {
  constexpr std::size_t kMost = 64 * 1024;
  if (const std::string open = config::too_open(path); !open.empty()) return Error{path, open};
  std::ifstream in(path, std::ios::binary);
  std::string text(kMost, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.empty()) return Error{path, "cannot be read or is empty; `lull password` makes its lines"};
  auto users = users_from(text);
  if (!users) return Error{path + ", " + users.error().where, users.error().what};
  return users;
}

}  // namespace

Result<std::unique_ptr<PageDoor>> PageDoor::open(boost::asio::io_context& io, Service& service,
                                                 const HttpSettings& http) {
  Doorkeeper::Settings who;
  who.ingress = std::getenv("SUPERVISOR_TOKEN") != nullptr;
  if (!http.users_file.empty()) {
    auto users = read_users(http.users_file);
    if (!users) return users.error();
    who.users = *std::move(users);
  }
  if (const std::string open = http.key_file.empty() ? "" : config::too_open(http.key_file); !open.empty())
    return Error{http.key_file, open};
  std::optional<HttpTls> tls;
  if (!http.certificate_file.empty()) tls = HttpTls{http.certificate_file, http.key_file};
  auto listening = HttpServer::listen(io, http.address, http.port, tls);
  if (!listening) return listening.error();
  std::unique_ptr<PageDoor> door(new PageDoor);
  door->address_ = http.address;
  door->tls_ = tls.has_value();
  door->server_ = std::move(*listening);
  serve_health(*door->server_, [&service] {
    auto [well, why] = service.health();  // a sentence of ours: nothing in it needs escaping
    return std::pair{well, R"({"status":")" + std::string(well ? "ok" : "trouble") + R"(","detail":")" + why + "\"}"};
  });
  door->api_ = std::make_unique<Api>(io, service, *door->server_, std::move(who));
  return door;
}

std::string PageDoor::url() const {
  const std::string host = address_ == "0.0.0.0" || address_ == "::" ? "127.0.0.1" : address_;
  return (tls_ ? "https://" : "http://") + (host.find(':') == host.npos ? host : "[" + host + "]") + ":" +
         std::to_string(server_->port()) + "/";
}

}  // namespace lull
