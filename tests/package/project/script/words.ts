export function words(): string {
  return "from a script\n";
}
