import type { SyntheticPatient } from '../dicom/modules.ts';

type Person = readonly [name: string, birthDate: string, sex: 'F' | 'M' | 'O'];

/** The patients of the demonstration, all invented. Names are DICOM PN: family^given^middle, then ideographic and phonetic groups. */
const PEOPLE: readonly Person[] = [
  ['Ruiz^Camille', '20120302', 'F'],
  ['Okafor^Daniel', '20110917', 'M'],
  ['Nguyen^Lan', '20130524', 'F'],
  ['Lefèvre^Zoé', '20100111', 'F'],
  ['Sato^Yui=佐藤^結衣=さとう^ゆい', '20120808', 'F'],
  ['García Márquez^Iñaki', '20090630', 'M'],
  ['Haddad^Omar', '20111203', 'M'],
  ['Brontë^Charlotte^Anne', '19950421', 'F'],
  ['Tremblay^Élodie', '20080215', 'F'],
  ['Kim^Seoyeon=金^瑞姸=김^서연', '20130729', 'F'],
  ['Müller^Jürgen', '19880510', 'M'],
  ['Østergård^Signe', '20101122', 'F'],
  ["O'Connell^Maeve", '20120618', 'F'],
  ['Núñez^Lucía', '20110303', 'F'],
  ['Dubois^Maxime', '20090925', 'M'],
  ['Ivanova^Mila', '20140107', 'F'],
  ['Silva^Beatriz', '20100514', 'F'],
  ['Kowalski^Piotr', '19920819', 'M'],
  ['Diallo^Aminata', '20130212', 'F'],
  ['Peña^Joaquín', '20120427', 'M'],
  ['Moreau^Léa', '20110806', 'F'],
  ['Whitfield^George', '19790331', 'M'],
  ['Fernández^Sofía', '20141019', 'F'],
  ['Chevalier^Noé', '20130901', 'M'],
  ['Papadopoulou^Eleni', '20081128', 'F'],
  ['van den Berg^Thijs', '20120715', 'M'],
  ['Benali^Yasmine', '20091209', 'F'],
  ['Guérin^François', '19850623', 'M'],
  ['Castillo^Mateo', '20150118', 'M'],
  ['Lindqvist^Åsa', '19990404', 'F'],
  ['Renaud^Chloé', '20130316', 'F'],
  ['Jiménez^Álvaro', '20100828', 'M'],
  ['Hughes^Rhys', '20110520', 'M'],
  ['Petit^Inès', '20140611', 'F'],
  ['Ortega^Valentina', '20120130', 'F'],
  ['Adeyemi^Tobi', '20090717', 'O'],
  ['Roussel^Gaël', '20131105', 'M'],
  ['Molina^Jimena', '20080922', 'F'],
  ['Fitzgerald^Nora', '19760213', 'F'],
  ['Blanc^Hugo', '20150427', 'M'],
];

/** The forty patients, each with the identifier that the group's own issuer gave. */
export const people: readonly SyntheticPatient[] = PEOPLE.map(([name, birthDate, sex], index) => ({
  PatientID: `NO-${String(20_401 + index)}`,
  IssuerOfPatientID: 'NORTHSIDE',
  PatientName: name,
  PatientBirthDate: birthDate,
  PatientSex: sex,
}));
