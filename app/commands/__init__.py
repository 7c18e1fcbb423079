"""The ``kiemtra`` command's parts, one module per noun."""
