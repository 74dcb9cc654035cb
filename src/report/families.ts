import type {Family} from '../model/rule.js'

/** What people call a family of findings. */
export const familyTitles: Readonly<Record<Family, string>> = {
  vulnerability: 'Vulnerabilities',
  hardening: 'Hardening',
  musl: 'musl',
  image: 'Image',
}
