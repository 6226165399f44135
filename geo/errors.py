"""The one error type of the project."""

from pathlib import Path


class DataError(ValueError):
    """Something in the data is not as it has to be; one sentence says what, where and what would be right.

    Parameters
    ----------
    message : str
        What is wrong, in plain words.
    file, row, column, value : optional
        Where it was found; `row` counts as a spreadsheet shows it, from 1.  Of a place on this machine the name alone
        is said.
    expected : str, optional
        What would have been right.
    cause : str, optional
        The likely cause.

    Examples
    --------
    >>> print(DataError("经度超出范围", file="a.csv", row=7, column="lon", value=999, expected="-180 到 180"))
    经度超出范围（文件 a.csv，第 7 行，列 lon，值 999）；应为 -180 到 180
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | Path | None = None,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        expected: str | None = None,
        cause: str | None = None,
    ) -> None:
        self.message = message
        self.file = Path(file).name if file is not None else None
        self.row = row
        self.column = column
        self.value = value.name if isinstance(value, Path) and value.is_absolute() else value
        self.expected = expected
        self.cause = cause
        super().__init__(str(self))

    def __str__(self) -> str:
        where = [
            text
            for text, known in (
                (f"文件 {self.file}", self.file is not None),
                (f"第 {self.row} 行", self.row is not None),
                (f"列 {self.column}", self.column is not None),
                (f"值 {str(self.value)[:80]}", self.value is not None),
            )
            if known
        ]
        sentence = self.message + (f"（{'，'.join(where)}）" if where else "")
        if self.expected:
            sentence += f"；应为 {self.expected}"
        if self.cause:
            sentence += f"；可能的原因：{self.cause}"
        return sentence
