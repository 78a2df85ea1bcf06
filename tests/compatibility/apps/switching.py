"""Debug mode switched on and off."""

from chalice import Chalice

app = Chalice(app_name="switching")


@app.route("/crash")
def crash():
    app.log.debug("about to crash")
    raise ValueError("crash")


@app.route("/switch/{value}")
def switch(value):
    app.debug = value == "on"
    return [app.debug, app.log.level]


@app.route("/level/{number}")
def level(number):
    app.log.setLevel(int(number))
    return [app.debug, app.log.level]


@app.route("/within")
def within():
    app.debug = True
    raise ValueError("within")
