story "what cannot be true is refused with a sentence, and nothing is left of it"
clock 2026-03-02T09:00Z
refuse "occurred_at" hear occurred_at=2027-01-01T00:00Z words="from the future"
refuse "words" hear channel=call
refuse "department" rule bad: score:nps < 7 -> ticket due=4h
refuse "want" rule bad: score:nps < -> ticket department=care
refuse "no action" rule bad: score:nps < 7 -> fax department=care
expect signals = 0
expect tickets = 0
