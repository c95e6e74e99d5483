// Packs the painted pixels by libpng.
#include "bridge/picture/png.hpp"

#include <png.h>

#include <cmath>
#include <csetjmp>
#include <cstdint>

#include "bridge/picture/raster.hpp"

namespace lull {
namespace {

struct Sink {
  std::string bytes, problem;
};

void write(png_structp png, png_bytep data, png_size_t length) {
  static_cast<Sink*>(png_get_io_ptr(png))->bytes.append(reinterpret_cast<const char*>(data), length);
}
void flush(png_structp) {}
[[noreturn]] void fail(png_structp png, png_const_charp what) {
  static_cast<Sink*>(png_get_error_ptr(png))->problem = what;
  png_longjmp(png, 1);
}
void warn(png_structp, png_const_charp) {}

/// In a function of its own: longjmp may not skip the destructor of anything that lives here.
bool pack(Sink& sink, const std::uint8_t* rgb, unsigned width, unsigned height) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &sink, fail, warn);
  if (!png) return false;
  png_infop info = png_create_info_struct(png);
  if (!info || setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    return false;
  }
  png_set_write_fn(png, &sink, write, flush);
  png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_set_filter(png, 0, PNG_FILTER_UP);  // most rows equal the one above: zeros, which pack best and fastest
  png_set_compression_level(png, 6);
  png_write_info(png, info);
  for (unsigned y = 0; y < height; ++y) png_write_row(png, rgb + std::size_t{y} * width * 3);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return true;
}

}  // namespace

Result<std::string> to_png(const Picture& picture) {
  const auto side = [](double v) { return v >= 1 && v <= kMaxRasterSide ? static_cast<int>(std::lround(v)) : 0; };
  const int width = side(picture.width), height = side(picture.height);
  if (!width || !height)
    return Error{"picture", "its sides must be 1 to " + std::to_string(kMaxRasterSide) + " pixels"};
  Raster raster(width, height, picture.background);
  raster.paint(picture);
  Sink sink;
  sink.bytes.reserve(128 * 1024);
  if (!pack(sink, raster.rgb().data(), static_cast<unsigned>(width), static_cast<unsigned>(height)))
    return Error{"picture", "libpng: " + (sink.problem.empty() ? "out of memory" : sink.problem)};
  return std::move(sink.bytes);
}

}  // namespace lull
