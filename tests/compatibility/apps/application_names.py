"""Applications that are subclasses, or of which there are several."""

from chalice import Chalice

SEEN = []


class Own(Chalice):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.mine = []

    def route(self, path, **options):
        self.mine.append(path)
        return super().route("/v1" + path, **options)

    def __call__(self, event, context):
        SEEN.append(event["httpMethod"])
        return super().__call__(event, context)


app = Own("application_names")
other = Chalice(app_name="application_other", debug=False, configure_logs=True)


@app.route("/own")
def own():
    return [app.mine, app.app_name, app.log.name]


@other.route("/other")
def other_view():
    return other.app_name


@app.route("/calls")
def calls():
    return own()
