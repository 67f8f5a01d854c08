/** Limits that people meet on the screen and peers meet on the wire. */

/** The longest message, in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 8000;

/** The longest name of a person, in bytes of UTF-8. */
export const MAX_NAME_BYTES = 32;

/** The longest name of a group, in bytes of UTF-8. */
export const MAX_GROUP_NAME_BYTES = 96;

/** The largest picture of a group: it travels in one entry. */
export const MAX_PICTURE_BYTES = 8_192;

/** The longest backup that is read: the whole of it is in memory. */
export const MAX_BACKUP_BYTES = 512 * 1024 * 1024;
/** Of one end of a link that is set up by hand: packed, so that it fits a code that cameras read easily. */
export const MAX_DESCRIPTION_BYTES = 320;
