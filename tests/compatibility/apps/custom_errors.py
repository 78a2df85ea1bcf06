"""Errors of the application's own."""

from chalice import BadRequestError, Chalice, ChaliceViewError, NotFoundError

app = Chalice(app_name="custom_errors")


class TeapotError(ChaliceViewError):
    STATUS_CODE = 418


class PlainError(ChaliceViewError):
    pass


class PreciseError(NotFoundError):
    """Keeps its parent's status."""


class WordedError(BadRequestError):
    def __str__(self):
        return "in its own words: " + repr(self.args)


class ToldError(ChaliceViewError):
    STATUS_CODE = 402

    def __init__(self, amount):
        super().__init__(f"{amount} to pay")
        self.amount = amount


class BothError(BadRequestError, KeyError):
    pass


class PerInstanceError(ChaliceViewError):
    def __init__(self, code):
        super().__init__("per instance")
        self.STATUS_CODE = code


class UnicodeError(ChaliceViewError):
    STATUS_CODE = 499

    def __init__(self):
        super().__init__('\u00e9 "quoted" \n next')


class WithoutTextError(ChaliceViewError):
    def __str__(self):
        raise ValueError("no text")


ERRORS = {
    "teapot": lambda: TeapotError("short", "stout"),
    "plain": lambda: PlainError("plain"),
    "precise": lambda: PreciseError("precise"),
    "worded": lambda: WordedError("a", 1),
    "told": lambda: ToldError(5),
    "both": lambda: BothError("both"),
    "instance": lambda: PerInstanceError(428),
    "unicode": lambda: UnicodeError(),
    "without": lambda: WithoutTextError(),
}


@app.route("/{name}")
def view(name):
    raise ERRORS[name]()


@app.route("/cors/{name}", cors=True)
def with_cors(name):
    raise ERRORS[name]()
