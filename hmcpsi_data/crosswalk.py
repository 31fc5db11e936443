"""Crosswalks between two sets of aspects: what is linked, how surely, and what follows from it.

A crosswalk is a judgement, row by row, and says so in each. The shipped ones are this project's;
one of your own, from a CSV file, an SSSOM file or an edited frame, works in every place where a
shipped one does. Overall assessments take no part. How its parts work is told in
`hmcpsi_data.crosswalk_rules` (what is valid), `hmcpsi_data.crosswalk_maths` (shares and medians),
`hmcpsi_data.crosswalk_chain` (composition) and `hmcpsi_data.sssom` (exchange).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from numbers import Integral

import pandas as pd

from hmcpsi_data import crosswalk_shape, crosswalk_translate, sssom
from hmcpsi_data.crosswalk_base import CrosswalkBase
from hmcpsi_data.crosswalk_chain import Shares, chain, invert
from hmcpsi_data.crosswalk_table import SOURCE, TARGET, bounds, problem_table
from hmcpsi_data.errors import CrosswalkError, HmcpsiError

__all__ = ["Crosswalk"]

_Folder = str | os.PathLike[str] | None
_Aspects = pd.DataFrame | None


class Crosswalk(CrosswalkBase):
    """Links between the aspects of two sets, each a judgement with its bounds and its reason.

    It never changes: what it gives out are copies, and every operation makes a new one.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per link, remainder, absence or undetermined case, with the columns of the table
        ``crosswalk`` (see `codebook`). Needed are the two sets, the two aspects, `status` and
        `relation`; the others may be left out.
    folder : path, optional
        The data folder with the aspects and scales, as for `load`.
    aspects : pandas.DataFrame, optional
        The aspects of both sets with `aspect_id` and `set_id` and, where known, `label`, `level`
        and `parent_id`, for sets that no data folder has. Without it, the table ``aspects``.

    Raises
    ------
    CrosswalkError
        Where the frame is no table of a crosswalk. One that is, but breaks a rule, can be looked at
        and mended: `is_valid` and `diagnose` judge it, and everything else refuses it.

    Examples
    --------
    >>> shipped = Crosswalk.load("opa_2005", "aap_2016_sections")
    >>> edited = shipped.to_frame()
    >>> edited.loc[0, "share_high"] = 1.2
    >>> shipped.is_valid(), Crosswalk(edited).is_valid()
    (True, False)
    >>> Crosswalk(edited).coverage()
    Traceback (most recent call last):
    hmcpsi_data.errors.CrosswalkError: Crosswalk opa_2005 to aap_2016_sections is not valid; \
diagnose() lists what is wrong:
      row 0: The shares from 0.5 to 1.2 are no part of a whole. Keep 0 <= share_low <= share_high \
<= 1; an empty cell means not known.
    """

    __slots__ = ("_inverse", "_shares")

    def __init__(
        self, frame: pd.DataFrame, folder: _Folder = None, aspects: _Aspects = None
    ) -> None:
        super().__init__(frame, folder, aspects)
        self._shares: Shares | None = None  # of a chain, not clipped
        self._inverse: Crosswalk | None = None

    def coverage(self) -> pd.DataFrame:
        """How much of both sets it reaches, and what it leaves out by name.

        Returns
        -------
        pandas.DataFrame
            One row per side. `n_aspects` is the sum of `n_linked`, `n_without` (no counterpart)
            and `n_undetermined` (no link is certain); `n_remainder` of the linked ones have a part
            without a home. `without`, `undetermined` and `remainder` name them.

        Examples
        --------
        >>> Crosswalk.load("opa_2005", "opa_2007").coverage().iloc[:, :5]
             side    set_id  n_aspects  n_linked  n_without
        0  source  opa_2005         14        14          0
        1  target  opa_2007         13        13          0
        """
        return crosswalk_shape.coverage(self._checked())

    def exact_splits(self) -> pd.DataFrame:
        """Which split sources meet again in one section, and which cross sections.

        The section of a target is its parent, and a section is its own. Where all targets of a
        source have the same one, the whole source lies in it, however the split is drawn, unless a
        part of it has no home. Which criterion of 2016 belongs to which section is printed for
        Wessex only and derived from there for others: what is exact rests on that.

        Returns
        -------
        pandas.DataFrame
            One row per source with several links: `source_aspect_id`, `source`, `n_links`,
            `sections`, `section_basis` (what the places of its targets rest on), `exact`, and the
            `outcome` in words.

        Examples
        --------
        >>> splits = Crosswalk.load("opa_2005", "aap_2016_east_midlands").exact_splits()
        >>> splits.loc[0, ["source", "outcome"]].to_list()
        ["Managing magistrates' courts cases", 'meets again in High quality casework, and is \
exact there']
        """
        return crosswalk_shape.exact_splits(self._checked())

    def cardinality(self, scope: str | Sequence[str] = ()) -> pd.DataFrame:
        """How many partners the aspects of each row have, as SSSOM defines it.

        Parameters
        ----------
        scope : str or list of str, optional
            SSSOM slots that must agree for rows to be counted together, such as ``predicate_id``,
            or ``ext_confidence``; without it, all rows are.

        Returns
        -------
        pandas.DataFrame
            One row per row of `to_frame`: the two aspects, `status`, `relation`, `predicate_id`,
            `cardinality` (1:1, 1:n, n:1, n:n, 1:0 or 0:1) and the `scope`. A remainder has nothing
            on its other side, so it counts as 1:0, though its source is linked in other rows; it
            makes none of them 1:n.

        Examples
        --------
        >>> found = Crosswalk.load("opa_2005", "aap_2016_sections").cardinality(["predicate_id"])
        >>> found["scope"].unique().tolist()
        ['predicate_id']
        """
        scope = [scope] if isinstance(scope, str) else list(dict.fromkeys(scope))
        mappings = sssom.mappings(self._checked())
        found = self._frame[[SOURCE, TARGET, "status", "relation"]]
        return found.assign(
            predicate_id=mappings["predicate_id"].astype("string"),
            cardinality=sssom.cardinality(mappings, scope),
            scope=pd.array(["|".join(scope)] * len(found), dtype="string"),
        )

    def inverse(self) -> Crosswalk:
        """The crosswalk in the other direction.

        Relations turn round, and what had no counterpart still has none. The shares of a source
        say nothing about those of its targets, so all shares are empty and remainders fall away.
        A link that is equal, beside others of its new source, becomes undetermined: equal stands
        alone. The inverse of the inverse is the crosswalk itself, which the inverse remembers. What
        is turned twice by way of its table has the links of the first, but not its shares and
        remainders, and such a link stays undetermined.

        Examples
        --------
        >>> forth = Crosswalk.load("opa_2005", "opa_2007")
        >>> forth.inverse().source_set, forth.inverse().inverse() is forth
        ('opa_2007', True)
        """
        if self._inverse is None:
            turned = self._made(invert(self._checked().frame), self._aspects, self._sets[::-1])
            turned._inverse = self
            self._inverse = turned
        return self._inverse

    def then(self, other: Crosswalk) -> Crosswalk:
        """One crosswalk of this one and another that starts where it ends.

        How relations and bounds compose is told in `hmcpsi_data.crosswalk_chain`. The result is
        checked like any other, and no row of it has been judged by anybody.

        Raises
        ------
        CrosswalkError
            Where the two do not meet in one set, or one of them is not valid.

        Examples
        --------
        >>> opa = Crosswalk.load("opa_2005", "aap_2016_east_midlands")
        >>> opa.then(Crosswalk.load("aap_2016_east_midlands", "aip_2021_subjects")).is_valid()
        True
        """
        if not isinstance(other, CrosswalkBase):
            fault = f"A crosswalk is followed by another one, not by {type(other).__name__}."
            raise CrosswalkError(f"{fault} Crosswalk.load gives one.", problem_table([]))
        first, second = self._checked(), other._checked()
        homeless = set(first.targets["aspect_id"]) - set(second.sources["aspect_id"])
        if self.target_set != other.source_set or homeless:
            fault = (
                f"{self._name} cannot be followed by {other._name}: they do not meet in one set."
            )
            raise CrosswalkError(fault, problem_table([]))
        sets = [*self._sets, *other._sets[1:]]
        bounded = self._bounds(), other._bounds()
        frame, shares = chain(first.frame, second.frame, bounded, sets)
        made = self._made(frame, pd.concat([self._aspects, other._aspects]), sets)
        made._shares = shares
        made._checked()
        return made

    def translate(self, ratings: pd.DataFrame, by: str | None = "inspection_id") -> pd.DataFrame:
        """Ratings of the source set as ranges of words for each target.

        Parameters
        ----------
        ratings : pandas.DataFrame
            What `ratings` returns, or any frame with `framework_id`, `aspect_id` and `rating`, all
            of the framework of the source set; of other aspects than those of the set it takes no
            notice. A row without rating is not known.
        by : str, optional
            The column that tells apart what gets a result of its own. Ratings of several
            inspections in one group weigh equally. None takes all ratings together, and so does a
            frame without that column.

        Returns
        -------
        pandas.DataFrame
            One row per group and target.

            worst, best, lower_median, upper_median
                Words of the source's scale, as ordered categoricals; see
                `hmcpsi_data.crosswalk_translate`. Missing where nothing is known, the medians also
                where all shares are 0.
            framework_id
                Whose words they are.
            n_links, n_known
                Links of the target with a `share_high` above 0, and those with a known rating.
            relation, confidence
                The different relations of these links, and the lowest of their confidences.
            unmapped
                Source aspects that have no link at all, so that their ratings are in no row.
            open
                Whether the full range remains possible, because a rating is not known or a link is
                undetermined.
            origin, caveat
                "translated", and what that means.

        Raises
        ------
        FrameworkError
            Where the ratings are of two frameworks or not of the source's, where one inspection
            has two ratings of one aspect, or where a column is missing.
        UnknownValueError
            Where an aspect belongs to no set, or a rating is no word of the scale; all are named.
            Aspects of other sets, and overall assessments, are left out.

        Examples
        --------
        >>> from hmcpsi_data import ratings
        >>> crosswalk = Crosswalk.load("opa_2005", "aap_2016_east_midlands")
        >>> found = crosswalk.translate(ratings("Leicestershire", framework="opa_2005"))
        >>> found[["target", "worst", "best"]].head(2)
                                     target worst  best
        0       Effectiveness of leadership  Good  Good
        1  Resources systematically managed  Good  Good
        """
        return crosswalk_translate.translate(self._checked(), ratings, by)

    def sensitivity(
        self,
        ratings: pd.DataFrame,
        draws: int = 10_000,
        seed: int = 0,
        by: str | None = "inspection_id",
    ) -> pd.DataFrame:
        """How often each word is the median when the shares are drawn at random.

        Parameters
        ----------
        ratings, by
            As for `translate`.
        draws : int
            How many times to draw the shares of all sources, uniformly from what is admissible; 1
            or more.
        seed : int
            The same seed gives the same result; 0 or more.

        Returns
        -------
        pandas.DataFrame
            One row per group, target and word: in how many of the `draws` it is the
            `lower_median` and the `upper_median`. Draws in which all known weights are 0, and
            targets of which nothing is known, count for no word.

        Raises
        ------
        HmcpsiError
            Where `draws` or `seed` is no such number, and as for `translate`.

        Examples
        --------
        >>> from hmcpsi_data import ratings
        >>> crosswalk = Crosswalk.load("opa_2005", "aap_2016_east_midlands")
        >>> found = crosswalk.sensitivity(ratings("Leicestershire", framework="opa_2005"))
        >>> found.loc[found["lower_median"] > 0, ["target", "label", "lower_median"]].head(2)
                                     target label  lower_median
        2       Effectiveness of leadership  Good         10000
        6  Resources systematically managed  Good         10000
        """
        for name, number, least in (("draws", draws, 1), ("seed", seed, 0)):
            if not isinstance(number, Integral) or isinstance(number, bool) or number < least:
                raise HmcpsiError(f"{name} is {number!r}: give a whole number from {least} up.")
        return crosswalk_translate.sensitivity(self._checked(), ratings, draws, seed, by)

    def _bounds(self) -> Shares:
        return bounds(self._frame) if self._shares is None else self._shares

    def _made(self, frame: pd.DataFrame, aspects: pd.DataFrame, sets: list[str]) -> Crosswalk:
        """A crosswalk made from this one."""
        made = type(self)(frame, self._folder, aspects)
        made._sets = sets
        return made
