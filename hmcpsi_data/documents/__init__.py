"""Reading a publication: from a press notice, an inspection page or a CPS response to rows.

`read_document` gives a `Document`. The words of a document are held in memory only.
"""

from hmcpsi_data.documents.document import Document
from hmcpsi_data.documents.read import read_document

__all__ = ["Document", "read_document"]
