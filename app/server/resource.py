"""An address for other programs: its parameters, how it is answered, and what all such addresses share."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request

from app.server.datasets import find
from app.server.parameters import Parameter, RefusedError, choice_of, number_of
from app.server.sign_in import person_of_request
from geo.datasets.dataset import Dataset
from geo.datasets.workspace import SeveralError
from geo.filters.filters import Filters
from geo.text import Text

API_ROOT: Final = "/api/v1"
OGC_ROOT: Final = "/ogc"
DESCRIPTION_PATH: Final = f"{API_ROOT}/openapi.json"
JSON_TYPE: Final = "application/json"
GEOJSON_TYPE: Final = "application/geo+json"
SCHEMA_TYPE: Final = "application/schema+json"
DESCRIPTION_TYPE: Final = "application/vnd.oai.openapi+json;version=3.1"
PROBLEM_TYPE: Final = "application/problem+json"

MAX_PAGE_ROWS: Final = 1000
DEFAULT_PAGE_ROWS: Final = 100
MAX_OFFSET: Final = 100_000_000

_HEADERS: Final = {"Cache-Control": "private, no-cache"}


class Question(NamedTuple):
    """A request that is as it has to be: where it came to, the parts of its path, the values of its parameters."""

    request: Request
    parts: Mapping[str, str]
    values: Mapping[str, Any]

    @property
    def filters(self) -> Filters:
        """The filters of the request."""
        filters: Filters = self.values["filters"]
        return filters

    def dataset(self, name: str | None = None) -> Dataset:
        """The dataset that the request names, or the one of a name.

        Raises
        ------
        RefusedError
            404 when there is none, 400 when several have that title.
        """
        asked = self.values.get("set", "") if name is None else name
        try:
            return find(asked, person_of_request(self.request))
        except SeveralError as error:
            raise RefusedError(400, str(error)) from None
        except KeyError:
            raise RefusedError(404, f"没有这个数据集：{asked[:40]}（no such dataset）") from None

    def address(self, path: str, **changed: object) -> str:
        """The whole address of a path here, with the parameters of the request as far as they are `changed` or kept.

        Without any change there are no parameters.
        """
        url = self.request.url
        scheme = "https" if self.request.headers.get("x-forwarded-proto") == "https" else url.scheme
        given = dict(self.request.query_params) | {name: str(value) for name, value in changed.items()}
        query = f"?{urlencode(given, safe=',')}" if changed else ""
        return f"{scheme}://{url.netloc}{quote(path)}{query}"


@dataclass(frozen=True)
class Resource:
    """An address for other programs.

    Parameters
    ----------
    path : str
        With its variable parts in braces.
    summary : Text
    answer : callable
        Gives what is sent as JSON.
    schema : str
        Name of the answer among `SCHEMAS` (`app.server.openapi`).
    parameters : tuple of Parameter
    filtered : bool
        Whether it takes the filters of a page's link.
    media_type : str
    """

    path: str
    summary: Text
    answer: Callable[[Question], Any]
    schema: str
    parameters: tuple[Parameter, ...] = ()
    filtered: bool = False
    media_type: str = JSON_TYPE

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What its path looks like."""
        return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.path)))


def page_of(rows: NDArray[np.int64], question: Question) -> tuple[NDArray[np.int64], dict[str, str]]:
    """The rows of the page that is asked for, and the addresses of the next and the one before, where there are any."""
    limit, offset = question.values["limit"], question.values["offset"]
    path = str(question.request.scope["path"])
    beside = {}
    if offset + limit < len(rows):
        beside["next"] = question.address(path, offset=offset + limit, limit=limit)
    if offset > 0:
        beside["prev"] = question.address(path, offset=max(0, offset - limit), limit=min(limit, offset))
    return rows[offset : offset + limit], beside


def position_of(data: Dataset, enterprise_id: str) -> int:
    """Row of an enterprise in the table.

    Raises
    ------
    RefusedError
        404 when there is none.
    """
    (found,) = data.positions([enterprise_id])
    if found < 0:
        raise RefusedError(404, f"没有这家企业：{enterprise_id[:40]}（no such enterprise）")
    return int(found)


DATASET: Final = Parameter(
    "set", {"type": "string"}, Text("数据集，不写时是应用打开的那个", "dataset; the one that the app opens with by default"),
    default="",
)  # fmt: skip
LANGUAGE: Final = choice_of(
    "lang", ("zh", "en"), Text("用词代替代码；不写时给代码", "words in the place of codes; codes by default")
)
_PER_PAGE: Final = Text("一页至多几条", "rows of a page at most")
PAGE_LIMIT: Final = number_of("limit", 1, MAX_PAGE_ROWS, DEFAULT_PAGE_ROWS, _PER_PAGE)
OFFSET: Final = number_of("offset", 0, MAX_OFFSET, 0, Text("跳过几条", "rows to skip"))
