import { Component } from "react";

/** Shows that a part of the page broke, instead of nothing. What was typed and queued is kept in the browser. */
export class Boundary extends Component {
  state = { error: null };

  static getDerivedStateFromError(error) {
    return { error };
  }

  render() {
    if (!this.state.error) return this.props.children;
    return (
      <main className="door">
        <section className="door-form" role="alert">
          <h1>This page stopped working</h1>
          <p>That is a fault of ours. What you typed and sent is kept; loading the page again brings it back.</p>
          <p className="message-note">{String(this.state.error?.message ?? this.state.error)}</p>
          <button type="button" className="button button-primary" onClick={() => location.reload()}>
            Load the page again
          </button>
          <a href="#/" onClick={() => this.setState({ error: null })}>
            Go to your conversations
          </a>
        </section>
      </main>
    );
  }
}
