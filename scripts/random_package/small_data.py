# SPDX-License-Identifier: Apache-2.0
"""Writes a few of a release's labels, their entries in taxonomy and geofence, and small copies of photos.

usage: small_data.py OUTPUT DATA PHOTO...    (OUTPUT/data and OUTPUT/photos)
"""

import json
import os
import sys

from PIL import Image

NAMES = """human;vehicle;blank;animal;american black bear;african elephant;ocelot;domestic cattle;domestic dog;brown bear;grey wolf;
lion;eastern gray squirrel;northern raccoon;puma;white-tailed deer;red kangaroo;kangaroo family;domestic horse;bird;mammal;rodent;
felidae family;cervidae family;canidae family;leopardus species;canis species;common barn owl;giant panda;reptile;elk;mule deer;
plains zebra;impala;carnivorous mammal;bobcat;coyote;wild turkey;red fox;leopard""".replace("\n", "")
LONGEST_SIDE = 800


def key_of(label):
    """Returns the ranks from class to species, as the geofence names a taxon."""
    return ";".join(label.split(";")[1:6])


def ancestors(label):
    ranks = key_of(label).split(";")
    return {";".join(ranks[:count] + [""] * (5 - count)) for count in range(6)}


def lines_of(file):
    with open(file, encoding="utf-8") as text:
        return text.read().splitlines()


def write(file, text):
    with open(file, "w", encoding="utf-8") as output:
        output.write(text)


def write_data(output, data):
    os.makedirs(output, exist_ok=True)
    name = next(name for name in sorted(os.listdir(data)) if name.endswith(".labels.txt"))
    kept = set(NAMES.split(";"))
    labels = [line for line in lines_of(os.path.join(data, name)) if line.split(";")[-1] in kept]
    keys = set().union(*map(ancestors, labels))
    taxonomy = [line for line in lines_of(os.path.join(data, "taxonomy_release.txt")) if key_of(line) in keys]
    with open(os.path.join(data, "geofence_release.json"), encoding="utf-8") as file:
        geofence = {key: rules for key, rules in json.load(file).items() if key in keys}
    write(os.path.join(output, name), "\n".join(labels) + "\n")
    write(os.path.join(output, "taxonomy_release.txt"), "\n".join(taxonomy) + "\n")
    write(os.path.join(output, "geofence_release.json"), json.dumps(geofence, indent=1) + "\n")
    print(len(labels), "labels,", len(taxonomy), "of the taxonomy,", len(geofence), "of the geofence")


def write_photos(output, files):
    os.makedirs(output, exist_ok=True)
    for file in files:
        photo = Image.open(file).convert("RGB")
        photo.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        photo.save(os.path.join(output, os.path.basename(file)), quality=80)


def main():
    output, data, *photos = sys.argv[1:]
    write_data(os.path.join(output, "data"), data)
    write_photos(os.path.join(output, "photos"), photos)


main()
