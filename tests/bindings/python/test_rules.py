# SPDX-License-Identifier: Apache-2.0
"""Taxonomy, geofence and decisions from Python."""

from __future__ import annotations

import unittest

import speciesnet_cpp as speciesnet
from speciesnet_cpp import Location, Rules

LION = "1;mammalia;carnivora;felidae;panthera;leo;lion"
LEOPARD = "2;mammalia;carnivora;felidae;panthera;pardus;leopard"
CATS = "3;mammalia;carnivora;felidae;;;cat family"
TAXONOMY = "\n".join((LION, LEOPARD, CATS))
GEOFENCE = '{"mammalia;carnivora;felidae;panthera;leo": {"allow": {"KEN": []}}}'


class RulesTest(unittest.TestCase):
    def setUp(self) -> None:
        self.rules = Rules(TAXONOMY, GEOFENCE)

    def test_a_lion_in_kenya_is_a_lion_elsewhere_its_family(self) -> None:
        for country, label in (("KEN", LION), ("NOR", CATS)):
            answer = self.rules.combine(
                [LION, LEOPARD], [0.9, 0.05], conf=0.9, location=Location(country)
            )
            self.assertEqual(answer.label, label)

    def test_an_answer_says_why_if_asked(self) -> None:
        norway = Location("NOR")
        answer = self.rules.combine([LION], [0.9], conf=0.9, location=norway, explain=True)
        self.assertEqual((answer.rule, answer.blocked_by), ("4a", "country_not_allowed"))
        self.assertIsNone(self.rules.combine([LION], [0.9], location=norway).reason)
        why = answer.explanation
        assert why
        self.assertEqual((why.category, why.conf, why.classes), ("animal", 0.9, ((LION, 0.9),)))
        self.assertEqual(why.blocked_by_entry, "mammalia;carnivora;felidae;panthera;leo")
        (step,) = why.rollup
        self.assertEqual((step.level, step.reached), ("family", True))
        self.assertEqual([(one.label, one.score) for one in step.sums], [(CATS, 0.9)])

    def test_the_reason_of_a_block_is_named(self) -> None:
        self.assertEqual(self.rules.blocked_by(LION, Location("NOR")), "country_not_allowed")
        self.assertIsNone(self.rules.blocked_by(LION, Location("KEN")))

    def test_a_rollup_may_find_nothing(self) -> None:
        answer = self.rules.roll_up([LION, LEOPARD], [0.5, 0.25], ["genus", "family"], 0.7)
        assert answer is not None
        self.assertEqual((answer.label, answer.score), (CATS, 0.75))
        self.assertIsNone(self.rules.roll_up([LION], [0.5], ["genus"], 0.1))

    def test_an_ancestor_is_an_entry_of_the_taxonomy(self) -> None:
        self.assertEqual(self.rules.ancestor(LION, "family"), CATS)
        self.assertIsNone(self.rules.ancestor(LION, "genus"))

    def test_a_species_list_and_an_overlay_say_what_lives_at_a_place(self) -> None:
        listed = self.rules.with_species_list(["Panthera leo"])
        self.assertIsNone(listed.blocked_by(LION, Location()))
        self.assertEqual(listed.blocked_by(LEOPARD, Location()), "not_in_species_list")
        overlaid = self.rules.with_geofence_overlay(
            "taxon,action,country,station\nlion,allow,NOR,\nlion,block,,gate\n"
        )
        self.assertIsNone(overlaid.blocked_by(LION, Location("NOR")))
        gate = Location("KEN", station="gate")
        self.assertEqual(overlaid.blocked_by(LION, gate), "overlay_blocked")
        self.assertIsNone(self.rules.blocked_by(LION, gate))
        with self.assertRaisesRegex(speciesnet.InvalidArgument, "did you mean 'lion'"):
            self.rules.with_species_list("lian")
        skipping = self.rules.with_species_list("lion\nlian", skip_unknown_taxa=True)
        self.assertEqual(skipping.skipped_taxa, ["species list, line 2: 'lian', did you mean 'lion'?"])
        self.assertEqual(self.rules.skipped_taxa, [])

    def test_errors_have_a_class_and_a_status(self) -> None:
        with self.assertRaisesRegex(speciesnet.InvalidArgument, "KENYA") as caught:
            self.rules.combine([LION], [0.9], location=Location("KENYA"))
        self.assertEqual(caught.exception.status, 1)
        with self.assertRaises(speciesnet.ModelError):
            Rules("only;three;parts", "{}")
        with self.assertRaises(ValueError):
            self.rules.combine([LION], [0.9, 0.1])

    def test_closed_rules_cannot_be_used(self) -> None:
        with self.rules:
            pass
        with self.assertRaisesRegex(ValueError, "closed"):
            self.rules.ancestor(LION, "family")


if __name__ == "__main__":
    unittest.main()
