"""Due updates as an Excel file, and back.

layout: what both ways know; write; opening and read: the file by itself; preview: the file beside the plan as it stands.
"""
