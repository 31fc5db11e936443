"""From fourteen aspects to one word: what the rule of 2005-06 can have been, and what if.

The Overall Performance Assessment of 2005-06 says that five critical aspects drive the overall
rating and that the other nine are overlaid. Its rule is not among our sources. So there is no rule
here, but a declared family of them, and the members that agree with every Area of which enough is
known (`consistent_rules`). `overall` says which words they allow for a profile and why; `what_if`
says what would have to change; `sensitivity` says which open questions matter.

The family is this project's own judgement, and every result is a reconstruction.
"""

from hmcpsi_data.assessment.known import ConsistentRules, consistent_rules, profile
from hmcpsi_data.assessment.what_if import Answer, Overall, overall, sensitivity, what_if

__all__ = [
    "Answer", "ConsistentRules", "Overall", "consistent_rules", "overall", "profile",
    "sensitivity", "what_if",
]  # fmt: skip
