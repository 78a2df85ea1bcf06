"""Views that are not plain functions, and decorators above and below the route."""

import functools

from chalice import Chalice, Response

app = Chalice(app_name="wrapped_views")
SEEN = []


def logged(view):
    @functools.wraps(view)
    def wrapper(*args, **kwargs):
        SEEN.append([view.__name__, list(args), kwargs])
        return view(*args, **kwargs)

    return wrapper


def with_header(name, value):
    def decorate(view):
        @functools.wraps(view)
        def wrapper(**kwargs):
            return Response(view(**kwargs), {name: value})

        return wrapper

    return decorate


@app.route("/below/{x}")
@logged
def below(x):
    return x


@logged
@app.route("/above/{x}")
def above(x):
    return x


@app.route("/both/{x}")
@with_header("X-A", "a")
@logged
def both(x):
    return {"x": x}


class Greeter:
    def __init__(self, word):
        self.word = word
        self.__name__ = "greeter"

    def __call__(self, name):
        return f"{self.word} {name}"

    def method(self, name):
        return f"{self.word}, {name}"


greeter = app.route("/callable/{name}")(Greeter("hello"))
app.route("/method/{name}")(Greeter("good day").method)
app.route("/partial/{name}", name="partial")(
    functools.update_wrapper(functools.partial(Greeter("bye").method), Greeter.method)
)
app.route("/lambda/{x}", name="nameless")(lambda x: x.upper())


@app.route("/docs/{x}")
def documented(x):
    """Say what it does."""
    return documented.__doc__


@app.route("/one")
@app.route("/two")
@app.route("/three", methods=["POST"])
def stacked():
    return app.current_request.path


def factory(word):
    def view():
        return word

    return view


for word in ("first", "second"):
    app.route(f"/made/{word}", name=word)(factory(word))
