"""The WebSocket API by itself."""

import os

from chalice import Chalice
from chalice.app import WebsocketAPI

app = Chalice(app_name="websocket_api")
SEEN = []


class Session:
    def __init__(self, region="eu-west-1"):
        self.region_name = region

    def client(self, service, **options):
        SEEN.append([service, options.get("endpoint_url")])
        return self

    def get_connection(self, **options):
        return options


def endpoint(*configured, environment=None, session=None):
    """Return what a new API makes of its configuration."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        os.environ.pop(name, None)
    os.environ.update(environment or {})
    api = WebsocketAPI()
    api.session = Session() if session is None else session
    for arguments in configured:
        name, *rest = arguments
        getattr(api, name)(*rest)
    return api.info("connection")
