"""AWS SAM as an output format of Chalice applications."""
