"""URLs of AWS Lambda functions for Chalice applications."""

from chalice_function_urls.events import on_function_url

__all__ = ["on_function_url"]
