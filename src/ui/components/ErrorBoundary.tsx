/** Catches what the screen throws while it draws itself, and shows a way out instead of a white page. */
import { Component, type ComponentChildren } from "preact";
import { FailedScreen } from "../screens/FailedScreen.tsx";

export interface ErrorBoundaryProps {
  readonly onReload: () => void;
  readonly onError: (error: unknown) => void;
  readonly children: ComponentChildren;
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  override componentDidCatch(error: unknown): void {
    this.setState({ hasFailed: true });
    this.props.onError(error);
  }

  override render() {
    return this.state.hasFailed ? <FailedScreen reason="crash" onReload={this.props.onReload} /> : this.props.children;
  }
}
