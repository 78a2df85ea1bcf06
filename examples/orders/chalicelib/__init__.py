"""Code that is deployed with the application."""
