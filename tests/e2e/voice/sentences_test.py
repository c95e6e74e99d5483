"""What people say meets the sentences that are shipped for Assist, without a Home Assistant: a look that costs nothing.

voice_test.py says the same to the real one.
"""

from __future__ import annotations

import re
import sys
import unittest

from sentences import INTENTS, LANGUAGES, SHIPPED, STARTS, blueprint, corpus, matches, sentence_file


class WhatPeopleSay(unittest.TestCase):
    def test_is_enough_of_it(self):
        for language in LANGUAGES:
            must, must_not = corpus(language)
            self.assertGreaterEqual(sum(map(len, must.values())), 60, language)
            self.assertGreaterEqual(len(must_not), 60, language)
            self.assertEqual(set(must), set(blueprint(language)) - {"never"}, "each wish is said, and no other")

    def test_causes_one_wish(self):
        for language in LANGUAGES:
            for kind, templates in (("blueprint", blueprint(language)), ("file", sentence_file(language))):
                for wish, all_ in corpus(language)[0].items():
                    for said in all_:
                        seen = [one for one in templates if matches(templates[one], said)]
                        self.assertEqual(seen, [wish] if wish in templates else [], (language, kind, said))

    def test_starts_nothing_that_was_not_meant(self):
        for language in LANGUAGES:
            templates = blueprint(language)
            for said in corpus(language)[1]:
                seen = {wish for wish in templates if matches(templates[wish], said)}
                self.assertLessEqual(seen, {"never"}, (language, said))

    def test_starts_once_in_a_home_of_two_languages(self):
        for language, other in (LANGUAGES, LANGUAGES[::-1]):
            templates = blueprint(other)
            for wish in STARTS:
                for said in corpus(language)[0][wish]:
                    self.assertEqual([w for w in templates if matches(templates[w], said)], [], (language, said))


class TheSentences(unittest.TestCase):
    def test_of_blueprint_and_file_are_the_same(self):
        for language in LANGUAGES:
            templates = blueprint(language)
            self.assertEqual(sentence_file(language), {wish: templates[wish] for wish in INTENTS.values()}, language)

    def test_switch_on_nothing_but_a_routine_by_its_scene(self):  # a scene says that a voice may have called it
        on = r"(?:turn_on|toggle|set_percentage|select_option)\b.*?entity_id: (?:!input |\"{{ )?([\w.]+)"
        for file in ("blueprints/automation/lull/voice_en.yaml", "blueprints/automation/lull/voice_de.yaml",
                     "packages/lull.yaml", "packages/lull_de.yaml"):
            seen = set(re.findall(on, (SHIPPED / file).read_text()))
            self.assertIn(seen, ({"not_tonight", "replay", "wind_down_scene"},
                                 {"switch.lull_not_tonight", "scene.replay_massage", "scene.wind_down"}), file)

    def test_matcher_knows_its_forms(self):
        one = ["(stop|end) [the|my] wind[ |-]down"]
        for said in ("stop wind down", "End my wind-down.", "stop the winddown"):
            self.assertTrue(matches(one, said), said)
        for said in ("stop", "stop the wind", "don't stop the wind down", "stop the my wind down"):
            self.assertFalse(matches(one, said), said)


if __name__ == "__main__":
    sys.exit(unittest.main())
