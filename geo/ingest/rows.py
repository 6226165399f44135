"""One file → rows under canonical columns, with all that was noticed on the way."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.crs import DATUMS, to_wgs84
from geo.enterprises.schema import COLUMNS, DISTANCES, as_written, unlabelled
from geo.errors import DataError
from geo.grids import UNSHIFTED, UNSHIFTED_ERROR_M, Grid, datum_named
from geo.ingest.cleaning import clean_sheet
from geo.ingest.datum import (
    BY_COLUMN,
    DECLARED,
    DECLARED_DATUM,
    DECLARED_ERROR_M,
    NO_DATUM,
    NOT_CONVERTED,
    NOT_NAMED,
    UNDETERMINED,
    Verdict,
    by_datum,
    choose_grid,
    datums_of_rows,
    judge,
)
from geo.ingest.engines import HERE, Engine
from geo.ingest.interludes import reject_interludes, report_unseen
from geo.ingest.locate import (
    AUDIT,
    DEFAULT_POINT,
    SEVERAL_ADDRESSES,
    SEVERAL_DISTRICTS,
    UNKNOWN_DISTRICT,
    default_points,
    district_hints,
    names_places,
    names_several,
    own_points,
    read_addresses,
    stated_core,
    stated_districts,
)
from geo.ingest.readers.read import Reader, digest_of, read_file
from geo.ingest.readers.sheet import LAYER, SHEET, Issue, Limits, Sheet
from geo.ingest.report import FileReport
from geo.ingest.values import cells as clean
from geo.ingest.values.amounts import (
    AS_YUAN,
    CURRENCY_DOUBT,
    MIN_YUAN,
    NO_UNIT,
    RANGE,
    TWO_CURRENCIES,
    Capital,
    Unit,
    read_capital,
    read_currency,
    unit_of_title,
)
from geo.ingest.values.cells import NOT_DEGREES, SWAPPED, read_coordinates, rounding_m
from geo.ingest.values.columns import COLUMN_ALIASES, alternatives, datum_of, map_columns, vendor_of
from geo.ingest.values.identifiers import read_usccs
from geo.ingest.values.names import BESIDE_NAME, MARK_BEFORE_NAME, SEVERAL_NAMES, read_names
from geo.ingest.values.privacy import personal_columns
from geo.ingest.values.sectors import (
    CODE_LEVELS,
    edition_of,
    finer_code,
    plan_industry_of,
    read_industry,
    read_plan_industry,
)
from geo.places.districts import adcodes_of, may_lie_within
from geo.places.geocoding import MAX_POINT_ERROR_M
from geo.places.zones import CORE, CORE_NAME

_ALTERED: Final = frozenset(COLUMN_ALIASES) - {name for name, column in COLUMNS.items() if column.as_it_stands}
"""Columns that are read into something else: their own text is kept beside it under its own header."""

_COMPUTED: Final = frozenset(
    {name for name, column in COLUMNS.items() if column.computed and not name.startswith("second_source")}
    | {"geometry", "outside", "shared_address", "shared_address_n", *AUDIT, *DISTANCES}
)
"""Columns that an import computes: those of an earlier export are not taken over."""

_OWN_WORDS: Final = ("enterprise_id", "adcode", "zone", "location_precision", "location_note", "registration")
"""What of an export of ours is handed on as it says it: `geo.ingest.pipeline` computes it anew and compares."""


def read_rows(
    path: Path,
    label: str,
    *,
    datum: str,
    keep_personal: bool,
    mapping: Mapping[str, str] | None,
    limits: Limits,
    progress: Callable[[str, int, int], None],
    read: Reader = read_file,
    remembered: Mapping[str, str] | None = None,
    lenient: bool = False,
    engine: Engine = HERE,
) -> tuple[pd.DataFrame, FileReport]:
    """Read one file into rows under canonical columns.

    Parameters
    ----------
    path : Path
    label : str
        Name of the file in report and rows, distinct among the files of an import.
    datum, keep_personal, mapping, limits, progress, read, remembered, engine
        As in `geo.ingest.pipeline.import_files`; `mapping` is that of this file.
    lenient : bool
        A header of `mapping` that the file does not have is another file's.

    Returns
    -------
    rows : DataFrame
        Missing where nothing is known; the canonical columns a file can fill, `stated_adcode`, `lon`, `lat`
        [deg, WGS-84], `lon_raw`, `lat_raw` (as given, where the datum is not known), `source_file`, `source_row`;
        then the other columns as they came.
    report : FileReport

    Raises
    ------
    DataError
        When the file cannot be read or has no column of names.
    """
    sheet = read(path, limits, lambda done: progress("read", done, 0))
    if lenient and mapping:
        mapping = {name: title for name, title in mapping.items() if not title or title in sheet.table.columns}
    titles, mapped, by, own = recognise(sheet, mapping, remembered)
    headers = list(sheet.table.columns)
    if "name" not in mapped:
        raise DataError(
            "找不到企业名称这一列", file=path, value="、".join(headers)[:80],
            expected="前10行内有“企业名称”之类的表头，或写明哪一列是（--column 表头=name）",
        )  # fmt: skip
    personal = [] if keep_personal else personal_columns(sheet.table, mapped.values())
    vendor = vendor_of(headers, sheet.above)
    report_unseen(sheet, mapped["name"])
    sheet.table, rows_in = sheet.table.drop(columns=personal), len(sheet.table)
    progress("clean", 0, rows_in)
    clean_sheet(
        sheet, mapped, keep_personal=keep_personal, engine=engine,
        progress=lambda done: progress("clean", done // 2, rows_in),
    )  # fmt: skip
    reject_interludes(sheet, mapped)
    _report_alternatives(sheet, mapped, own=own)
    progress("clean", len(sheet.table) // 2, len(sheet.table))
    rows = _canonical(sheet, mapped, own=own)
    progress("clean", 3 * len(sheet.table) // 4, len(sheet.table))
    verdict = _coordinates(rows, sheet, mapped, datum, engine)
    if sheet.header_row is None:
        sheet.table = sheet.table.rename(columns={SHEET: LAYER})
    unknown = [title for title in sheet.table.columns if title not in mapped.values()]
    for title in sheet.table.columns:
        if own and title in _OWN_WORDS:
            rows[title] = sheet.table[title]
        if own and (title in _COMPUTED or title in mapped.values()):
            continue
        if title in unknown or any(mapped[column] == title for column in _ALTERED & mapped.keys()):
            if _kept_already(title, sheet.table[title], rows, mapped):
                continue
            taken = title in COLUMNS or title in _COMPUTED
            passed = own and title in COLUMNS
            rows[title if passed or not taken else as_written(title)] = sheet.table[title]
    rows["source_file"], rows["source_row"] = label, sheet.rows
    report = FileReport(
        label, digest_of(path), sheet.rows_in_file, sheet.header_row, vendor, sheet.encoding, verdict,
        {name: titles.get(title, title) for name, title in mapped.items()},
        [title for title in unknown if not (own and title in _COMPUTED)], personal, sheet.rejected, sheet.issues,
        sheet.blank_rows,
    )  # fmt: skip
    report.filled = {name: int(_filled(rows, sheet, name, title).sum()) for name, title in mapped.items()}
    report.kept_filled = {title: int(sheet.table[title].fillna("").ne("").sum()) for title in report.columns_unknown}
    report.columns_by = by
    report.columns_given = {
        name: title
        for name, title in (dict(remembered or {}) | dict(mapping or {})).items()
        if not title or title in titles.values()
    }
    progress("clean", len(sheet.table), len(sheet.table))
    return rows, report


class Recognised(NamedTuple):
    """What was recognised of a sheet.

    `titles` header of the table → header in the file; `mapped` canonical column → header of the table; `by` canonical
    column → what it was known by (one of `KNOWN_BY`); `own` whether the table is an export of ours.
    """

    titles: dict[str, str]
    mapped: dict[str, str]
    by: dict[str, str]
    own: bool


KNOWN_BY: Final = ("heading", "hand", "remembered", "ours")
"""What a column is known by: its heading, a person now, a person at an earlier release, or that it is ours."""


def recognise(
    sheet: Sheet, mapping: Mapping[str, str] | None = None, remembered: Mapping[str, str] | None = None
) -> Recognised:
    """Find out which column of a sheet is which; that of an export of ours gets its canonical columns back.

    Parameters
    ----------
    sheet : Sheet
    mapping, remembered : mapping, optional
        As in `geo.ingest.pipeline.import_files`.

    Raises
    ------
    DataError
        As `geo.ingest.values.columns.map_columns`.
    """
    titles = {title: title for title in sheet.table.columns}
    ours = unlabelled(sheet.table)
    if ours is not None:
        titles = dict(zip(ours.columns, titles, strict=True))
        sheet.table = ours
    in_table = {title: name for name, title in titles.items()}
    earlier = {name: title for name, title in (remembered or {}).items() if not title or title in in_table}
    given = earlier | dict(mapping or {})
    mapped = map_columns(sheet.table.columns, {name: in_table.get(title, title) for name, title in given.items()})
    if "name" not in mapped and "imported_name" in mapped:
        mapped["name"] = mapped.pop("imported_name")
    own = {"enterprise_id", "zone", "location_precision"} <= set(sheet.table.columns)
    pair = {"lon", "lat"} if "lonlat" in given else set()
    hand, before = ({*names} | (pair if "lonlat" in names else set()) for names in (mapping or {}, earlier))
    by = {
        name: "hand" if name in hand else "remembered" if name in before else "ours" if own else "heading"
        for name in mapped
    }
    return Recognised(titles, mapped, by, own)


def _report_alternatives(sheet: Sheet, mapped: dict[str, str], *, own: bool) -> None:
    """Name the columns that could have been taken too and say something else."""
    for column, others in ({} if own else differing_columns(sheet, mapped)).items():
        shown = "”“".join(others)[:80]
        sheet.issues.append(
            Issue(None, column, shown, f"还有“{shown}”也是这个意思，没有用，原样保留；要用哪一列请写明")
        )


def differing_columns(sheet: Sheet, mapped: Mapping[str, str]) -> dict[str, list[str]]:
    """Canonical column → headers of the same meaning that were not taken and say what the one that was does not say."""
    found = {}
    for column, others in alternatives(sheet.table.columns, mapped).items():
        said = {title: _said(sheet.table[title], column) for title in (mapped[column], *others)}
        differing = [title for title in others if not said[title] <= said[mapped[column]]]
        if differing:
            found[column] = differing
    return found


def _said(cells: pd.Series, column: str) -> set[str]:
    """What the cells of a column say, each once; for a district a code says what a name says."""
    texts = pd.Series([text for text in cells.dropna().unique() if text], dtype="str")
    return set(adcodes_of(texts).where(lambda adcodes: adcodes != "", texts) if column == "district" else texts)


def _filled(rows: pd.DataFrame, sheet: Sheet, name: str, title: str) -> pd.Series:
    """Rows in which a canonical column has a value, or the column that it was read from where there is none of it."""
    cells = rows["stated_adcode"] if name == "district" else rows[name] if name in rows else sheet.table[title]
    return cells.notna() & (cells != "")


def _kept_already(title: str, cells: pd.Series, rows: pd.DataFrame, mapped: dict[str, str]) -> bool:
    """Whether the canonical column says what the cells of its own column say, to the letter."""
    column = next((column for column, header in mapped.items() if header == title), "")
    kind = COLUMNS[column].kind if column in rows else ""
    return kind in ("code", "date") and cells.fillna("").equals(rows[column].fillna("").astype("str"))


def _canonical(sheet: Sheet, mapped: dict[str, str], *, own: bool) -> pd.DataFrame:
    """Canonical columns that need no place."""
    cells = _Cells(sheet, mapped)
    rows = pd.DataFrame(index=sheet.table.index)
    for name, column in COLUMNS.items():
        if column.as_it_stands:
            rows[name] = cells[name]
        elif column.spellings and not column.own_reader:
            rows[name] = _days(sheet, cells, name) if column.kind == "date" else _numbers(sheet, cells, name)
    beside = read_names(rows["name"])
    sheet.note(beside["several"].to_numpy(), "name", rows["name"], SEVERAL_NAMES)
    if not own:
        for problem in (MARK_BEFORE_NAME, BESIDE_NAME):
            sheet.note((beside["problem"] == problem).to_numpy(), "name", rows["name"], problem)
        former = beside["former"].where(rows["aliases"].isna(), rows["aliases"] + ";" + beside["former"])
        rows["aliases"] = rows["aliases"].where(beside["former"] == "", former)
    rows["name"] = beside["name"] if not own else rows["name"].str.replace(r"\s*[\r\n\t]+\s*", "", regex=True)
    rows["aliases"] = pd.Series(clean.by_value(rows["aliases"], clean.read_former_names), dtype="str").replace("", None)
    codes = read_usccs(cells["uscc"])
    rows["uscc"], rows["uscc_valid"] = codes["uscc"], codes["uscc_valid"]
    for problem in codes["problem"].unique():
        sheet.note((codes["problem"] == problem).to_numpy() & (problem != ""), "uscc", cells["uscc"], problem)
    rows["status"] = pd.Series(clean.by_value(cells["status"], clean.read_status), dtype="str")
    if not own:
        rows["status"] = rows["status"].where(cells["status"].notna() | (beside["status"] == ""), beside["status"])
    sheet.note(
        ((rows["status"] == "unknown") & (cells["status"] != "unknown")).to_numpy(bool),
        "status",
        cells["status"],
        "不认识的登记状态",
    )
    _capital(rows, sheet, cells, mapped.get("capital_amount", ""), own=own)
    _industries(rows, sheet, cells, own=own)
    where = pd.DataFrame({column: cells[column] for column in ("province", "city", "district")})
    if own and "district_basis" in sheet.table:  # what was read from address or point then is read from them again
        where["district"] = where["district"].mask(sheet.table["district_basis"].isin(["address", "coordinates"]))
    if own:  # Lingang was stated with or instead of a district
        core = sheet.table["zone"].eq(CORE) & cells["location_precision"].eq("district")
        where["district"] = where["district"].mask(core & where["district"].isna(), CORE_NAME)
    else:
        core, counted, elsewhere, against = stated_core(sheet.table, mapped)
        sheet.issues += [Issue(None, "district", title, LINGANG_SAID) for title in counted]
        sheet.issues += [Issue(None, "district", title, LINGANG_ELSEWHERE) for title in elsewhere]
        sheet.note((against != "").to_numpy(bool), "district", against, LINGANG_AGAINST)
    rows["stated_core"] = pd.Series(CORE, index=rows.index, dtype="str").where(core, None)
    rows["stated_adcode"], unknown = stated_districts(where)
    several = pd.Series(clean.by_value(where["district"], names_several, False), index=rows.index).astype(bool)
    sheet.note(several.to_numpy(), "district", where["district"], SEVERAL_DISTRICTS)
    sheet.note((unknown & ~several).to_numpy(bool), "district", where["district"], UNKNOWN_DISTRICT)
    sheet.note(names_places(rows["address"]).to_numpy(), "address", rows["address"], SEVERAL_ADDRESSES)
    return rows


def _read_beside(pair: str) -> Capital:
    """Amount of a cell by the unit in the cell beside it, which a tab parts from it."""
    text, _, beside = pair.rpartition("\t")
    unit = unit_of_title(f"({beside})")
    reading = read_capital(text, unit)
    return reading if unit.factor is None else reading._replace(bare=False)


def _capital(rows: pd.DataFrame, sheet: Sheet, cells: "_Cells", title: str, *, own: bool) -> None:
    """Amount and currency; what is not understood whole, or has no unit that anybody named, is left empty and told."""
    texts = cells["capital_amount"]
    unit, line = (Unit(1), Unit(None)) if own else (unit_of_title(title), unit_of_title(sheet.unit))
    if unit.factor is None and texts.notna().any() and line.factor is not None:
        unit = line._replace(currency=unit.currency or line.currency)
        sheet.issues.append(Issue(None, "capital_amount", sheet.unit, "表头以外写明的单位，用于没有自带单位的数"))
    beside = cells["capital_currency"].where(texts.notna() & (unit.factor is None))
    if beside.str.contains("[万亿千元]", regex=True, na=False).any():  # 万元 in a column of its own
        pairs = texts.str.cat(beside.fillna(""), sep="\t")
        read = clean.by_value(pairs, _read_beside, Capital(np.nan, ""))
    else:
        read = clean.by_value(texts, lambda text: read_capital(text, unit), Capital(np.nan, ""))
    amount = np.array([reading.amount for reading in read], dtype=np.float64)
    currency = pd.Series([reading.currency for reading in read], dtype="str")
    problem = np.array([reading.problem for reading in read], dtype=object)
    bare = np.array([reading.bare for reading in read], dtype=bool) & np.isfinite(amount) & (amount != 0)
    stated = pd.Series(clean.by_value(cells["capital_currency"], read_currency, ""), dtype="str")
    other = (stated != "") & (currency != stated)
    explicit = np.array([reading.currency_said for reading in read], dtype=bool)
    problem[(other & explicit & np.isfinite(amount)).to_numpy()] = TWO_CURRENCIES
    amount[problem == TWO_CURRENCIES] = np.nan
    currency = stated.where(other & ~explicit, currency)
    sheet.note(
        (cells["capital_currency"].notna() & (stated == "")).to_numpy(bool),
        "capital_currency", cells["capital_currency"], "不认识的币种",
    )  # fmt: skip
    if unit.doubt or line.doubt:  # 外资企业为美元: a number that names no currency may be of either
        unsure = (
            np.isfinite(amount) & ~explicit & ((stated == "") & ~texts.str.contains("[元圆]", na=False)).to_numpy(bool)
        )
        problem[unsure], amount[unsure] = CURRENCY_DOUBT, np.nan
    if unit.factor is None and bare.any():
        if np.median(amount[bare]) >= MIN_YUAN:
            problem[bare & (problem == "")] = AS_YUAN
        else:
            problem[bare] = NO_UNIT
            amount[bare] = np.nan
    for said in dict.fromkeys(problem[problem != ""]):
        sheet.note(problem == said, "capital_amount", texts, said)
    rows["capital_amount"] = amount
    if own:
        rows["capital_currency"] = stated.replace("", None)
        return
    nothing = (currency == "") | texts.isna().to_numpy() | (np.isnan(amount) & (problem != RANGE))
    rows["capital_currency"] = currency.mask(nothing, None)


LEAST_METRES: Final = 10_000.0  # numbers beyond are no degrees that went wrong but metres of a grid
NO_GRID: Final = "像是以米计的坐标，但凭数字与地址判不出是哪一种格网；请在坐标旁写明，或另存为经纬度"
NO_SUCH_NAME: Final = "不是已知的国标行业名称"
LINGANG_SAID: Final = "这一列有的格写的是临港，这些企业按一核计"
LINGANG_ELSEWHERE: Final = "这一列有的格写的是临港，但表头说的不是企业现在的所在地，没有按一核计"
LINGANG_AGAINST: Final = "这一列写的是临港，但同一行的区、街镇、园区或地址不在临港所在的区，没有按一核计"


def _industries(rows: pd.DataFrame, sheet: Sheet, cells: "_Cells", *, own: bool) -> None:
    """Code by the finest name that is known, and the key industry of the plan."""
    if own:  # what an export of ours left empty was not known then either
        rows["gb4754"], rows["industry"] = cells["gb4754"], cells["industry"]
        return
    columns = ["gb4754", "industry_detail", "industry", *(f"gb_{level}" for level in CODE_LEVELS)]
    bare = {text for column in columns for text in cells[column].dropna().unique() if any(map(str.isdigit, text))}
    titles = " ".join(cells.mapped.get(column, "") for column in columns)
    edition = edition_of(bare, f"{titles} {sheet.above}")

    def read(column: str, level: str = "") -> tuple[pd.Series, pd.Series]:
        pairs = clean.by_value(cells[column], lambda text: read_industry(text, level, edition), ("", ""))
        codes, problems = zip(*pairs, strict=True) if pairs else ((), ())
        return pd.Series(codes, dtype="str").replace("", None), pd.Series(problems, dtype="str")

    code, wrong = read("gb4754")
    finest = cells["industry_detail"]
    by_name, unsaid = read("industry_detail")
    told = cells["industry_detail"].notna() & by_name.isna() & (unsaid == "")
    for level in CODE_LEVELS:
        names = cells[f"gb_{level}"]
        found, problems = read(f"gb_{level}", level)
        if level != "section":
            sheet.note((names.notna() & found.isna() & (problems == "")).to_numpy(), f"gb_{level}", names, NO_SUCH_NAME)
        unsaid = unsaid.where(problems == "", problems)
        by_name = found.where(found.notna(), by_name)
        finest = names.where(names.notna(), finest)
    for column, problems in (("gb4754", wrong), ("industry_detail", unsaid)):
        for problem in set(problems) - {""}:
            unsettled = (problems == problem) & by_name.isna() & (code.isna() | (column == "gb4754"))
            sheet.note(unsettled.to_numpy(bool), column, cells[column].fillna(finest), problem)
    finer = pd.Series([finer_code(*pair) for pair in zip(by_name.fillna(""), cells["gb4754"].fillna(""), strict=True)])
    code = finer.astype("str").set_axis(code.index).where(finer.ne("").to_numpy(), code)
    rows["gb4754"] = by_name.where(by_name.notna() & finer.eq("").to_numpy(), code)
    rows["industry_detail"] = finest
    section = cells["gb_section"].fillna("")
    keys = rows["gb4754"].fillna("") + "\n" + section.where(section != "", cells["industry_detail"].fillna(""))
    plan = pd.Series(clean.by_value(keys, lambda key: plan_industry_of(*key.split("\n", 1))), dtype="str")
    named = pd.Series(clean.by_value(cells["industry"], read_plan_industry, ""), dtype="str")
    named_code, unread = read("industry")
    by_code = pd.Series(clean.by_value(named_code, plan_industry_of, ""), dtype="str")
    in_detail = pd.Series(clean.by_value(cells["industry_detail"], read_plan_industry, ""), dtype="str")
    plan = named.where(
        named != "", plan.where(plan != "", by_code.where(by_code != "", in_detail.replace("other", "")))
    )
    told &= (rows["gb4754"].isna() & (plan == "")).to_numpy(bool)
    sheet.note(told.to_numpy(bool), "industry_detail", cells["industry_detail"], NO_SUCH_NAME)
    unknown = cells["industry"].notna() & (plan == "")
    for problem in set(unread[unknown]):
        said = problem or "不是计划的产业，也不是国标行业"
        sheet.note((unknown & (unread == problem)).to_numpy(bool), "industry", cells["industry"], said)
    rows["industry"] = plan.replace("", None)


def _coordinates(
    rows: pd.DataFrame, sheet: Sheet, mapped: dict[str, str], datum: str, engine: Engine = HERE
) -> Verdict:
    """Read coordinates, judge their datum and bring them to WGS-84, or set them aside."""
    cells = _Cells(sheet, mapped)
    header = sheet.datum
    grid: Grid | None = None
    x = y = np.full(len(rows), np.nan)
    read = None
    if sheet.lon is not None and sheet.lat is not None and (sheet.geometry or "lon" not in mapped):
        if sheet.geometry:
            mapped |= {"lon": sheet.geometry, "lat": sheet.geometry}
            header = datum_of(sheet.geometry) or header
        text = [pd.Series(values).astype("str").where(np.isfinite(values)) for values in (sheet.lon, sheet.lat)]
        read, grid = read_coordinates(*text), sheet.grid
    elif "lon" in mapped:
        text = [cells["lon"], cells["lat"]]
        read = read_coordinates(*text)
        header = datum_of(mapped["lon"]) or datum_of(mapped["lat"]) or header
        sheet.note(read.swapped, "lon", text[0], SWAPPED)
    if read is not None:
        lon, lat = read.lon, read.lat
        metres = read.unreadable & (np.hypot(read.x, read.y) > LEAST_METRES)
        x, y = np.where(metres, read.x, np.nan), np.where(metres, read.y, np.nan)
        pairs = text[0].fillna("") + " " + text[1].fillna("")
        sheet.note(read.unreadable & ~metres, "lon" if "lon" in mapped else "geometry", pairs, NOT_DEGREES)
    else:
        lon = lat = np.full(len(rows), np.nan)
    if "location_precision" in mapped:  # an export of ours: the label of an area is not a site
        site = (cells["location_precision"] == "site").to_numpy(bool)
        header = "wgs84"
        lon, lat = np.where(site, lon, np.nan), np.where(site, lat, np.nan)
        aside = own_points(sheet.table)
        lon, lat = (np.where(np.isnan(one), other, one) for one, other in zip((lon, lat), aside, strict=True))
        datum = "wgs84" if datum == "auto" else datum
    metres = np.isfinite(x)
    known = np.isfinite(lon) | metres
    read_now = known.any() or engine.executor is not None  # else `locate_rows` reads them, which is soon enough
    parts = read_addresses(rows["address"].fillna(""), rows["stated_adcode"], engine) if read_now else []
    hints = district_hints(rows["stated_adcode"], parts) if parts else np.full(len(rows), "", dtype="U6")
    if metres.any():
        named = datum_named(" ".join((*(mapped.get(axis, "") for axis in ("lon", "lat")), sheet.above)))
        grid, degrees = choose_grid(x, y, hints, parts, named=named)
        lon, lat = np.where(metres, degrees[0], lon), np.where(metres, degrees[1], lat)
        if grid is None:
            sheet.issues.append(Issue(None, "datum", UNDETERMINED, NO_GRID))
    raw = np.where(metres, x, lon), np.where(metres, y, lat)
    shared = default_points(lon, lat, rows["address"], hints)
    pairs = pd.Series(lon).astype(str) + " " + pd.Series(lat).astype(str) if shared.any() else rows["address"]
    sheet.note(shared, "lon", pairs, DEFAULT_POINT)
    lon, lat = np.where(shared, np.nan, lon), np.where(shared, np.nan, lat)
    error = np.where(metres, 0.0, rounding_m(lon, lat))
    coarse = error > MAX_POINT_ERROR_M
    coarse[coarse] = may_lie_within(lon[coarse], lat[coarse], error[coarse])
    if (told := error >= clean.LEAST_ROUNDING_M).any():
        pairs = pd.Series(lon).astype(str) + " " + pd.Series(lat).astype(str)
        sheet.note(told & (error <= MAX_POINT_ERROR_M), "lon", pairs, clean.ROUNDED)
        sheet.note(~coarse & (error > MAX_POINT_ERROR_M), "lon", pairs, clean.COARSE_OUTSIDE)
        sheet.note(coarse, "lon", pairs, clean.TOO_COARSE)
    lon, lat = np.where(coarse, np.nan, lon), np.where(coarse, np.nan, lat)
    given = datum if datum != "auto" else ""
    by_row = None if given or "location_precision" in mapped else datums_of_rows(sheet.table)
    if by_row is not None:
        lon, lat, header = _by_row(sheet, lon, lat, by_row, header)
    verdict = judge(lon, lat, hints, parts, header=header, given=given, grid=grid, defined=sheet.defined_datum)
    if metres.any() and grid is None and verdict.verdict == NO_DATUM:
        verdict = replace(verdict, verdict=UNDETERMINED)
    if verdict.warning:
        sheet.issues.append(Issue(None, "datum", given or verdict.verdict, verdict.warning))
    if trusted := verdict.verdict == UNDETERMINED and sheet.declared_datum == "wgs84" and verdict.may_be_wgs84:
        verdict = replace(verdict, verdict=DECLARED_DATUM)
        sheet.issues.append(Issue(None, "datum", "wgs84", DECLARED))
    elif verdict.verdict == UNDETERMINED:
        sheet.issues.append(Issue(None, "datum", UNDETERMINED, "坐标系未能判定，坐标原样留在 lon_raw、lat_raw"))
    rows["lon"], rows["lat"] = to_wgs84(lon, lat, verdict.datum) if verdict.datum else (np.nan, np.nan)
    moved = DECLARED_ERROR_M if trusted else UNSHIFTED_ERROR_M if verdict.warning in UNSHIFTED.values() else 0.0
    rows["point_error_m"] = np.where(np.isnan(rows["lon"].to_numpy(float)), np.nan, np.hypot(error, moved))
    if "location_precision" in mapped and "location_error_m" in sheet.table:
        said = pd.to_numeric(sheet.table["location_error_m"], errors="coerce").where(site & np.isfinite(lon))
        rows["point_error_m"] = said.fillna(rows["point_error_m"])
    aside = shared | np.isnan(rows["lon"].to_numpy(float))
    ours = sheet.table if "location_precision" in mapped else {}
    for name, values in zip(("lon_raw", "lat_raw"), raw, strict=True):
        before = pd.to_numeric(ours[name], errors="coerce") if name in ours else np.nan
        rows[name] = np.where(aside, np.where(np.isfinite(values), values, before), np.nan)
    return verdict


def _by_row(
    sheet: Sheet, lon: NDArray[np.float64], lat: NDArray[np.float64], named: pd.Series, header: str
) -> tuple[NDArray[np.float64], NDArray[np.float64], str]:
    """Points whose datum a column names, and what it says of all; those of several datums in WGS-84."""
    datums = set(named[here := np.isfinite(lon)])
    if len(datums) < 2:
        return lon, lat, datums.pop() if datums else header
    sheet.issues.append(Issue(None, "datum", "、".join(sorted(datums - {""})), BY_COLUMN))
    sheet.note(here & (named == "").to_numpy(), "lon", pd.Series(lon).astype(str), NOT_NAMED)
    sheet.note(here & ~named.isin([*DATUMS, ""]).to_numpy(), "lon", named, NOT_CONVERTED)
    return *by_datum(lon, lat, named), "wgs84"


class _Cells:
    """Cells of a canonical column, all missing where the file has none."""

    def __init__(self, sheet: Sheet, mapped: dict[str, str]) -> None:
        self.table, self.mapped = sheet.table, mapped
        self.nothing = pd.Series(None, index=sheet.table.index, dtype="str")

    def __getitem__(self, column: str) -> pd.Series:
        title = self.mapped.get(column)
        return self.table.get(title, self.nothing)


def _read(sheet: Sheet, cells: _Cells, column: str, read: Callable[[str], Any], problem: str) -> pd.Series:
    """Read a column; cells that hold something unreadable are noted and become missing."""
    values = pd.Series(clean.by_value(cells[column], read), index=sheet.table.index, dtype=object).replace("", None)
    sheet.note((cells[column].notna() & values.isna()).to_numpy(bool), column, cells[column], problem)
    return values


def _numbers(sheet: Sheet, cells: _Cells, column: str) -> pd.Series:
    return _read(sheet, cells, column, clean.read_count, "认不出数目").astype("Int64")


def _days(sheet: Sheet, cells: _Cells, column: str) -> pd.Series:
    """Days as ISO 8601; moments are days of Shanghai, and one that could be the day before or after is noted."""
    written = cells[column]
    hours = 9 if clean.lost_zone(written) else 0
    read_date = partial(clean.read_date, serial_days=sheet.serial_days, hours=hours)
    days = _read(sheet, cells, column, read_date, "认不出日期").astype("str")
    sheet.note(clean.near_midnight(written).to_numpy(), column, written, clean.BEFORE_MIDNIGHT)
    if hours:
        sheet.note(written.str.contains(":", regex=False, na=False).to_numpy(bool), column, written, clean.ZONE_LOST)
    return days
