"""The same enterprise twice: found by its code or by its name, merged into the row that says most."""

import re
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.locate import read_addresses
from geo.places.geocoding import CORE_HOSTS
from geo.places.zones import CORE
from geo.text import name_key

BY_USCC: Final = "统一社会信用代码相同"
BY_NAME: Final = "名称相同，代码不矛盾"


APART: Final = "同名，区、地址或成立日期不同，没有合并"
SITE: Final = "同一信用代码的另一处地址，作为该企业的厂区，企业只计一次"

_BRANCH: Final = re.compile(r"分公司|分厂|分店|分部|工厂|厂区|基地|车间|办事处|[一二三四五六七八九十]厂")

_ONE_PLACE: Final = [{CORE, adcode} for adcode in CORE_HOSTS]
"""What is no contradiction: Lingang, and a district that it lies in."""


class Merged(NamedTuple):
    """The rows that remain, and a table of those that went: `position`, `kept` (positions) and `rule`.

    `parent` gives for the rows that are a site of another the position of that one; `apart` are rows that bear the name
    of another and are not it.
    """

    table: pd.DataFrame
    merged: pd.DataFrame
    parent: pd.Series
    apart: NDArray[np.int64]


def same_enterprise(names: pd.Series, codes: pd.Series) -> NDArray[np.int64]:
    """Group of each row: rows of one group are one enterprise.

    Parameters
    ----------
    names : Series of str
    codes : Series of str
        Valid codes only, missing where there is none.

    Returns
    -------
    ndarray of int, shape (n,)
        Rows with the same code are one; rows with the same name are one unless their codes differ, and where several
        codes bear a name, a row of that name without a code stays with its like.

    Examples
    --------
    >>> names = pd.Series(["样例甲", "样例甲", "样例乙", "样例甲"])
    >>> same_enterprise(names, pd.Series(["A", None, "A", "B"])).tolist()
    [0, 1, 0, 2]
    """
    by_name, _ = pd.factorize(names.map(name_key))
    by_code, _ = pd.factorize(codes)
    coded = by_code >= 0
    pairs = pd.DataFrame({"name": by_name[coded], "code": by_code[coded]}).drop_duplicates()
    codes_per_name = np.bincount(pairs["name"], minlength=by_name.max(initial=-1) + 1)
    # under a name with several codes a row with a code is known by that code alone
    told_by_code = coded & (codes_per_name[by_name] > 1)
    leader = list(range(len(names)))

    def lead(row: int) -> int:
        while leader[row] != row:
            leader[row] = leader[leader[row]]
            row = leader[row]
        return row

    for keys, known in ((by_name, ~told_by_code), (by_code, coded)):
        first: dict[int, int] = {}
        for row in np.flatnonzero(known).tolist():
            other = lead(first.setdefault(int(keys[row]), row))
            leader[lead(row)] = other
    return np.asarray(pd.factorize(np.array([lead(row) for row in range(len(names))], np.int64))[0], dtype=np.int64)


def split_by_evidence(
    table: pd.DataFrame, group: NDArray[np.int64], codes: pd.Series
) -> tuple[NDArray[np.int64], dict[int, int], list[int]]:
    """Take groups apart where the rows' districts, addresses or dates of founding contradict each other.

    Parameters
    ----------
    table : DataFrame
        Columns `name`, and any of `stated_adcode`, `stated_core`, `address`, `founded`, `kind`.
    group : ndarray of int
        As `same_enterprise` gives it.
    codes : Series of str
        Valid codes.

    Returns
    -------
    group : ndarray of int
        The finer groups.
    parent : dict of int to int
        First row of a group that is a site → first row of the group of its enterprise, which has the same code.
    apart : list of int
        First rows of groups that bear the name of another group and share no code with it.

    Notes
    -----
    Rows of one code are one enterprise: one at another address, or under the name of a branch, is a site of it.  The
    head is the row whose name is no branch's, the first of those.  A row without any evidence joins where there is one
    group to join.
    """
    several = np.flatnonzero(np.bincount(group)[group] > 1)
    fine = group.copy()
    parent: dict[int, int] = {}
    apart: list[int] = []
    if not len(several):
        return fine, parent, apart
    part = table.iloc[several]
    empty = pd.Series("", index=part.index, dtype="str")
    address, stated, core, founded = (
        part.get(name, empty).fillna("").astype("str")
        for name in ("address", "stated_adcode", "stated_core", "founded")
    )
    read = read_addresses(address, stated)
    evidence = {
        int(row): (
            district or place.adcode or lingang,
            f"{place.road}{place.number}" if place.road and place.number else "",
            day,
        )
        for row, district, lingang, place, day in zip(several, stated, core, read, founded, strict=True)
    }
    code, names = codes.fillna("").to_numpy(object), table["name"].to_numpy(object)
    site = table.get("kind", pd.Series(index=table.index, dtype="str")).eq("site").to_numpy(bool)
    following = int(group.max()) + 1
    for _, rows in pd.Series(several).groupby(group[several], sort=False):
        members = sorted(
            rows.tolist(), key=lambda row: (site[row], bool(_BRANCH.search(names[row])), not any(evidence[row]))
        )
        clusters: list[list[int]] = []
        for row in members:
            fits = [cluster for cluster in clusters if _agree(row, cluster, evidence, code, names)]
            if fits and (any(evidence[row]) or code[row] or len(clusters) == 1):
                fits[0].append(row)
            else:
                clusters.append([row])
        heads: dict[str, int] = {}
        for number, cluster in enumerate(clusters):
            first = min(cluster)
            own = next((code[row] for row in cluster if code[row]), "")
            if number:
                fine[cluster] = following
                following += 1
                if own and own in heads:
                    parent[first] = heads[own]
                else:
                    apart.append(first)
            if own:
                heads.setdefault(own, first)
    return fine, parent, apart


def _agree(
    row: int,
    cluster: list[int],
    evidence: dict[int, tuple[str, str, str]],
    code: NDArray[np.object_],
    names: NDArray[np.object_],
) -> bool:
    """Whether nothing speaks against a row being the same as those of a cluster, at the same place."""
    branch = _BRANCH.search(names[row])
    for other in cluster:
        same_code = code[row] != "" and code[row] == code[other]
        facts = 2 if same_code else 3
        pairs = zip(evidence[row][:facts], evidence[other][:facts], strict=True)
        if any(one and two and one != two and {one, two} not in _ONE_PLACE for one, two in pairs):
            return False
        if branch and name_key(names[row]) != name_key(names[other]):
            return False
    return True


def merge_duplicates(table: pd.DataFrame, facts: list[str], pairs: list[list[str]]) -> Merged:
    """Merge the rows that are one enterprise.

    Parameters
    ----------
    table : DataFrame
        Columns `name`, `uscc`, `uscc_valid`, `aliases` and any others; missing where nothing is known; index 0…n-1.
    facts : list of str
        Columns that are counted to find the row that says most; the first of equals gives name and source.
    pairs : list of list of str
        Columns that are filled together or not at all, such as amount and currency.

    Returns
    -------
    Merged
        The row that says most, its gaps filled from the others in the order of the file; former and other names in
        `aliases`, joined by ``;``.

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["样例甲", "样例甲"], "uscc": [None, None], "uscc_valid": [pd.NA, pd.NA],
    ...                       "aliases": [None, "样例旧"], "size": ["大型", None]})
    >>> merged = merge_duplicates(table, ["name", "aliases", "size"], [])
    >>> merged.table[["name", "aliases", "size"]].values.tolist(), merged.merged["kept"].tolist()
    ([['样例甲', '样例旧', '大型']], [0])
    """
    valid = table["uscc_valid"].fillna(False).astype(bool)
    codes = table["uscc"].where(valid)
    group, parent_of, apart = split_by_evidence(table, same_enterprise(table["name"], codes), codes)
    if "enterprise_id" in table:
        group = _kept_apart(group, table["enterprise_id"].fillna("").astype("str"))
    sizes = np.bincount(group, minlength=1)
    several = sizes[group] > 1
    nothing = pd.DataFrame({"position": [], "kept": [], "rule": []}).astype({"position": int, "kept": int, "rule": str})
    if not several.any():
        return Merged(_tidy_aliases(table), nothing, pd.Series(parent_of, dtype=np.int64), np.array(apart, np.int64))
    rows = table[several].assign(_group=group[several], _row=np.flatnonzero(several))
    rows["_facts"] = rows[facts].notna().sum(axis=1)
    rows = rows.sort_values(["_group", "_facts", "_row"], ascending=[True, False, True], kind="stable")
    for columns in pairs:
        broken = rows[columns].isna().any(axis=1)
        rows.loc[broken, columns] = None
    first = rows.groupby("_group", sort=False)
    names = first["name"].agg(list)
    former = first["aliases"].agg(lambda cells: [cell for cell in cells if isinstance(cell, str)])
    filled = first.first()
    filled["aliases"] = [";".join([*others[1:], *old]) or None for others, old in zip(names, former, strict=True)]
    filled.index = pd.Index(first["_row"].first().to_numpy())
    kept = rows["_group"].map(first["_row"].first())
    gone = rows["_row"] != kept
    same_code = (codes.reindex(rows["_row"]).to_numpy() == codes.reindex(kept).to_numpy())[gone.to_numpy()]
    record = pd.DataFrame(
        {
            "position": rows.loc[gone, "_row"].to_numpy(),
            "kept": kept[gone].to_numpy(),
            "rule": np.where(same_code, BY_USCC, BY_NAME),
        }
    ).sort_values("position", ignore_index=True)
    remaining = pd.concat([table[~several], filled[table.columns].astype(table.dtypes)]).sort_index()
    chief = dict(zip(record["position"], record["kept"], strict=True))  # of each group the row that stays
    parents = {chief.get(row, row): chief.get(head, head) for row, head in parent_of.items()}
    others = [chief.get(row, row) for row in apart]
    return Merged(_tidy_aliases(remaining), record, pd.Series(parents, dtype=np.int64), np.array(others, np.int64))


def _kept_apart(group: NDArray[np.int64], ids: pd.Series) -> NDArray[np.int64]:
    """Groups in which no two rows have different identifiers: an export of ours has told them apart before."""
    rows = pd.DataFrame({"group": group, "id": ids.to_numpy()})
    first = rows["id"].replace("", None).groupby(rows["group"]).transform("first")
    other = rows["id"].where((rows["id"] != "") & (rows["id"] != first), "")
    return np.asarray(pd.factorize(rows["group"].astype(str) + other)[0], dtype=np.int64)


def _tidy_aliases(table: pd.DataFrame) -> pd.DataFrame:
    """Former names once each, without the present one."""
    has = table["aliases"].notna()
    if not has.any():
        return table
    tidy = [
        ";".join(
            alias
            for key, alias in {name_key(alias): alias for alias in reversed(aliases.split(";")) if alias}.items()
            if key != name_key(name)
        )
        for name, aliases in zip(table.loc[has, "name"], table.loc[has, "aliases"], strict=True)
    ]
    result = table.copy()
    result.loc[has, "aliases"] = [";".join(reversed(cell.split(";"))) or None for cell in tidy]
    return result
