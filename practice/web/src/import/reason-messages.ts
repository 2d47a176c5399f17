import { defineMessages } from '@archwire/ui';

/** The server's codes, in the language of the person; a code that is not here is said by its outcome alone. */
export const reasonMessages = defineMessages({
  en: {
    truncated: 'The file ends before the image does. Copy it again from the disc or the device.',
    'missing-attribute': 'The file does not say which study, series or image it is. Export it again.',
    'bad-uid': 'The file names its study, series or image in a way that is not allowed. Export it again.',
    'transfer-syntax': 'How the file is written cannot be told. Export it again.',
    structure: 'The file is damaged inside. Copy it again from the disc or the device.',
    inflate: 'The compressed part of the file is damaged. Copy it again.',
    'zip-damaged': 'The ZIP archive is damaged or not whole. Copy or download it again.',
    'zip-crc': 'The checksum of this file in the ZIP is wrong. Copy or download the ZIP again.',
    'zip-encrypted': 'Protected by a password. Unpack the ZIP first, then import the folder.',
    'zip-compression':
      'This kind of compression is not read here. Unpack the ZIP first, then import the folder.',
    'zip-bomb': 'The ZIP would grow far beyond any set of images. It was not opened.',
    'zip-entry-bomb': 'This file would grow far beyond any image. It was not unpacked.',
    'zip-entries': 'The ZIP holds more files than are read at once. Split it.',
    'zip-nesting': 'A ZIP inside a ZIP inside a ZIP is not opened. Unpack it first.',
    'unsafe-path': 'The name of this file points outside of its folder. It was not read.',
    'symbolic-link': 'A link to another file, not a file. It was not read.',
    'duplicate-name': 'A file of the same name came before in this ZIP. Only the first was read.',
    'directory-damaged':
      'The list of contents of the disc cannot be read. All files were looked at all the same.',
    'directory-missing':
      'The disc’s list of contents names this file, but it did not come. Bring the whole disc.',
    'not-sent': 'The file was named but never arrived. Choose it again.',
    'storage-full': 'The storage is full. Free space, then try again.',
    unavailable: 'The server could not open this for now. Try again.',
  },
  fr: {
    truncated: 'Le fichier s’arrête avant la fin de l’image. Recopiez-le depuis le disque ou l’appareil.',
    'missing-attribute':
      'Le fichier ne dit pas de quel examen, série ou image il s’agit. Exportez-le de nouveau.',
    'bad-uid':
      'Le fichier désigne son examen, sa série ou son image d’une façon non permise. Exportez-le de nouveau.',
    'transfer-syntax': 'On ne peut pas savoir comment le fichier est écrit. Exportez-le de nouveau.',
    structure: 'Le fichier est endommagé. Recopiez-le depuis le disque ou l’appareil.',
    inflate: 'La partie compressée du fichier est endommagée. Recopiez-le.',
    'zip-damaged': 'L’archive ZIP est endommagée ou incomplète. Copiez-la ou téléchargez-la de nouveau.',
    'zip-crc':
      'La somme de contrôle de ce fichier dans le ZIP est fausse. Copiez ou téléchargez de nouveau le ZIP.',
    'zip-encrypted': 'Protégé par un mot de passe. Décompressez d’abord le ZIP, puis importez le dossier.',
    'zip-compression':
      'Cette compression n’est pas lue ici. Décompressez d’abord le ZIP, puis importez le dossier.',
    'zip-bomb': 'Le ZIP grossirait bien au-delà de tout jeu d’images. Il n’a pas été ouvert.',
    'zip-entry-bomb': 'Ce fichier grossirait bien au-delà de toute image. Il n’a pas été décompressé.',
    'zip-entries': 'Le ZIP contient plus de fichiers qu’on n’en lit à la fois. Divisez-le.',
    'zip-nesting': 'Un ZIP dans un ZIP dans un ZIP n’est pas ouvert. Décompressez-le d’abord.',
    'unsafe-path': 'Le nom de ce fichier désigne un endroit hors de son dossier. Il n’a pas été lu.',
    'symbolic-link': 'Un lien vers un autre fichier, pas un fichier. Il n’a pas été lu.',
    'duplicate-name': 'Un fichier du même nom le précède dans ce ZIP. Seul le premier a été lu.',
    'directory-damaged':
      'Le sommaire du disque est illisible. Tous les fichiers ont quand même été examinés.',
    'directory-missing':
      'Le sommaire du disque nomme ce fichier, mais il n’est pas venu. Apportez le disque entier.',
    'not-sent': 'Le fichier a été annoncé mais n’est jamais arrivé. Choisissez-le de nouveau.',
    'storage-full': 'Le stockage est plein. Libérez de la place, puis réessayez.',
    unavailable: 'Le serveur n’a pas pu l’ouvrir pour l’instant. Réessayez.',
  },
  es: {
    truncated: 'El archivo termina antes que la imagen. Cópielo otra vez del disco o del equipo.',
    'missing-attribute': 'El archivo no dice de qué estudio, serie o imagen se trata. Expórtelo de nuevo.',
    'bad-uid': 'El archivo nombra su estudio, serie o imagen de una forma no permitida. Expórtelo de nuevo.',
    'transfer-syntax': 'No se puede saber cómo está escrito el archivo. Expórtelo de nuevo.',
    structure: 'El archivo está dañado por dentro. Cópielo otra vez del disco o del equipo.',
    inflate: 'La parte comprimida del archivo está dañada. Cópielo otra vez.',
    'zip-damaged': 'El archivo ZIP está dañado o incompleto. Cópielo o descárguelo otra vez.',
    'zip-crc':
      'La suma de control de este archivo en el ZIP es incorrecta. Copie o descargue otra vez el ZIP.',
    'zip-encrypted': 'Protegido con contraseña. Descomprima primero el ZIP y luego importe la carpeta.',
    'zip-compression':
      'Esta compresión no se lee aquí. Descomprima primero el ZIP y luego importe la carpeta.',
    'zip-bomb': 'El ZIP crecería mucho más que cualquier conjunto de imágenes. No se abrió.',
    'zip-entry-bomb': 'Este archivo crecería mucho más que cualquier imagen. No se descomprimió.',
    'zip-entries': 'El ZIP contiene más archivos de los que se leen de una vez. Divídalo.',
    'zip-nesting': 'Un ZIP dentro de un ZIP dentro de un ZIP no se abre. Descomprímalo primero.',
    'unsafe-path': 'El nombre de este archivo apunta fuera de su carpeta. No se leyó.',
    'symbolic-link': 'Un enlace a otro archivo, no un archivo. No se leyó.',
    'duplicate-name': 'Antes hay un archivo con el mismo nombre en este ZIP. Solo se leyó el primero.',
    'directory-damaged': 'El índice del disco no se puede leer. Aun así se revisaron todos los archivos.',
    'directory-missing': 'El índice del disco nombra este archivo, pero no llegó. Traiga el disco entero.',
    'not-sent': 'El archivo se anunció pero nunca llegó. Elíjalo otra vez.',
    'storage-full': 'El almacenamiento está lleno. Libere espacio y reintente.',
    unavailable: 'El servidor no pudo abrirlo por ahora. Reintente.',
  },
});
