"""An AWS CDK construct for Chalice applications."""
