// The web door as a whole.
#include "bridge/api/page.hpp"

#include "bridge/http/health.hpp"

namespace lull {

Result<std::unique_ptr<PageDoor>> PageDoor::open(boost::asio::io_context& io, Service& service,
                                                 const std::string& address, std::uint16_t port) {
  auto listening = HttpServer::listen(io, address, port);
  if (!listening) return listening.error();
  std::unique_ptr<PageDoor> door(new PageDoor);
  door->address_ = address;
  door->server_ = std::move(*listening);
  serve_health(*door->server_, [&service] {
    auto [well, why] = service.health();  // a sentence of ours: nothing in it needs escaping
    return std::pair{well, R"({"status":")" + std::string(well ? "ok" : "trouble") + R"(","detail":")" + why + "\"}"};
  });
  door->api_ = std::make_unique<Api>(io, service, *door->server_);
  return door;
}

std::string PageDoor::url() const {
  const std::string host = address_ == "0.0.0.0" || address_ == "::" ? "127.0.0.1" : address_;
  return "http://" + (host.find(':') == host.npos ? host : "[" + host + "]") + ":" + std::to_string(server_->port()) +
         "/";
}

}  // namespace lull
