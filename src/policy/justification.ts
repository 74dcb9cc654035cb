/** Why a product is not affected: OpenVEX specification, "Status Justifications". */
export const justifications = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
] as const
export type Justification = (typeof justifications)[number]

export function isJustification(text: string): text is Justification {
  return (justifications as readonly string[]).includes(text)
}
