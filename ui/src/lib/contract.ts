// What the server says it answers (src/gen/api.d.ts, made of its own description by `make ui`) is what the
// pages read (shapes.ts): where the two part, this file does not compile.
import type { components } from '../gen/api';
import type { Journey } from './journeys';
import type * as read from './shapes';

type Said = components['schemas'];
type Fits<S extends R, R> = S;

export type Contract = [
  Fits<Said['mention'], read.Mention>,
  Fits<Said['voice'], read.Voice>,
  Fits<Said['voices'], read.Voices>,
  Fits<Said['tally'], read.Tally>,
  Fits<Said['columns'], read.Columns>,
  Fits<Said['ranked'], read.Finding>,
  Fits<Said['taxonomy'], read.Taxonomy>,
  Fits<Said['sources'], read.Sources>,
  Fits<Said['ticket'], read.Ticket>,
  Fits<Said['rule'], read.Rule>,
  Fits<Said['department'], read.Department>,
  Fits<Said['user'], read.User>,
  Fits<Said['dashboard'], read.Dashboard>,
  Fits<Said['journey'], Journey>,
];
