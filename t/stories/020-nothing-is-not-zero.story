story "no answers give no score, never nought"
expect tally nps = n/a n=0
hear channel=call words="Where is my order?"
expect signals = 1
expect tally nps = n/a n=0
hear score:nps=6 channel=survey
expect tally nps = -100 n=1
