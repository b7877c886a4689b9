"""The strategy from a YAML file into the portal: document.py reads and checks the file, loader.py writes the rows."""
