"""What a view may return, and what becomes of it."""

import collections
import dataclasses
import datetime
import decimal
import enum
import uuid

from chalice import Chalice
from chalice.app import MultiDict

app = Chalice(app_name="results")


class Colour(str, enum.Enum):
    RED = "red"


class Number(enum.IntEnum):
    ONE = 1


class Text(str):
    pass


class Special(dict):
    pass


@dataclasses.dataclass
class Point:
    x: int = 1


Pair = collections.namedtuple("Pair", "left right")

VALUES = {
    "none": lambda: None,
    "true": lambda: True,
    "zero": lambda: 0,
    "float": lambda: 1.0,
    "large": lambda: 10**30,
    "nan": lambda: float("nan"),
    "infinity": lambda: float("-inf"),
    "empty": lambda: "",
    "text": lambda: "plain",
    "quoted": lambda: '"quoted"',
    "json text": lambda: '{"a": 1}',
    "unicode": lambda: {"\u00e9": "\u20ac \U0001f600 \u2028"},
    "surrogate": lambda: ["\ud800"],
    "controls": lambda: "\x00\x1f\x7f",
    "list": lambda: [1, "a", None, [True]],
    "tuple": lambda: ({"a": 1}, 201),
    "pair": lambda: Pair(1, 2),
    "dict": lambda: {"b": 1, "a": {"c": [1.5]}},
    "empty dict": dict,
    "empty list": list,
    "number keys": lambda: {2: 1, 1.5: 2, None: 3, True: 4},
    "tuple keys": lambda: {(1, 2): 3},
    "ordered": lambda: collections.OrderedDict([("z", 1), ("a", 2)]),
    "default": lambda: collections.defaultdict(list, a=[1]),
    "counter": lambda: collections.Counter("aab"),
    "subclass": lambda: Special(a=Text("b")),
    "own text": lambda: Text("own"),
    "decimal": lambda: decimal.Decimal("1.10"),
    "decimal whole": lambda: [decimal.Decimal("3"), decimal.Decimal("1e400")],
    "decimal small": lambda: {"d": decimal.Decimal("0.1000000000000000055511151231257827")},
    "decimal nan": lambda: decimal.Decimal("NaN"),
    "decimal key": lambda: {decimal.Decimal("1"): 1},
    "multidict": lambda: MultiDict({"a": ["1", "2"], "b": ["3"]}),
    "nested multidict": lambda: {"m": [MultiDict({"a": ["1", "2"]})]},
    "empty multidict": lambda: MultiDict(None),
    "string enum": lambda: Colour.RED,
    "in a list": lambda: [Colour.RED, Number.ONE],
    "datetime": lambda: {"at": datetime.datetime(2024, 1, 2)},  # noqa: DTZ001 - as applications do
    "date": lambda: datetime.date(2024, 1, 2),
    "set": lambda: {1},
    "bytes in a list": lambda: [b"x"],
    "bytearray": lambda: bytearray(b"x"),
    "uuid": lambda: uuid.UUID(int=1),
    "generator": lambda: (n for n in (1, 2)),
    "range": lambda: range(3),
    "object": lambda: object(),
    "dataclass": lambda: Point(),
    "class": lambda: Point,
    "complex": lambda: 1j,
    "deep": lambda: nested(50),
    "circle": lambda: circle(),
    "exception": lambda: ValueError("returned"),
}


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def circle():
    value = []
    value.append(value)
    return value


@app.route("/value/{name}")
def value(name):
    return VALUES[name]()


@app.route("/cors/{name}", cors=True)
def with_cors(name):
    return VALUES[name]()
