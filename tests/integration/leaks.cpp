// What the leak sanitizer may overlook here: Paho C keeps a few bytes of its own book-keeping for each ended session.
// Without a sanitizer nobody asks.
extern "C" const char* __lsan_default_suppressions() { return "leak:libpaho-mqtt3as\n"; }
