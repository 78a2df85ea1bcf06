"""Errors of the application's own."""

from chalice import BadRequestError, Chalice, ChaliceViewError, NotFoundError

app = Chalice(app_name="custom_errors")


class Teapot(ChaliceViewError):
    STATUS_CODE = 418


class Plain(ChaliceViewError):
    pass


class Precise(NotFoundError):
    """Keeps its parent's status."""


class Worded(BadRequestError):
    def __str__(self):
        return "in its own words: " + repr(self.args)


class Told(ChaliceViewError):
    STATUS_CODE = 402

    def __init__(self, amount):
        super().__init__(f"{amount} to pay")
        self.amount = amount


class Both(BadRequestError, KeyError):
    pass


class PerInstance(ChaliceViewError):
    def __init__(self, code):
        super().__init__("per instance")
        self.STATUS_CODE = code


class Unicode(ChaliceViewError):
    STATUS_CODE = 499

    def __init__(self):
        super().__init__("\u00e9 \"quoted\" \n next")


class WithoutText(ChaliceViewError):
    def __str__(self):
        raise ValueError("no text")


ERRORS = {
    "teapot": lambda: Teapot("short", "stout"),
    "plain": lambda: Plain("plain"),
    "precise": lambda: Precise("precise"),
    "worded": lambda: Worded("a", 1),
    "told": lambda: Told(5),
    "both": lambda: Both("both"),
    "instance": lambda: PerInstance(428),
    "unicode": lambda: Unicode(),
    "without": lambda: WithoutText(),
}


@app.route("/{name}")
def view(name):
    raise ERRORS[name]()


@app.route("/cors/{name}", cors=True)
def with_cors(name):
    raise ERRORS[name]()
