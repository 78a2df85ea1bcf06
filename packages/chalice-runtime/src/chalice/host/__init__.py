"""The application's side of the tools: ``python -m chalice.host describe`` and ``… serve``.

Both run with the project's own interpreter.  The tools start them and never import the application
themselves.  Nothing of this package ships into Lambda.
"""
