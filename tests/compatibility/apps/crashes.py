"""Exceptions that nobody expected, without debug mode."""

from chalice import Chalice

app = Chalice(app_name="crashes")


class OwnError(Exception):
    pass


def raising(error):
    raise error


ERRORS = {
    "value": lambda: raising(ValueError("secret")),
    "key": lambda: {}["secret"],
    "zero": lambda: 1 // 0,
    "own": lambda: raising(OwnError("secret")),
    "lookup": lambda: None.secret,
    "assert": lambda: raising(AssertionError()),
    "stop": lambda: next(iter(())),
    "memory": lambda: raising(MemoryError()),
    "recursion": lambda: recurse(),
    "system": lambda: raising(OSError(2, "secret")),
    "unicode": lambda: b"\xff".decode(),
}


def recurse():
    return recurse()


@app.route("/{name}", methods=["GET", "POST"])
def view(name):
    return ERRORS[name]()


@app.route("/cors/{name}", cors=True)
def with_cors(name):
    return ERRORS[name]()


@app.route("/chained/{name}")
def chained(name):
    try:
        return ERRORS[name]()
    except Exception as error:
        raise RuntimeError("second") from error
