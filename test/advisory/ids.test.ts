import fc from 'fast-check'
import {expect, test} from 'vitest'
import {parseIDs} from '../../src/advisory/ids.js'

test.each<[text: string, ids: string[]]>([
  ['CVE-2023-5678', ['CVE-2023-5678']],
  ['CVE-2016-9932 XSA-200', ['CVE-2016-9932=XSA-200']],
  ['CVE-2016-9932   XSA-200', ['CVE-2016-9932=XSA-200']],
  ['GNUTLS-SA-2020-06-03 CVE-2020-13777', ['CVE-2020-13777=GNUTLS-SA-2020-06-03']],
  ['CVE-2020-11740 CVE-2020-11741 XSA-313', ['CVE-2020-11740=XSA-313', 'CVE-2020-11741=XSA-313']],
  ['CVE-2020-11501 GNUTLS-SA-2020-03-31 CVE-2020-11501', ['CVE-2020-11501=GNUTLS-SA-2020-03-31']],
  ['CVE-2017-5753 CVE-2017-5715 XSA-254 XPTI', ['CVE-2017-5753=XSA-254', 'CVE-2017-5715=XSA-254']],
  ['CVE-2024-22195 GHSA-h5c8-rqwp-cp95', ['CVE-2024-22195=GHSA-h5c8-rqwp-cp95']],
  ['CVE-2018-14461 (LDP)', ['CVE-2018-14461']],
  ['CVE-2018-10103 (SMB - partially fixed, but SMB printing disabled)', ['CVE-2018-10103']],
  ['CVE-2021-35940.patch', ['CVE-2021-35940']],
  ['CVE-2017-17434-1', ['CVE-2017-17434']],
  ['CVE_2019-2426', ['CVE-2019-2426']],
  ['CVE-46838', ['CVE-46838']],
  ['CVE-????-????? TS-2024-005', ['TS-2024-005']],
  ['CVE-2022-????? XSA-398', ['XSA-398']],
  ['CVE N/A ZBX-11023', ['ZBX-11023']],
  ['XSA-207', ['XSA-207']],
  ['YSA-2024-01 GHSL-2021-045', ['YSA-2024-01=GHSL-2021-045']],
  ['CVE-????-?????', ['CVE-????-?????']],
  ['some  words\tof\u0007 nobody', ['some words of\ufffd nobody']],
  ['(CVE-2020-1234)', ['CVE-2020-1234']],
  ['CVE-2020-1234 (unclosed', ['CVE-2020-1234']],
])('%s', (text, expected) => {
  const {ids, rejected} = parseIDs(text)
  expect(ids.map(({id, aliases}) => [id, ...aliases].join('='))).toEqual(expected)
  expect(rejected).toBe(false)
})

test.each(['CVE-2020-14342 (not actually applicable)', 'CVE-2020-14342 (Not affected, requires --with-systemd)'])(
  'taken back by its comment: %s',
  text => expect(parseIDs(text)).toEqual({ids: [{id: 'CVE-2020-14342', aliases: []}], rejected: true}),
)

test('only a blank string has no ids, and no id can break a line', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({unit: 'binary'}), fc.stringMatching(/^[CVEXSA0-9 ()_-]{0,40}$/)),
      text => {
        const {ids} = parseIDs(text)
        expect(ids.length > 0).toBe(text.trim() !== '')
        for (const {id} of ids) expect(id).toMatch(/^[^\t\n\r]{1,100}$/)
      },
    ),
  )
})
