story "a late parcel is heard, understood, acted on, and its ticket closed with an outcome"
clock 2026-03-02T09:00Z
rule late-parcel: aspect = 'delivery.speed' and polarity = 'negative' -> ticket department=logistics due=4h
hear channel=review customer=ann score:nps=3 words="快递太慢了,等了两周才收到"
hear channel=review customer=bo score:nps=9 words="快递很快,第二天就到了"
hear channel=review customer=cy score:nps=8 words="Delivery was slow, but the driver was friendly"
expect signals = 3
expect signal 1 lang=zh-Hans sentiment=-1 intent=complaint
expect tickets = 2 department=logistics state=open
expect ticket 1 due=4h signal_id=1
wait 3h
expect ticket 1 due=1h
close ticket 1 outcome=refunded note="refunded the shipping"
expect tickets = 1 state=open
expect tickets = 1 state=closed outcome=refunded
