/** The moment before the store is open. */
import { Logo } from "../components/Logo.tsx";

export function StartingScreen() {
  return (
    <main class="centre starting" aria-busy="true">
      <Logo size="large" />
      <p class="visually-hidden">Kith is starting</p>
    </main>
  );
}
