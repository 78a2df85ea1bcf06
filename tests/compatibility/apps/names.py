"""What can be imported, from where."""

import chalice
import chalice.app
from chalice import Chalice

app = Chalice(app_name="names")


def statuses():
    return {error.__name__: error.STATUS_CODE for error in chalice.app.ALL_ERRORS}
