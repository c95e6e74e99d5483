// The command line: words to commands.
#pragma once

namespace lull::cli {
int main(int argc, char** argv);
}  // namespace lull::cli
