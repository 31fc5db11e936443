"""Speed of translating ratings, against a bare merge and groupby, and of drawing shares.

Both sides get the same frame, with the ratings in the order of their scale. The bare way gives the
range of the known ratings for each inspection and target; `Crosswalk.translate` gives the medians
and everything that must stand beside them as well. All ratings are invented.
"""

import tracemalloc
from functools import partial
from time import process_time

import numpy as np
import pandas as pd
from run import Result, best

from hmcpsi_data import Crosswalk, load, ordered

SOURCE, TARGET = "opa_2005", "aap_2016_east_midlands"
SIZES = (10_000, 100_000, 1_000_000)
KEYS = ["inspection_id", "target_aspect_id"]


def invented_ratings(n):
    """Invented ratings of all source aspects in as many inspections as it takes."""
    aspects = load("aspects").query("set_id == @SOURCE and level != 'overall'")["aspect_id"]
    random = np.random.default_rng(0)
    number = np.arange(n)
    inspections = pd.array([f"inspection_{i}" for i in range(n // len(aspects) + 1)], "string")
    words = pd.array(["Poor", "Fair", "Good", "Excellent", None], dtype="string")
    frame = pd.DataFrame(
        {
            "inspection_id": inspections.take(number // len(aspects)),
            "framework_id": pd.array([SOURCE], dtype="string").take(np.zeros(n, dtype=int)),
            "aspect_id": aspects.array.take(number % len(aspects)),
            "rating": words.take(random.integers(len(words), size=n)),
        }
    )
    return frame.assign(rating=ordered(frame))


def invented_crosswalk():
    """An invented crosswalk of 14 aspects with three links each, of unknown shares."""
    names = {side: [f"{side}_{i:02}" for i in range(14)] for side in ("old", "new")}
    rows = [(i, (i + step) % 14) for i in range(14) for step in range(3)]
    frame = pd.DataFrame(
        {
            "source_set": "old",
            "source_aspect_id": [names["old"][i] for i, _ in rows],
            "target_set": "new",
            "target_aspect_id": [names["new"][j] for _, j in rows],
            "status": "mapped",
            "relation": "overlaps",
        }
    )
    ids = [(side, aspect) for side, aspects in names.items() for aspect in aspects]
    return Crosswalk(frame, pd.DataFrame(ids, columns=["set_id", "aspect_id"]))


def invented_profile():
    """Invented ratings of the sources of the invented crosswalk."""
    words = ["Poor", "Fair", "Good", "Excellent", "Good", "Fair", "Good"] * 2
    aspects = [f"old_{i:02}" for i in range(14)]
    return pd.DataFrame({"framework_id": SOURCE, "aspect_id": aspects, "rating": words})


def bare(ratings, links):
    """The range of the ratings for each inspection and target, as pandas has it."""
    merged = ratings.merge(links, left_on="aspect_id", right_on="source_aspect_id")
    return merged.groupby(KEYS, observed=True)["rating"].agg(["min", "max"]).reset_index()


def peak(work):
    """The most memory that is held at once, in bytes."""
    tracemalloc.start()
    work()
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return held


def processor_time(call):
    """How long the processor works on a call; other work on the machine does not count."""
    start = process_time()
    call()
    return process_time() - start


def times(*calls, repeat=7):
    """The shortest of several times of each call, in seconds, taken in turn."""
    return np.min([[processor_time(call) for call in calls] for _ in range(repeat)], axis=0)


def run():
    """Yield every measurement with its limit."""
    crosswalk = Crosswalk.load(SOURCE, TARGET)
    links = crosswalk.to_frame().query("status == 'mapped'")[["source_aspect_id", KEYS[1]]]
    frames = {size: invented_ratings(size) for size in SIZES}
    for size in SIZES[1:]:
        ratings = frames[size]
        calls = partial(crosswalk.translate, ratings), partial(bare, ratings, links)
        ours, theirs = times(*calls)
        held = [peak(call) for call in calls]
        yield Result(f"translating {size:,} ratings, to a bare merge and groupby", ours / theirs, 4)
        yield Result("the memory that takes, to the same", held[0] / held[1], 3)
    took = times(*(partial(crosswalk.translate, ratings) for ratings in frames.values()))
    for size, once, more in zip(SIZES[1:], took, took[1:], strict=False):
        yield Result(f"translating {size:,} ratings, to a tenth of them", more / once, 12)
    drawing = partial(invented_crosswalk().sensitivity, invented_profile(), draws=10_000)
    yield Result("10,000 draws for 14 aspects with 3 links", 1000 * best(drawing, 20), 100, "ms")
