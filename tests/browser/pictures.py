"""The screenshots of the documentation, taken from the running app: `python -m tests.browser.pictures [NAME …]`.

Each page is shown in both languages; the files in `docs/img` are made anew, each at most `MOST_BYTES` large.  A page
that the app does not have is left out and said so.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from app.documents import packet_html
from app.ui.page import PAGES
from geo.datasets.dataset import load_dataset
from geo.filters.filters import Filters
from tests.browser.chromium import MISSING, find
from tests.browser.conftest import ARGUMENTS, ROOT, running_app
from tests.browser.screen import at_rest, choose, map_of, pick_row
from tests.browser.test_import import vendor_file

IMAGES: Final = ROOT / "docs" / "img"
CORE: Final = Filters(zone=("core",))
MOST_BYTES: Final = 200_000
PATIENCE_MS: Final = 120_000
"""How long a page may take to come where a machine does other things beside."""
SIZE: Final = {"width": 1280, "height": 860}
MADE_UP: Final = [
    ("样例甲（上海）精密制造有限公司", "存续", "1000万元人民币", "浦东新区", "上海市浦东新区张江镇样例路1号"),
    ("样例乙（上海）机器人有限公司", "在业", "500万美元", "松江区", "上海市松江区新桥镇样例路2号"),
    ("样例乙(上海)机器人有限公司", "在业", "500万美元", "松江区", "上海市松江区新桥镇样例路2号"),
    ("", "存续", "-", "松江区", ""),
    ("样例丙（上海）汽车零部件有限公司", "存续", "2.68亿", "嘉定区", "上海市嘉定区安亭镇样例路3号"),
]


class Picture(NamedTuple):
    """A picture: page of the app it needs, its address, and what is done there before it is taken."""

    page: str
    address: str
    prepare: Callable[[Page], None]


def as_it_opens(page: Page) -> None:
    """Wait until the page has come to rest and all its parts are drawn."""
    at_rest(page)
    page.wait_for_timeout(2000)


def with_a_popup(page: Page) -> None:
    """Open the popup of a count on the map."""
    frame = map_of(page, ".x-total")
    at_rest(page)
    page.wait_for_timeout(1500)
    frame.locator(".x-total", has_text="松江").or_(frame.locator(".x-total", has_text="Songjiang")).dispatch_event(
        "click"
    )
    frame.locator(".leaflet-popup .x-facts").first.wait_for()
    page.wait_for_timeout(800)


def with_a_card(page: Page) -> None:
    """Pick a row of the table, so that its card opens beside it."""
    at_rest(page)
    page.wait_for_timeout(1500)
    pick_row(page, 1)
    page.mouse.move(0, 0)  # or the table's tools stand above it
    page.wait_for_timeout(4000)


def with_a_file(page: Page) -> None:
    """Give a made-up vendor's file to the import page and import it."""
    at_rest(page)
    with tempfile.TemporaryDirectory() as folder:
        page.locator("input[type=file]").set_input_files(vendor_file(Path(folder), "样例名单.xlsx", MADE_UP))
        page.locator(".st-key-import_run button").click()
        page.locator(".st-key-report").wait_for()
    page.wait_for_timeout(1000)
    page.locator(".st-key-report").scroll_into_view_if_needed()


def with_follow_ups(page: Page) -> None:
    """Be somebody and follow two enterprises."""
    at_rest(page)
    page.locator(".st-key-person input").fill("张三（示例）")
    page.keyboard.press("Enter")
    at_rest(page)
    if not page.locator(".st-key-shortlist_table").count():
        page.locator(".st-key-pick_box summary").click()
        for name in load_dataset().select(CORE)["name"].head(3):
            choose(page, "pick", name)
        at_rest(page)
        page.locator(".st-key-pick_add button").click()
        page.locator(".st-key-shortlist_table").wait_for()
        at_rest(page)
        page.reload()
    as_it_opens(page)


PICTURES: Final[dict[str, Picture]] = {
    "map": Picture("map", "/?", with_a_popup),
    "enterprises": Picture("enterprises", "/enterprises?district=310117&industry=equipment", as_it_opens),
    "card": Picture("enterprises", "/enterprises?district=310117&industry=auto", with_a_card),
    "import": Picture("import", "/import?", with_a_file),
    "districts": Picture("districts", "/districts?", as_it_opens),
    "clusters": Picture("clusters", "/clusters?", as_it_opens),
    "chains": Picture("chains", "/chains?", as_it_opens),
    "fit": Picture("fit", "/fit?", as_it_opens),
    "shortlist": Picture("shortlist", "/shortlist?zone=core", with_follow_ups),
    "plan": Picture("plan", "/plan?", as_it_opens),
    "whatif": Picture("whatif", "/whatif?", as_it_opens),
}
"""Name of the file → picture."""


def main(names: list[str]) -> int:
    """Take the named pictures, or all of them."""
    executable = find()
    if executable is None:
        print(MISSING, file=sys.stderr)
        return 1
    wanted = names or [*PICTURES, "packet"]
    pages = {page.name for page in PAGES}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        with running_app(Path(folder), EXPLORER_WORKSPACE=str(Path(folder) / "workspace")) as app:
            for name in wanted:
                if name != "packet" and PICTURES[name].page not in pages:
                    print(f"{name}：没有这一页，略过（no such page）")
                    continue
                for lang in ("zh", "en"):
                    file = IMAGES / (f"{name}.png" if lang == "zh" else f"{name}-{lang}.png")
                    taken = take_packet(browser, lang) if name == "packet" else take(browser, app.url, name, lang)
                    file.write_bytes(reduced(taken))
                    print(f"{file.relative_to(ROOT)}：{file.stat().st_size:,} 字节")
        browser.close()
    return 0


def take(browser: Browser, url: str, name: str, lang: str) -> bytes:
    """One page of the app as a picture."""
    page = browser.new_page(viewport=SIZE, locale="zh-CN")  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{url}{PICTURES[name].address}&lang={lang}")
    PICTURES[name].prepare(page)
    picture = page.screenshot()
    page.close()
    return picture


def take_packet(browser: Browser, lang: str) -> bytes:
    """The head of a packet as a picture."""
    page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "packet.html"
        file.write_text(packet_html(load_dataset(), CORE, lang), encoding="utf-8")
        page.goto(file.as_uri())
        page.locator(".x-panel").wait_for()
        page.wait_for_timeout(1000)
        picture = page.screenshot()
    page.close()
    return picture


def reduced(picture: bytes) -> bytes:
    """The picture in as many of its own colours as fit into `MOST_BYTES`: those of industries and of areas mean something.

    Raises
    ------
    ValueError
        When even 32 colours are too much.
    """
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    found = sorted(image.getcolors(image.width * image.height) or [], reverse=True)
    for colours in (256, 128, 64, 32):
        palette = Image.new("P", (1, 1))
        palette.putpalette([part for _, colour in found[:colours] for part in colour])  # type: ignore[attr-defined]
        out = io.BytesIO()
        image.quantize(palette=palette, dither=Image.Dither.NONE).save(out, "png", optimize=True)
        if out.tell() <= MOST_BYTES:
            return out.getvalue()
    raise ValueError(f"a picture is larger than {MOST_BYTES} bytes")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
