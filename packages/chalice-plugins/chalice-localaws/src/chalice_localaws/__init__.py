"""An AWS embedded on your own machine, the default place to deploy Chalice applications while developing."""
