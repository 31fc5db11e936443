"""A document that is invented and says so, to try the reader on."""

__all__ = ["invented_notice"]

_NOTICE = """\
THIS DOCUMENT IS INVENTED. There is no such Area, and nothing in it was ever found or said.

CPS response to the Area Assurance inspection of CPS Inventshire
29 November 2016

In relation to Public Confidence the Area was rated as 'Fair'. Invented staff do a good job.

Inspected criterion\tScore
Effectiveness of leadership\tGood
Performance data\tFair
Care of dragons\tPoor
Late flying carpets\tVery good

The inspectors looked at 40 invented files in three courts.

Issues to address

1. The Area should record every dragon on the day on which it is seen.
Response: A register of dragons will be kept, and checked by managers each week.

2. Letters to knights should be sent in time.
Response: Two more scribes have been trained.
"""


def invented_notice() -> str:
    """The text of an invented document about an Area that does not exist.

    Use it to try `read_document` and `add_document`, in a folder that you throw away.

    Examples
    --------
    >>> print(invented_notice()[:26])
    THIS DOCUMENT IS INVENTED.
    """
    return _NOTICE
