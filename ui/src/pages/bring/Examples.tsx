// Sending by API, ready to copy; the token stands in the example while it can still be seen.
import { useState, type ReactNode } from 'react';
import { Button } from 'antd';
import { useHere } from '../../lib/session';
import { w } from './words';

const tools = ['curl', 'JavaScript', 'Segment'] as const;
type Tool = (typeof tools)[number];

function exampleOf(tool: Tool, origin: string, token: string): string {
  const signal = `{
    "source": "shop",
    "external_id": "order-1001",
    "occurred_at": "${new Date().toISOString().slice(0, 10)}T09:30:00Z",
    "channel": "survey",
    "words": "The parcel came a week late.",
    "score:nps": 4
  }`;
  switch (tool) {
    case 'curl':
      return `curl ${origin}/api/v1/signals \\
  -H "Authorization: Bearer ${token}" \\
  -H "Content-Type: application/json" \\
  -d '${signal.replaceAll('\n  ', '\n')}'`;
    case 'JavaScript':
      return `await fetch('${origin}/api/v1/signals', {
  method: 'POST',
  headers: {
    'authorization': 'Bearer ${token}',
    'content-type': 'application/json',
    'idempotency-key': crypto.randomUUID(),
  },
  body: JSON.stringify(${signal}),
});`;
    case 'Segment':
      return `import { Analytics } from '@segment/analytics-node';

const analytics = new Analytics({
  writeKey: '${token}',
  host: '${origin}',
});
analytics.track({
  userId: 'member-42',
  event: 'Review Submitted',
  properties: { words: 'The parcel came a week late.', 'score:nps': 4 },
});`;
  }
}

export function Examples({ token }: { readonly token: string }): ReactNode {
  const { say } = useHere();
  const [tool, setTool] = useState<Tool>('curl');
  const [copied, setCopied] = useState(false);
  const text = exampleOf(tool, window.location.origin, token);
  const copy = (): void => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <div className="api-example">
      <div className="api-tools" role="group" aria-label={say(w.example)}>
        {tools.map((k) => (
          <Button
            key={k}
            type={k === tool ? 'primary' : 'default'}
            aria-pressed={k === tool}
            onClick={() => {
              setTool(k);
              setCopied(false);
            }}
          >
            <span translate="no">{k}</span>
          </Button>
        ))}
        <Button className="api-copy" onClick={copy}>
          {say(copied ? w.copied : w.copy)}
        </Button>
      </div>
      <pre tabIndex={0} role="region" aria-label={say(w.exampleIn, { tool })} translate="no">
        <code>{text}</code>
      </pre>
    </div>
  );
}
