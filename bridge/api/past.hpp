// What the page asks of the past. Each of these reads the journal and may take a while: for a worker's thread.
#pragma once

#include <atomic>
#include <string>

#include "bridge/http/message.hpp"
#include "bridge/speech/phrase_book.hpp"
#include "bridge/store/store.hpp"
#include "config/load.hpp"

namespace lull::past {

HttpReply nights(Store& store, const Zone& zone);
HttpReply night(Store& store, const std::string& night);
/// `what`: picture.svg, picture.png or data.csv. Pictures in the words of `book`, null: English; a table is for
/// programs.
HttpReply night_file(Store& store, const std::string& night, const std::string& what, const PhraseBook* book);
/// Of a night, or of a part of it: ISO times with an offset, "" = its begin and end.
HttpReply decisions(Store& store, const Zone& zone, const std::string& night, const std::string& from,
                    const std::string& to);
HttpReply why(Store& store, const std::string& at);
HttpReply trends(Store& store, const std::string& weeks);

/// A configuration, as `lull check --json` would say.
HttpReply check(const std::string& text);
/// {"nights":14,"rules":{"Bedtime":false}}: what would have been without these rules. `end`: give up.
HttpReply backtest(Store& store, const House& house, const std::string& body, const std::atomic<bool>& end);

}  // namespace lull::past
