// lull: comfort for restless legs, in a bedroom that Home Assistant knows.
#include "bridge/cli/cli.hpp"

int main(int argc, char** argv) { return lull::cli::main(argc, argv); }
