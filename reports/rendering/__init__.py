"""How papers look: a ``Document`` as PDF, DOCX and HTML, with its empty fields."""
