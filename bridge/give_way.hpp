// Which threads let the loop go first.
#pragma once

namespace lull {

/// Makes the calling thread less urgent than the loop, where a STOP may be waiting: there may be two processors, and
/// whoever takes a flood in, writes a journal or draws a picture is in no hurry. Nobody needs a right to do that to a
/// thread of his own. Twice on one thread is once.
void give_way();

}  // namespace lull
