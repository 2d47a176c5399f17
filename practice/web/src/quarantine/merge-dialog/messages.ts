import { defineMessages } from '@archwire/ui';

export const messages = defineMessages({
  en: {
    title: 'Merge with another patient',
    chooseLead: 'Find the patient who is the same person. You see both side by side before anything changes.',
    lead: 'Look at both once more: two people in one record can harm a patient.',
    survivor: 'Who stays',
    survivorHint: 'The other’s studies and Patient IDs go there. This can be undone.',
    onlyOne: '{name} stays, because the other is known from images only.',
    bothRegistered:
      'Both are registered, and only a patient known from images can be merged into another here. Give the studies over one by one instead.',
    stays: '{name} · {count, plural, =0 {no study} one {# study} other {# studies}}',
    merge: 'Merge into {name}',
    merged: 'Merged into {name}',
    undoReason: 'Taken back at once',
    quickTwice: 'Registered twice',
    quickName: 'Name changed',
    quickConfirmed: 'Confirmed with the patient',
    failed: 'This could not be done. Try again.',
    changed: 'One of the two was merged or changed meanwhile. Close this and look again.',
  },
  fr: {
    title: 'Fusionner avec un autre patient',
    chooseLead:
      'Trouvez le patient qui est la même personne. Vous verrez les deux côte à côte avant tout changement.',
    lead: 'Comparez encore une fois : deux personnes dans un même dossier peuvent nuire à un patient.',
    survivor: 'Qui reste',
    survivorHint: 'Les examens et Patient ID de l’autre y passent. Cela peut être annulé.',
    onlyOne: '{name} reste, car l’autre n’est connu que par ses images.',
    bothRegistered:
      'Les deux sont enregistrés, et seul un patient connu par ses images peut être fusionné ici. Donnez plutôt les examens un par un.',
    stays: '{name} · {count, plural, =0 {aucun examen} one {# examen} other {# examens}}',
    merge: 'Fusionner dans {name}',
    merged: 'Fusionné dans {name}',
    undoReason: 'Annulé aussitôt',
    quickTwice: 'Enregistré deux fois',
    quickName: 'Changement de nom',
    quickConfirmed: 'Confirmé avec le patient',
    failed: 'Cela n’a pas abouti. Réessayez.',
    changed: 'L’un des deux a été fusionné ou modifié entre-temps. Fermez et regardez à nouveau.',
  },
  es: {
    title: 'Fusionar con otro paciente',
    chooseLead:
      'Busque al paciente que es la misma persona. Verá a ambos lado a lado antes de que cambie nada.',
    lead: 'Compare una vez más: dos personas en una misma historia pueden dañar a un paciente.',
    survivor: 'Quién permanece',
    survivorHint: 'Los estudios y Patient ID del otro pasan allí. Se puede deshacer.',
    onlyOne: '{name} permanece, porque al otro solo se le conoce por imágenes.',
    bothRegistered:
      'Ambos están registrados, y aquí solo se puede fusionar a un paciente conocido por imágenes. Pase los estudios uno por uno.',
    stays: '{name} · {count, plural, =0 {ningún estudio} one {# estudio} other {# estudios}}',
    merge: 'Fusionar con {name}',
    merged: 'Fusionado con {name}',
    undoReason: 'Deshecho enseguida',
    quickTwice: 'Registrado dos veces',
    quickName: 'Cambio de nombre',
    quickConfirmed: 'Confirmado con el paciente',
    failed: 'No se pudo hacer. Inténtelo de nuevo.',
    changed: 'Uno de los dos se fusionó o cambió mientras tanto. Cierre y mire de nuevo.',
  },
});
