/** What Kith protects and what it does not. */
import { DOES_NOT_PROTECT, NOT_REVIEWED, PROTECTS } from "../text/about-words.ts";

export function Protection() {
  return (
    <div class="protection">
      <ul>
        {PROTECTS.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>What it does not do:</p>
      <ul>
        {DOES_NOT_PROTECT.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>{NOT_REVIEWED}</p>
    </div>
  );
}
