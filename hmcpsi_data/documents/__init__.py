"""From a publication of HMCPSI or the CPS to claims with their lines, and to rows of the tables."""

from hmcpsi_data.documents.adding import add_document
from hmcpsi_data.documents.document import Document, in_words, invented_notice, read_document
from hmcpsi_data.documents.words_behind import show_words

__all__ = [
    "Document",
    "add_document",
    "in_words",
    "invented_notice",
    "read_document",
    "show_words",
]
