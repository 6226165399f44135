"""Two servers behind nginx, as docs/operations.md sets them up, on one workspace and one database."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import create_engine, text

from app.cli import main
from app.records import corrections
from app.records.database import open_database
from app.records.enterprises import enterprise_key
from app.records.permissions import ANYBODY
from app.server import datasets as served
from geo.datasets import workspace
from geo.installation import ROOT
from tests.browser.conftest import Server, free_port, running_app
from tests.records import SERVER

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

BLOCK = re.compile(r"^```\n(map \$cookie.*?)^```$", re.DOTALL | re.MULTILINE)
COOKIE = re.compile(r"^    (add_header Set-Cookie.*;)$", re.MULTILINE)
NGINX_CONF = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {servers}
  server {{
    listen 127.0.0.1:{port};
    {cookie}
    location / {{ proxy_pass http://map_servers; proxy_set_header Host $host; }}
  }}
}}
"""


class Office(NamedTuple):
    """What one department runs."""

    servers: list[Server]
    stop: list[ExitStack]
    proxy: str
    folder: Path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    environment: dict[str, Any] = {"EXPLORER_WORKSPACE": str(folder / "workspace"), "EXPLORER_DATABASE": ""}
    admin = create_engine(SERVER) if SERVER else None
    schema = f"t{uuid4().hex}"
    if admin is not None:
        with admin.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        environment["EXPLORER_DATABASE"] = f"{SERVER}?options=-csearch_path%3D{schema}"
    with pytest.MonkeyPatch.context() as patch, ExitStack() as everything:
        for name, value in environment.items():
            patch.setenv(name, value)
        servers, stop = [], []
        for number in (1, 2):
            (folder / str(number)).mkdir()
            stop.append(everything.enter_context(ExitStack()))
            servers.append(stop[-1].enter_context(running_app(folder / str(number), **environment)))
        port = free_port()
        everything.enter_context(nginx(folder, port, [server.url for server in servers]))
        yield Office(servers, stop, f"http://127.0.0.1:{port}", folder)
    if admin is not None:
        with admin.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        admin.dispose()


class nginx:  # noqa: N801  named as the program that it runs
    """nginx with what docs/operations.md says, on plain HTTP and free ports."""

    def __init__(self, folder: Path, port: int, urls: list[str]) -> None:
        page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
        [servers], [cookie] = BLOCK.findall(page), COOKIE.findall(page)
        for number, url in enumerate(urls, 1):
            servers = servers.replace(f"127.0.0.1:850{number}", url.removeprefix("http://"))
        cookie = cookie.replace(" Secure;", "")
        conf = NGINX_CONF.format(folder=folder, servers=servers, port=port, cookie=cookie)
        (folder / "nginx.conf").write_text(conf, encoding="utf-8")
        self.command = [NGINX or "", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        self.url = f"http://127.0.0.1:{port}"

    def __enter__(self) -> None:
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)
        for _ in range(100):
            try:
                httpx.get(f"{self.url}/_stcore/health")
                return
            except httpx.TransportError:
                assert self.process.poll() is None, "nginx does not start"
                time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)


def import_list(office: Office, *names: str) -> str:
    """Import firms of Minhang into the workspace as a command does; the key of their dataset."""
    file = office.folder / "list.csv"
    rows = [f"{name},闵行区,上海市闵行区剑川路951号,121.44,31.01" for name in names]
    file.write_text("\n".join(["企业名称,所属区县,地址,经度,纬度", *rows]), encoding="utf-8")
    assert main(["import", str(file), "--datum", "wgs84", "--as", "名单", "--replace"]) == 0
    [entry] = workspace.list_datasets()
    return entry.key


def names_at(asking: httpx.Client | str, key: str, column: str = "name") -> set[str]:
    """What a column of the dataset holds, as a server says."""
    if isinstance(asking, str):
        with httpx.Client(base_url=asking, timeout=60) as client:
            return names_at(client, key, column)
    answer = asking.get("/api/v1/enterprises", params={"set": key})
    assert answer.status_code == 200, answer.text
    return {one[column] for one in answer.json()["enterprises"]}


def tile_address(key: str) -> str:
    """Address of the tile that a page of either server asks for, made as a page makes it."""
    set_id = served.serve(served.find(key, ANYBODY))
    return f"/tiles/{set_id}/10/857/418.png"


def test_what_is_imported_and_corrected_beside_one_server_is_seen_by_both(office: Office) -> None:
    key = import_list(office, "甲有限公司", "乙有限公司")
    assert [names_at(server.url, key) for server in office.servers] == [{"甲有限公司", "乙有限公司"}] * 2
    assert import_list(office, "丙有限公司") == key
    assert [names_at(server.url, key) for server in office.servers] == [{"丙有限公司"}] * 2
    data = served.find(key, ANYBODY)
    firm = enterprise_key(data.enterprises.iloc[0], data.title, dataset=data.key)
    corrections.correct(open_database(), firm, "park", "", "上海紫竹高新技术产业开发区", "官网", "张三")
    assert [names_at(server.url, key, "park") for server in office.servers] == [{"上海紫竹高新技术产业开发区"}] * 2


def test_a_tile_comes_from_either_server_though_only_one_drew_the_page(office: Office) -> None:
    address = tile_address(import_list(office, "甲有限公司", "乙有限公司", "丙有限公司"))
    tiles = [httpx.get(server.url + address, timeout=60) for server in office.servers]
    assert [tile.status_code for tile in tiles] == [200, 200]
    assert tiles[0].content == tiles[1].content
    unknown = re.sub(r"/[0-9a-f]{12}-", "/000000000000-", address)
    assert httpx.get(office.servers[0].url + unknown, timeout=60).status_code == 404


def test_a_browser_stays_with_its_server_until_that_is_killed(office: Office) -> None:
    key = import_list(office, "甲有限公司")
    before = [asked(server) for server in office.servers]
    with httpx.Client(base_url=office.proxy, timeout=60) as browser:
        for _ in range(6):
            assert names_at(browser, key) == {"甲有限公司"}
        grown = [asked(server) - count for server, count in zip(office.servers, before, strict=True)]
        assert sorted(grown) == [0, 6]
        mine = grown.index(6)
        office.servers[mine].process.kill()
        office.servers[mine].process.wait()
        corrections_before = len(corrections.corrections(open_database()))
        assert names_at(browser, key) == {"甲有限公司"}
    address = tile_address(key)
    with httpx.Client(base_url=office.proxy, timeout=60) as another:
        assert another.get(address).status_code == 200
    assert len(corrections.corrections(open_database())) == corrections_before
    assert import_list(office, "戊有限公司") == key
    assert names_at(office.proxy, key) == {"戊有限公司"}


def asked(server: Server) -> int:
    """How many requests of the API a server has answered."""
    metrics = httpx.get(f"{server.url}/metrics", timeout=60).text
    lines = [line for line in metrics.splitlines() if "requests_total" in line and 'route="api"' in line]
    return sum(int(float(line.rsplit(" ", 1)[1])) for line in lines)
