import type { CodedConcept } from './coded-concept.ts';

const sct = (CodeValue: string, CodeMeaning: string): CodedConcept => ({
  CodeValue,
  CodingSchemeDesignator: 'SCT',
  CodeMeaning,
});

/** What the standard orthodontic photographs are coded with (CP-1570, CID 4061 to 4072), by a word for each code. */
export const ORTHO_CODES = {
  mouth: sct('123851003', 'Mouth region'),
  'head-and-neck': sct('774007', 'Head and neck'),
  'buccal-space': sct('261063000', 'Buccal space'),
  'oral-cavity': sct('74262004', 'Oral cavity'),
  'upper-arch': sct('39481002', 'Maxillary dental arch'),
  'lower-arch': sct('88176008', 'Mandibular dental arch'),
  frenum: sct('7652006', 'Frenulum of lip'),
  face: sct('89545001', 'Face'),
  mirror: sct('1332162007', 'Intraoral mirror'),
  ruler: sct('102304005', 'Measuring ruler, device'),
  'periodontal-probe': sct('462735007', 'Periodontal probe'),
  'tongue-blade': sct('39802000', 'Tongue blade, device'),
  'right-lateral': sct('399198007', 'Right lateral projection'),
  'left-lateral': sct('399173006', 'Left lateral projection'),
  frontal: sct('399033003', 'Frontal projection'),
  occlusal: sct('260499007', 'Occlusal projection'),
  '45-degree': sct('260454004', '45 degree projection'),
  submentovertical: sct('399255003', 'Submentovertical projection'),
  vertex: sct('260461000', 'Vertex projection'),
  'mirrored-uncorrected': sct('789135000', 'Mirrored visible image uncorrected'),
  'mirrored-corrected': sct('787610003', 'Photographic image corrected intraoral mirrored visible record'),
  'teeth-apart': sct('789130005', 'Photographic image with mouth partially open, teeth apart'),
  'close-up': sct('789131009', 'Close up photographic view of teeth'),
  'mouth-open': sct('262016004', 'Open mouth'),
  'lips-relaxed': sct('1336028006', 'Upper and lower lips in relaxed position'),
  'lips-closed': sct('1336029003', 'Upper and lower lips in closed position'),
  smile: sct('225583004', 'Smiles'),
  'mandible-forward': sct('1336026005', 'Mandible postured forwards'),
  'gingival-recession': sct('4356008', 'Gingival recession'),
  'occlusal-cant': sct('710793000', 'Cant of occlusal plane'),
  'tongue-thrust': sct('110343009', 'Tongue thrust'),
  'bells-palsy': sct('193093009', "Bell's palsy"),
  'centric-occlusion': sct('110320000', 'Centric occlusion'),
  'centric-relation': sct('736783005', 'Centric relation'),
  right: sct('24028007', 'Right'),
  left: sct('7771000', 'Left'),
} as const satisfies Record<string, CodedConcept>;

export type OrthoCode = keyof typeof ORTHO_CODES;
