"""What is logged, where, and from which level on."""

import logging
import sys

from chalice import BadRequestError, Chalice

app = Chalice(app_name="logging_rules")
chatty = Chalice(app_name="logging_chatty", debug=True)
untouched = Chalice(app_name="logging_untouched", configure_logs=False)
untouched_debug = Chalice(app_name="logging_untouched_debug", debug=True, configure_logs=False)
first = Chalice(app_name="logging_shared")
second = Chalice(app_name="logging_shared", debug=True)

prepared_logger = logging.getLogger("logging_prepared")
prepared_logger.addHandler(logging.StreamHandler(sys.stdout))
prepared_logger.setLevel(logging.INFO)
prepared = Chalice(app_name="logging_prepared", debug=True)

to_errors = logging.getLogger("logging_to_errors")
to_errors.addHandler(logging.StreamHandler(sys.stderr))
elsewhere = Chalice(app_name="logging_to_errors")

APPS = {
    "app": app,
    "chatty": chatty,
    "untouched": untouched,
    "untouched_debug": untouched_debug,
    "first": first,
    "second": second,
    "prepared": prepared,
    "elsewhere": elsewhere,
}


def levels():
    return {name: [one.log.level, one.log.propagate, len(one.log.handlers)] for name, one in APPS.items()}


def log_with(name):
    log = APPS[name].log
    for level in ("debug", "info", "warning", "error", "critical"):
        getattr(log, level)("%s by %s", level, name)


@app.route("/log/{level}")
def log(level):
    getattr(app.log, level)("a line\nand another: %s", {"x": 1})


@app.route("/level/{number}")
def set_level(number):
    app.log.setLevel(int(number))


@app.route("/print")
def printed():
    print("printed")


@app.route("/exception")
def exception():
    try:
        raise ValueError("logged")
    except ValueError:
        app.log.exception("it happened")
    return "fine"


@app.route("/crash")
def crash():
    raise ValueError("crash")


@app.route("/bad")
def bad():
    raise BadRequestError("bad")


@app.route("/child")
def child():
    app.log.getChild("child").error("from the child")
