// A page that breaks says so and lets the others stand.
import { Button } from 'antd';
import { Component, type ReactNode } from 'react';
import { Note } from './Note';

interface Props {
  readonly title: string;
  readonly again: string;
  readonly children: ReactNode;
}

export class Catch extends Component<Props, { readonly why: string | null }> {
  override state = { why: null };

  static getDerivedStateFromError(e: unknown): { why: string } {
    return { why: e instanceof Error ? e.message : String(e) };
  }

  override render(): ReactNode {
    if (this.state.why === null) return this.props.children;
    return (
      <Note
        type="error"
        title={this.props.title}
        more={<span translate="no">{this.state.why}</span>}
        action={<Button onClick={() => this.setState({ why: null })}>{this.props.again}</Button>}
      />
    );
  }
}
