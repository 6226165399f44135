"""A vendor's list goes in through the page: recognised, imported, accounted for, used, compared, deleted."""

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Traffic, open_page, running_app

ROWS = [
    ("样例甲(上海)精密制造有限公司", "存续", "1000万元人民币", "浦东新区", "上海市浦东新区张江镇样例路1号"),
    ("样例乙(上海)机器人有限公司", "在业", "500万美元", "松江区", "上海市松江区新桥镇样例路2号"),
    ("样例乙（上海）机器人有限公司", "在业", "500万美元", "松江区", "上海市松江区新桥镇样例路2号"),
    ("", "存续", "-", "松江区", ""),
    ("样例丙<script>window.pwned=1</script>有限公司", "注销", "2.68亿", "嘉定区", "上海市嘉定区安亭镇样例路3号"),
]


def vendor_file(folder: Path, name: str, rows=ROWS) -> Path:
    columns = ["企业名称", "登记状态", "注册资本", "所属区县", "注册地址"]
    table = pd.DataFrame(rows, columns=columns).assign(法定代表人="某人", 统一社会信用代码="", 有效手机号="-")
    path = folder / name
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        table.to_excel(writer, index=False, startrow=1)
        writer.sheets["Sheet1"]["A1"] = "样例：内容均为编造"
    return path


@pytest.fixture(scope="module")
def own_app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("import")
    with running_app(folder, EXPLORER_WORKSPACE=str(folder / "workspace")) as app:
        yield app


@pytest.fixture
def desk(browser, own_app):
    with open_page(browser, own_app, Traffic(own_app.url), viewport={"width": 1440, "height": 900}) as page:
        yield page


def bring_in(page, path: Path) -> None:
    page.goto("/import")
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("表头在第 2 行")).to_be_visible()
    page.locator(".st-key-import_run button").click()
    expect(page.get_by_text("导入结果")).to_be_visible()


def figure(page, name: str) -> int:
    metric = page.locator(".st-key-report [data-testid=stMetric]").filter(has_text=name)
    return int(metric.locator("[data-testid=stMetricValue]").inner_text().replace(",", ""))


def test_a_list_comes_in_and_every_row_is_accounted_for(desk, tmp_path):
    bring_in(desk, vendor_file(tmp_path, "样例名单.xlsx"))
    counts = {name: figure(desk, name) for name in ("文件行数", "未导入", "重复合并")}
    imported = desk.get_by_text(re.compile(r"^\d+ 导入 \+")).inner_text()
    assert counts == {"文件行数": 5, "未导入": 1, "重复合并": 1}
    assert imported == "3 导入 + 1 未导入 + 1 合并 = 5 行"
    expect(desk.get_by_text("未保留的个人信息列").first).to_contain_text("法定代表人")
    desk.get_by_role("button", name="使用并到地图").first.click()
    kpi = desk.locator(".st-key-kpi_enterprises [data-testid=stMetricValue]")
    expect(kpi).to_have_text("3")
    frame = desk.frame_locator(".st-key-map iframe")
    expect(frame.locator(".leaflet-enterprises-pane .x-badge, .leaflet-enterprises-pane .x-firm").first).to_be_visible()
    assert desk.evaluate("window.pwned") is None


def test_two_releases_are_compared_and_one_is_deleted_after_asking(desk, tmp_path):
    bring_in(desk, vendor_file(tmp_path, "第一期.xlsx"))
    later = [*ROWS[1:2], ("样例丁(上海)有限公司", "存续", "100万元", "闵行区", "上海市闵行区浦江镇样例路4号")]
    bring_in(desk, vendor_file(tmp_path, "第二期.xlsx", later))
    expect(desk.get_by_text("两期对比")).to_be_visible()
    expect(desk.locator(".st-key-changes_by_district")).to_have_count(0)  # nobody has asked
    desk.locator(".st-key-compare_run button").click()
    expect(desk.locator(".st-key-changes_by_district [data-testid=stDataFrame]")).to_be_visible()
    marks = desk.frame_locator(".st-key-changes_map iframe").locator(".leaflet-enterprises-pane .x-badge")
    expect(marks.first).to_be_visible()
    desk.get_by_role("button", name="删除").first.click()
    dialog = desk.get_by_role("dialog")
    expect(dialog.get_by_text("第二期")).to_be_visible()
    dialog.get_by_role("button", name="确认删除").click()
    expect(desk.get_by_text("第二期", exact=True)).to_have_count(0)
    expect(desk.get_by_text("第一期", exact=True).first).to_be_visible()


def test_a_file_that_is_no_table_gets_one_sentence(desk, tmp_path):
    path = tmp_path / "不是表格.xlsx"
    path.write_bytes(b"not a workbook")
    desk.goto("/import")
    desk.locator("input[type=file]").set_input_files(path)
    expect(desk.locator("[data-testid=stAlert]").first).to_contain_text("不是表格.xlsx")
    expect(desk.get_by_text("Traceback")).to_have_count(0)
    expect(desk.locator(".st-key-import_run button")).to_be_disabled()
