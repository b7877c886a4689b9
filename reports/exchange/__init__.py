"""A plan year as a file, out and in again.

portal: the plan year as it stands, as the same Document that a file is read into; difference: two documents side by side, pure;
yaml_file and workbook: a document as YAML and as Excel, and back; preview: what a file would change and what it may not.
"""
