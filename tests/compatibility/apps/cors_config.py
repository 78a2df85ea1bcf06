"""The CORS configuration as an object."""

from chalice import Chalice, CORSConfig

app = Chalice(app_name="cors_config")


def headers(*args, **options):
    return CORSConfig(*args, **options).get_access_control_headers()


def allowed(*args, **options):
    return CORSConfig(*args, **options).allow_headers


def equal(one, other):
    return [CORSConfig(**one) == CORSConfig(**other), CORSConfig(**one) != CORSConfig(**other)]
