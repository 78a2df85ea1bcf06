"""URLs of AWS Lambda functions for Chalice applications."""
