story "answers are heard once, and counted"
hear id=a channel=survey score:nps=9
hear id=b channel=survey score:nps=3
hear id=c channel=call score:nps=10
expect signals = 3
expect tally nps = 33.33 n=3
expect tally nps = 0 n=2 where="channel = 'survey'"
expect tally count = 2 where="channel = 'survey'"

# Heard again, the same answer changes nothing.
hear id=b channel=survey score:nps=3
expect signals = 3
expect tally nps = 33.33 n=3
