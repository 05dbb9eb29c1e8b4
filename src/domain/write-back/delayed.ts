/** How the message of an operation says, before the reason, that Git does not take a write now. */
export const cannotWriteNow = 'Git cannot be written now and is tried again';
