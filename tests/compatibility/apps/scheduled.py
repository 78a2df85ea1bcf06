"""Scheduled functions, and the expressions that schedule them."""

from chalice import Chalice, Cron, Rate

app = Chalice(app_name="scheduled")
SEEN = []


NAMES = ("version", "account", "region", "detail", "detail_type", "source", "time", "event_id", "resources")


def see(event):
    SEEN.append(
        {
            "class": type(event).__name__,
            "attributes": {name: getattr(event, name) for name in NAMES},
            "function": event.context.function_name,
            "same": event.to_dict(),
        }
    )


@app.schedule("rate(5 minutes)")
def every(event):
    see(event)
    return event.time


@app.schedule(Rate(1, unit=Rate.HOURS), name="renamed", description="every hour")
def hourly(event):
    see(event)


@app.schedule(Cron(0, 12, "*", "*", "?", "*"))
def noon(event):
    raise ValueError("noon")


def expression(*args, **options):
    return (Rate if len(args) < 3 else Cron)(*args, **options).to_string()
