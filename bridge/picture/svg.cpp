// Writes the display list as SVG 1.1. Colours are attributes, so that a page with a strict content policy shows it too.
#include "bridge/picture/svg.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <set>

#include "devices/result.hpp"

namespace lull {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(text, 1000)) {  // well-formed, and without what XML 1.0 forbids
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

/// A coordinate to a tenth of a pixel, never in the locale's way.
std::string number(double v) {
  if (!std::isfinite(v)) return "0";
  const long long tenths = std::llround(std::fmin(std::fmax(v, -1e6), 1e6) * 10);
  const long long part = std::llabs(tenths) % 10;
  std::string out = (tenths < 0 ? "-" : "") + std::to_string(std::llabs(tenths) / 10);
  return part ? out + "." + std::to_string(part) : out;
}
std::string hex(std::uint32_t rgb) {
  std::array<char, 8> out{};
  std::snprintf(out.data(), out.size(), "#%06x", rgb & 0xFFFFFFU);
  return out.data();
}
std::string paint(const char* name, Colour c) {
  std::string out = std::string(" ") + name + "=\"" + hex(c.rgb) + "\"";
  if (c.alpha != 255) {
    std::array<char, 8> share{};
    std::snprintf(share.data(), share.size(), "0.%03d", c.alpha * 1000 / 255);
    out += std::string(" ") + name + "-opacity=\"" + share.data() + "\"";
  }
  return out;
}
std::string stripes_id(Colour c) { return "stripes-" + hex(c.rgb).substr(1) + "-" + std::to_string(c.alpha); }

std::string closed(const char* element, const std::string& title) {
  return title.empty() ? "/>\n" : "><title>" + escaped(title) + "</title></" + element + ">\n";
}

std::string shape(const Rect& r) {
  if (!(r.w > 0 && r.h > 0)) return "";
  std::string out = "<rect x=\"" + number(r.x) + "\" y=\"" + number(r.y) + "\" width=\"" + number(r.w) +
                    "\" height=\"" + number(r.h) + "\"";
  if (r.radius > 0) out += " rx=\"" + number(r.radius) + "\"";
  out += r.hatched ? " fill=\"url(#" + stripes_id(r.fill) + ")\"" : paint("fill", r.fill);
  return out + closed("rect", r.title);
}
std::string shape(const Stroke& s) {
  return "<line x1=\"" + number(s.x1) + "\" y1=\"" + number(s.y1) + "\" x2=\"" + number(s.x2) + "\" y2=\"" +
         number(s.y2) + "\"" + paint("stroke", s.colour) + " stroke-width=\"" + number(s.width) + "\"" +
         (s.dashed ? " stroke-dasharray=\"8 6\"" : "") + "/>\n";
}
std::string shape(const Text& t) {
  if (t.text.empty()) return "";
  std::string out = "<text x=\"" + number(t.x) + "\" y=\"" + number(t.y) + "\" font-size=\"" + number(t.size) + "\"" +
                    paint("fill", t.colour);
  if (t.anchor == Text::Anchor::middle) out += " text-anchor=\"middle\"";
  if (t.anchor == Text::Anchor::right) out += " text-anchor=\"end\"";
  out += ">" + escaped(t.text);
  if (!t.title.empty() && t.title != t.text) out += "<title>" + escaped(t.title) + "</title>";
  return out + "</text>\n";
}

std::string pattern(Colour c) {
  return "<pattern id=\"" + stripes_id(c) +
         "\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect "
         "width=\"3\" "
         "height=\"9\"" +
         paint("fill", c) + "/></pattern>\n";
}

}  // namespace

std::string to_svg(const Picture& p) {
  const std::string size = number(p.width) + " " + number(p.height);
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size +
      "\" role=\"img\" aria-label=\"" + escaped(p.title + ". " + p.description) +
      "\" font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif\">\n<title>" +
      escaped(p.title) + "</title>\n<desc>" + escaped(p.description) + "</desc>\n<defs>\n";
  std::set<std::string> patterns;  // one a colour
  for (const Shape& s : p.shapes) {
    const Rect* r = std::get_if<Rect>(&s);
    if (r && r->hatched && patterns.insert(stripes_id(r->fill)).second) out += pattern(r->fill);
  }
  out += "</defs>\n<rect width=\"" + number(p.width) + "\" height=\"" + number(p.height) + "\"" +
         paint("fill", p.background) + "/>\n";
  for (const Shape& s : p.shapes) out += std::visit([](const auto& any) { return shape(any); }, s);
  return out + "</svg>\n";
}

}  // namespace lull
