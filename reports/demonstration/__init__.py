"""A made-up year for the demonstration: content.py reads demonstration.yaml, load.py plays it through the real actions."""
