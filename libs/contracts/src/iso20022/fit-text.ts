/**
 * Names come from acquirers' registrations in any length and script; a message has a limit for
 * each, and cutting a name is better than losing the message. References are never cut.
 *
 * @param most characters
 * @returns undefined if nothing is left
 */
export function fitText(text: string, most: number): string | undefined {
  const clean = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}\p{Cn}\s]+/gu, ' ')
    .trim();
  const cut = [...clean].slice(0, most).join('').trim();
  return cut === '' ? undefined : cut;
}
